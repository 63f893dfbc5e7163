import {registry} from "@web/core/registry";

import {checkFits} from "./tour_checks";

const tours = registry.category("web_tour.tours");
const MAP = ".o_estate_area_map svg";

/**
 * @param {Element} map
 * @param {String} type of the event
 * @param {Number} x share of the width
 * @param {Number} y share of the height
 */
function point(map, type, x, y) {
    const {left, top, width, height} = map.getBoundingClientRect();
    const [clientX, clientY] = [left + x * width, top + y * height];
    const target = document.elementFromPoint(clientX, clientY) || map;
    target.dispatchEvent(
        new PointerEvent(type, {
            bubbles: true,
            pointerId: 1,
            pointerType: "mouse",
            clientX,
            clientY,
        })
    );
}

function clickAt(map, x, y) {
    point(map, "pointerdown", x, y);
    point(map, "pointerup", x, y);
}

tours.add("estate_draw_area", {
    steps: () => [
        {
            content: "the property is there for orientation, in the middle",
            trigger: ".o_estate_area_map_point",
        },
        {
            content: "the map comes into sight",
            trigger: MAP,
            run() {
                this.anchor.scrollIntoView({block: "center"});
            },
        },
        checkFits(".o_estate_area_field .btn"),
        {
            trigger: ".o_estate_area_draw",
            run: "click",
        },
        {
            content: "four clicks around the property",
            trigger: `${MAP}.o_estate_area_map_drawing`,
            run() {
                clickAt(this.anchor, 0.3, 0.3);
                clickAt(this.anchor, 0.7, 0.3);
                clickAt(this.anchor, 0.7, 0.7);
                clickAt(this.anchor, 0.3, 0.7);
            },
        },
        {
            trigger: ".o_estate_area_finish:enabled",
            run: "click",
        },
        {
            content: "a corner is dragged away",
            trigger: ".o_estate_area_map_handle",
            run() {
                const map = this.anchor.closest("svg");
                point(map, "pointerdown", 0.3, 0.3);
                point(map, "pointermove", 0.25, 0.25);
                point(map, "pointermove", 0.2, 0.2);
                point(map, "pointerup", 0.2, 0.2);
            },
        },
        {
            content: "it is selected, its degrees can be typed",
            trigger: ".o_estate_area_selected .o_estate_area_latitude",
        },
        {
            content: "a corner more is taken from the middle of a line, then undone",
            trigger: ".o_estate_area_map_middle",
            run() {
                const map = this.anchor.closest("svg");
                point(map, "pointerdown", 0.7, 0.5);
                point(map, "pointerup", 0.7, 0.5);
            },
        },
        {
            trigger: ".o_estate_area_map_handle.o_estate_area_map_selected",
            run() {
                if (
                    document.querySelectorAll(".o_estate_area_map_handle").length !== 5
                ) {
                    throw new Error("the line has no fifth point");
                }
            },
        },
        {
            trigger: ".o_estate_area_undo:enabled",
            run: "click",
        },
        {
            content: "back to four corners",
            trigger: `${MAP}:not(:has(.o_estate_area_map_selected))`,
            run() {
                if (
                    document.querySelectorAll(".o_estate_area_map_handle").length !== 4
                ) {
                    throw new Error("undo left the fifth point");
                }
            },
        },
        checkFits(".o_estate_area_field .btn"),
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "it is stored, and the property lies in it",
            trigger: ".o_form_saved .o_field_widget[name=property_count]:contains(1)",
        },
    ],
});

tours.add("estate_property_map", {
    steps: () => [
        {
            content: "the property says and shows its territory",
            trigger: ".o_field_widget[name=territory_ids]:contains(Drawn)",
        },
        {
            trigger:
                ".o_estate_property_map:has(.o_estate_area_map_mark):has(.o_estate_area_map_other)",
        },
    ],
});
