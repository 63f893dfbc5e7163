import {_t} from "@web/core/l10n/translation";
import {session} from "@web/session";
import {
    Component,
    onMounted,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";

import {getBounds} from "./area_geometry";
import {FAR, pressKey} from "./area_keys";
import {MapTiles} from "./map_tiles";
import {Viewport} from "./viewport";

// Pixels that a finger may move in a click.
const CLICK = 6;
// More handles would make the map slow: zoom in to get them.
const MOST_HANDLES = 400;

/**
 * A map: areas and points as SVG, by mouse, finger and keys, on a grid or on pictures.
 * With an editor its area can be drawn, without one it is only shown.
 */
export class AreaMap extends Component {
    static template = "crm_real_estate.AreaMap";
    static components = {MapTiles};
    static props = {
        // Parts that are shown when there is no editor.
        parts: {type: Array, optional: true},
        editor: {type: Object, optional: true},
        // For orientation: [{id, name, parts}] and positions.
        others: {type: Array, optional: true},
        points: {type: Array, optional: true},
        // A position that matters more than the others.
        mark: {type: Array, optional: true},
        label: String,
        // Shows everything again whenever this number changes.
        fitCount: {type: Number, optional: true},
        onChange: {type: Function, optional: true},
        onHoleOutside: {type: Function, optional: true},
    };
    static defaultProps = {
        parts: [],
        others: [],
        points: [],
        onChange: () => {},
        onHoleOutside: () => {},
    };

    setup() {
        this.svg = useRef("svg");
        // Address and makers of the pictures below; without them there is a grid.
        this.tiles = session.estate_map || null;
        this.view = useState(new Viewport());
        this.state = useState({pointer: null, cursor: null});
        this.pointers = new Map();
        const observer = new ResizeObserver(() => this.resize());
        onMounted(() => {
            observer.observe(this.svg.el);
            this.svg.el.addEventListener("wheel", this.onWheel.bind(this), {
                passive: false,
            });
        });
        onWillUnmount(() => observer.disconnect());
        // What there is for orientation comes later than the area.
        useEffect(
            () => this.resize(),
            () => [this.props.others, this.props.points]
        );
        useEffect(
            () => this.fit(),
            () => [this.props.fitCount, ...(this.props.mark || [])]
        );
    }

    // === WHAT IS SHOWN ===

    get editor() {
        return this.props.editor;
    }

    get parts() {
        return this.editor ? this.editor.parts : this.props.parts;
    }

    get shapes() {
        return this.parts.map((rings, part) => ({
            part,
            path: this.view.getPath(rings),
        }));
    }

    get others() {
        return this.props.others.flatMap(({id, name, parts}) =>
            parts
                .filter(([outline]) => this.view.sees(getBounds(outline)))
                .map((rings, part) => ({
                    key: `${id}-${part}`,
                    name,
                    path: this.view.getPath(rings),
                }))
        );
    }

    get points() {
        const {width, height} = this.view;
        return this.props.points
            .map((position) => this.view.toScreen(position))
            .filter(([x, y]) => x >= 0 && y >= 0 && x <= width && y <= height);
    }

    get mark() {
        return this.props.mark && this.view.toScreen(this.props.mark);
    }

    get draft() {
        const {draft} = this.editor || {};
        if (!draft) {
            return null;
        }
        const places = draft.map((position) => this.view.toScreen(position));
        const end = this.state.cursor || this.state.pointer;
        return {
            places,
            line: (end ? [...places, end] : places)
                .map((place) => place.join())
                .join(" "),
        };
    }

    /**
     * @returns {Array} the points on the screen, each with the middle of its line
     */
    get handles() {
        if (!this.editor || this.editor.draft) {
            return [];
        }
        const {width, height} = this.view;
        const handles = [];
        for (const place of this.editor.places) {
            const points = this.parts[place.part][place.ring];
            const [x, y] = this.view.toScreen(points[place.point]);
            if (x < 0 || y < 0 || x > width || y > height) {
                continue;
            }
            const next = this.view.toScreen(points[(place.point + 1) % points.length]);
            handles.push({
                key: `${place.part}-${place.ring}-${place.point}`,
                place,
                x,
                y,
                middle: [(x + next[0]) / 2, (y + next[1]) / 2],
                hasMiddle: Math.hypot(x - next[0], y - next[1]) > 4 * FAR,
                isSelected: this.isSelected(place),
            });
            if (handles.length > MOST_HANDLES) {
                return [];
            }
        }
        return handles;
    }

    isSelected({part, ring, point}) {
        const {selected} = this.editor;
        return (
            selected?.part === part &&
            selected.ring === ring &&
            selected.point === point
        );
    }

    get hint() {
        const {editor} = this;
        if (!editor) {
            return "";
        }
        if (editor.draft) {
            return editor.draftKind === "hole"
                ? _t("Click around the hole, then finish it.")
                : _t("Click around the area, then finish it.");
        }
        if (editor.selected) {
            return _t("Drag the point, move it by the arrow keys, or remove it.");
        }
        if (editor.parts.length && !this.handles.length) {
            return _t("Zoom in to change points.");
        }
        return editor.parts.length
            ? _t("Drag a point to move it, the middle of a line to add one.")
            : _t("Draw a part, or import a GeoJSON file.");
    }

    get coordinates() {
        const place = this.state.cursor || this.state.pointer;
        const position =
            this.editor?.getPosition(this.editor.selected) ||
            (place && this.view.toPosition(place));
        return position ? `${position[1].toFixed(5)}, ${position[0].toFixed(5)}` : "";
    }

    // === VIEW ===

    resize() {
        const {width, height} = this.svg.el.getBoundingClientRect();
        if (!width) {
            return;
        }
        Object.assign(this.view, {width, height});
        if (!this.isPlaced) {
            this.fit();
        }
    }

    /**
     * Shows the area; without one what there is for orientation.
     */
    fit() {
        const own = this.parts.flat(2);
        if (this.props.mark) {
            own.push(this.props.mark);
        }
        const others = this.props.others.flatMap(({parts}) => parts.flat(2));
        const all = [own, this.props.points, others].find((list) => list.length) || [];
        this.view.fit(all);
    }

    zoom(factor, place) {
        this.isPlaced = true;
        this.view.zoom(factor, place);
    }

    pan(right, down) {
        this.isPlaced = true;
        this.view.pan(right, down);
    }

    onWheel(ev) {
        // A page is scrolled over the map until the map is used.
        if (ev.ctrlKey || document.activeElement === this.svg.el) {
            ev.preventDefault();
            this.zoom(Math.exp(-ev.deltaY / 400), this.getPlace(ev));
        }
    }

    getPlace(ev) {
        const {left, top} = this.svg.el.getBoundingClientRect();
        return [ev.clientX - left, ev.clientY - top];
    }

    // === POINTERS ===

    onPointerDown(ev) {
        if (ev.button) {
            return;
        }
        this.isPlaced = true;
        this.svg.el.focus({preventScroll: true});
        this.svg.el.setPointerCapture?.(ev.pointerId);
        const place = this.getPlace(ev);
        this.pointers.set(ev.pointerId, place);
        this.state.cursor = null;
        this.gesture = {start: place, isMoved: this.pointers.size > 1};
        const handle = ev.target.closest("[data-handle]");
        if (handle && this.pointers.size === 1) {
            const [part, ring, point] = handle.dataset.handle.split("-").map(Number);
            this.takeHandle({part, ring, point}, "middle" in handle.dataset, place);
        }
    }

    takeHandle(place, isMiddle, screen) {
        if (isMiddle) {
            this.editor.insertAfter(place, this.view.toPosition(screen));
            this.props.onChange();
        } else {
            this.editor.select(place);
        }
        Object.assign(this.gesture, {isPoint: true, isSameStep: isMiddle});
    }

    onPointerMove(ev) {
        const place = this.getPlace(ev);
        this.state.pointer = ev.pointerType === "mouse" ? place : null;
        const before = this.pointers.get(ev.pointerId);
        if (!before) {
            return;
        }
        const {gesture} = this;
        const [x, y] = gesture.start;
        gesture.isMoved ||= Math.hypot(place[0] - x, place[1] - y) > CLICK;
        this.pointers.set(ev.pointerId, place);
        if (this.pointers.size === 2) {
            this.pinch(ev.pointerId, before, place);
        } else if (gesture.isMoved && gesture.isPoint) {
            this.editor.moveSelected(this.view.toPosition(place), gesture.isSameStep);
            gesture.isSameStep = true;
        } else if (gesture.isMoved) {
            this.pan(place[0] - before[0], place[1] - before[1]);
        }
    }

    pinch(pointerId, before, place) {
        const [, other] = [...this.pointers].find(([id]) => id !== pointerId);
        const distance = (one) => Math.hypot(one[0] - other[0], one[1] - other[1]) || 1;
        this.pan((place[0] - before[0]) / 2, (place[1] - before[1]) / 2);
        this.zoom(distance(place) / distance(before), other);
    }

    onPointerUp(ev) {
        if (!this.pointers.delete(ev.pointerId)) {
            return;
        }
        const {isMoved, isPoint} = this.gesture;
        if (isPoint && isMoved) {
            this.props.onChange();
        } else if (!isMoved && this.editor && !isPoint && ev.type === "pointerup") {
            this.click(this.getPlace(ev));
        }
        if (this.pointers.size) {
            this.gesture = {start: [0, 0], isMoved: true};
        }
    }

    click(place) {
        const {editor, draft} = this;
        if (!draft) {
            editor.select(null);
            return;
        }
        const [first] = draft.places;
        const isFirst =
            first && Math.hypot(first[0] - place[0], first[1] - place[1]) < FAR;
        if (isFirst && editor.canFinish) {
            this.finish();
        } else {
            editor.addToDraft(this.view.toPosition(place));
        }
    }

    finish() {
        if (this.editor.finishDraft()) {
            this.state.cursor = null;
            this.props.onChange();
        } else {
            this.props.onHoleOutside();
        }
    }

    // === KEYS ===

    onKeydown(ev) {
        if (pressKey(this, ev)) {
            ev.preventDefault();
            ev.stopPropagation();
        }
    }

    insertAfterSelected() {
        const place = this.editor.selected;
        const points = this.parts[place.part][place.ring];
        const [x1, y1] = this.view.toScreen(points[place.point]);
        const [x2, y2] = this.view.toScreen(points[(place.point + 1) % points.length]);
        const middle = this.view.toPosition([(x1 + x2) / 2, (y1 + y2) / 2]);
        this.editor.insertAfter(place, middle);
        this.props.onChange();
    }
}
