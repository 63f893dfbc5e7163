import {AreaEditor} from "@crm_real_estate/area_map/area_editor";
import {
    findPart,
    getBounds,
    insertPoint,
    movePoint,
    project,
    readGeoJson,
    removePoint,
    removeRing,
    ringContains,
    toGeoJson,
    unproject,
} from "@crm_real_estate/area_map/area_geometry";
import {AreaMap} from "@crm_real_estate/area_map/area_map";
import {Viewport} from "@crm_real_estate/area_map/viewport";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {click, press} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {reactive} from "@odoo/owl";
import {mountWithCleanup, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {assets} from "@web/core/assets";
import {session} from "@web/session";

defineMailModels();

const SQUARE = [
    [14, 50],
    [15, 50],
    [15, 51],
    [14, 51],
];
const HOLE = [
    [14.4, 50.4],
    [14.6, 50.4],
    [14.5, 50.6],
];
const FAR = SQUARE.map(([x, y]) => [x + 5, y]);

function close(ring) {
    return [...ring, ring[0]];
}

function rounded(numbers, digits = 6) {
    return numbers.map((number) => Number(number.toFixed(digits)));
}

// === GEOMETRY ===

test("GeoJSON is read without its closing points and written with them", () => {
    const area = {type: "Polygon", coordinates: [close(SQUARE), close(HOLE)]};
    const parts = readGeoJson(area);
    expect(parts).toEqual([[SQUARE, HOLE]]);
    expect(toGeoJson(parts)).toEqual(area);
});

test("several parts are a MultiPolygon, none is nothing", () => {
    const area = {type: "MultiPolygon", coordinates: [[close(SQUARE)], [close(FAR)]]};
    expect(readGeoJson(area)).toEqual([[SQUARE], [FAR]]);
    expect(toGeoJson([[SQUARE], [FAR]])).toEqual(area);
    expect(toGeoJson([])).toBe(false);
    expect(readGeoJson(false)).toEqual([]);
});

test("a file with features and open lines gives parts, other things none", () => {
    const feature = (geometry) => ({type: "Feature", properties: {}, geometry});
    const file = JSON.stringify({
        type: "FeatureCollection",
        features: [
            feature({type: "Polygon", coordinates: [SQUARE]}),
            feature({type: "Point", coordinates: [14, 50]}),
            feature({type: "Polygon", coordinates: [[[1, 2, 300], ...HOLE]]}),
        ],
    });
    expect(readGeoJson(file)).toEqual([[SQUARE], [[[1, 2], ...HOLE]]]);
    expect(readGeoJson('{"name": "no map"}')).toEqual([]);
    expect(() => readGeoJson("no map")).toThrow();
    expect(() => readGeoJson({type: "Polygon", coordinates: [[["a"]]]})).toThrow();
});

test("what is projected comes back", () => {
    for (const position of [
        [14.4213, 50.0875],
        [-179.9, -84],
        [0, 0],
    ]) {
        expect(unproject(project(position))).toEqual(position);
    }
});

test("a position lies inside of a ring or not", () => {
    expect(ringContains(SQUARE, [14.5, 50.5])).toBe(true);
    expect(ringContains(SQUARE, [15.5, 50.5])).toBe(false);
    expect(findPart([[FAR], [SQUARE]], [14.5, 50.5])).toBe(1);
    expect(findPart([[FAR], [SQUARE]], [1, 1])).toBe(-1);
    expect(getBounds(SQUARE)).toEqual({west: 14, south: 50, east: 15, north: 51});
    expect(getBounds([])).toBe(null);
});

test("points are moved, added and removed in copies", () => {
    const parts = [[SQUARE, HOLE]];
    const place = {part: 0, ring: 0, point: 1};
    expect(movePoint(parts, place, [16, 50])[0][0][1]).toEqual([16, 50]);
    expect(insertPoint(parts, place, [16, 50.5])[0][0][2]).toEqual([16, 50.5]);
    expect(removePoint(parts, place)[0][0]).toHaveLength(3);
    expect(parts).toEqual([[SQUARE, HOLE]]);
});

test("a ring with too few points goes, an outline with its holes", () => {
    const parts = [[SQUARE, HOLE], [FAR]];
    expect(removePoint(parts, {part: 0, ring: 1, point: 0})).toEqual([[SQUARE], [FAR]]);
    expect(removeRing(parts, {part: 0, ring: 1})).toEqual([[SQUARE], [FAR]]);
    expect(removeRing(parts, {part: 0, ring: 0})).toEqual([[FAR]]);
});

// === VIEWPORT ===

test("what is fitted lies on the screen, pixels lead back to positions", () => {
    const view = new Viewport(600, 400);
    view.fit(SQUARE);
    for (const position of SQUARE) {
        const [x, y] = view.toScreen(position);
        expect(x >= 0 && x <= 600 && y >= 0 && y <= 400).toBe(true);
        expect(rounded(view.toPosition([x, y]), 5)).toEqual(position);
    }
    expect(view.sees(getBounds(SQUARE))).toBe(true);
    expect(view.sees(getBounds(FAR))).toBe(false);
});

test("zooming keeps the place under the pointer", () => {
    const view = new Viewport(600, 400);
    view.fit(SQUARE);
    const before = view.toPosition([100, 50]);
    view.zoom(3, [100, 50]);
    expect(rounded(view.toPosition([100, 50]), 5)).toEqual(rounded(before, 5));
});

test("the grid has a few lines at round degrees", () => {
    const view = new Viewport(600, 400);
    view.fit(SQUARE);
    const labels = view.getGrid().map(({label}) => label);
    expect(labels).toInclude("14°");
    expect(labels.length).toBeLessThan(20);
});

// === EDITOR ===

test("a drawn line becomes a part, inside of a part a hole", () => {
    const editor = new AreaEditor();
    editor.startDraft("part");
    SQUARE.forEach((position) => editor.addToDraft(position));
    expect(editor.finishDraft()).toBe(true);
    editor.startDraft("hole");
    HOLE.forEach((position) => editor.addToDraft(position));
    expect(editor.finishDraft()).toBe(true);
    expect(editor.parts).toEqual([[SQUARE, HOLE]]);
});

test("a hole outside of all parts is not taken", () => {
    const editor = new AreaEditor([[FAR]]);
    editor.startDraft("hole");
    HOLE.forEach((position) => editor.addToDraft(position));
    expect(editor.finishDraft()).toBe(false);
    expect(editor.draft).toHaveLength(3);
});

test("each step is taken back and done again, a movement at once", () => {
    const editor = new AreaEditor([[SQUARE]]);
    editor.select({part: 0, ring: 0, point: 1});
    editor.moveSelected([16, 50]);
    editor.moveSelected([17, 50], true);
    editor.insertAfter({part: 0, ring: 0, point: 1}, [17, 50.5]);
    expect(editor.parts[0][0]).toHaveLength(5);
    editor.undo();
    expect(editor.parts[0][0][1]).toEqual([17, 50]);
    editor.undo();
    expect(editor.parts).toEqual([[SQUARE]]);
    expect(editor.canUndo).toBe(false);
    editor.redo();
    expect(editor.parts[0][0][1]).toEqual([17, 50]);
    editor.change([[FAR]]);
    expect(editor.canRedo).toBe(false);
});

test("while a line is drawn its last point is taken back", () => {
    const editor = new AreaEditor();
    editor.startDraft("part");
    editor.addToDraft([14, 50]);
    editor.addToDraft([14, 50]);
    expect(editor.draft).toHaveLength(1);
    editor.undo();
    expect(editor.draft).toHaveLength(0);
    expect(editor.canUndo).toBe(false);
});

test("all points are reached one after the other", () => {
    const editor = new AreaEditor([[SQUARE, HOLE]]);
    editor.selectNext(-1);
    expect(editor.selected).toEqual({part: 0, ring: 1, point: 2});
    editor.selectNext(1);
    expect(editor.selected).toEqual({part: 0, ring: 0, point: 0});
    editor.selectNext(1);
    expect(editor.selected).toEqual({part: 0, ring: 0, point: 1});
});

// === MAP ===

test("an area is drawn by keys alone", async () => {
    const editor = reactive(new AreaEditor());
    editor.startDraft("part");
    await mountWithCleanup(AreaMap, {
        props: {editor, label: "Area", onChange: () => expect.step("changed")},
    });
    await click("svg");
    for (const key of ["ArrowRight", "ArrowDown", "ArrowLeft"]) {
        await press(key);
        await press(" ");
    }
    await press("Enter");
    await animationFrame();
    expect(editor.parts).toHaveLength(1);
    expect(editor.draft).toBe(null);
    expect.verifySteps(["changed"]);
    expect(".o_estate_area_map_part").toHaveCount(1);

    await press("n");
    await press("Delete");
    await animationFrame();
    expect(".o_estate_area_map_handle").toHaveCount(editor.places.length);
    expect.verifySteps(["changed"]);
    await press(["ctrl", "z"]);
    expect(editor.parts).toHaveLength(1);
    expect.verifySteps(["changed"]);
});

test("a map without an editor shows and changes nothing", async () => {
    await mountWithCleanup(AreaMap, {
        props: {parts: [[SQUARE]], mark: [14.5, 50.5], label: "Area"},
    });
    await animationFrame();
    expect(".o_estate_area_map_part").toHaveCount(1);
    expect(".o_estate_area_map_mark").toHaveCount(1);
    expect(".o_estate_area_map_handle").toHaveCount(0);
    await click("svg");
    await press("Delete");
    expect(".o_estate_area_map_part").toHaveCount(1);
});

test("pictures of a map lie under the area and follow it", async () => {
    const told = [];
    const stub = {
        map: () => ({
            invalidateSize() {},
            remove: () => expect.step("removed"),
            setView: (center, zoom) => told.push([...center, zoom]),
        }),
        tileLayer: (address) => ({addTo: () => expect.step(address)}),
    };
    patchWithCleanup(window, {L: stub});
    patchWithCleanup(assets, {
        loadCSS: (url) => Promise.resolve(expect.step(url)),
        loadJS: (url) => Promise.resolve(expect.step(url)),
    });
    patchWithCleanup(session, {
        estate_map: {tiles: "/tiles/{z}/{x}/{y}.png", attribution: "Map makers"},
    });
    const map = await mountWithCleanup(AreaMap, {
        props: {parts: [[SQUARE]], label: "Area"},
    });
    await animationFrame();
    expect.verifySteps([
        "/crm_real_estate/static/lib/leaflet/leaflet.css",
        "/crm_real_estate/static/lib/leaflet/leaflet.js",
        "/tiles/{z}/{x}/{y}.png",
    ]);
    expect(".o_estate_area_map_status").toHaveText(/Map makers/);
    const [latitude, longitude, zoom] = told.at(-1);
    const {view} = map;
    const middle = view.toScreen([longitude, latitude]);
    expect(rounded(middle, 1)).toEqual(rounded([view.width / 2, view.height / 2], 1));
    expect(2 ** zoom * 256).toBeCloseTo(view.scale);

    await click(".o_estate_area_map_zoom button:first");
    await animationFrame();
    expect(2 ** (told.at(-1)[2] - zoom)).toBeCloseTo(1.5);
    map.__owl__.app.destroy();
    expect.verifySteps(["removed"]);
});

test("a map without a provider fetches nothing", async () => {
    patchWithCleanup(assets, {loadJS: (url) => Promise.reject(new Error(url))});
    await mountWithCleanup(AreaMap, {props: {parts: [[SQUARE]], label: "Area"}});
    await animationFrame();
    expect(".o_estate_area_map_tiles").toHaveCount(0);
    expect(".o_estate_area_map_part").toHaveCount(1);
});
