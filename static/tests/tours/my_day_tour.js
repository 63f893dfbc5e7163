import {registry} from "@web/core/registry";

import {checkFits, seeCard} from "./tour_checks";

const tours = registry.category("web_tour.tours");

tours.add("estate_my_day_operator", {
    steps: () => [
        {
            content: "an operator sees his calls first",
            trigger: ".o_estate_box:first-child[data-box=calls]",
        },
        {
            trigger: "[data-box=calls] .o_estate_box_count:contains(2)",
        },
        checkFits(".o_estate_box button"),
        {
            trigger: ".o_estate_start_calling",
            run: "click",
        },
        seeCard("Olga First"),
    ],
});

tours.add("estate_my_day_number", {
    steps: () => [
        {
            trigger: "[data-box=calls] .o_estate_box_count:contains(2)",
            run: "click",
        },
        {
            content: "the number opens exactly these two",
            trigger: ".o_list_view, .o_kanban_view",
        },
        {
            trigger:
                ".o_action_manager:not(:has(.o_data_row:eq(2))):has(:contains(Olga First)):has(:contains(Otto Second))",
        },
        {
            content: "the small box stands here, too, and says the same",
            trigger: ".o_estate_my_day_systray",
            run: "click",
        },
        checkFits(".o_estate_box_line"),
        {
            trigger:
                ".o_estate_my_day_menu:has([data-box=calls] .o_estate_box_count:contains(2)) .o_estate_open_my_day",
            run: "click",
        },
        {
            trigger: ".o_estate_my_day [data-box=calls]",
        },
    ],
});

tours.add("estate_my_day_agent", {
    steps: () => [
        {
            content: "an agent sees his viewings first",
            trigger: ".o_estate_box:first-child[data-box=viewings]",
        },
        checkFits(".o_estate_box button"),
        {
            content: "a past viewing asks how it went",
            trigger: ".o_estate_viewing:contains(Sam Seeker) .o_estate_done",
            run: "click",
        },
        {
            trigger: ".modal [name=feedback] textarea",
            run: "edit They liked the light",
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            trigger: ".o_estate_viewing[data-state=done]:contains(Sam Seeker)",
        },
        {
            content: "who did not come is noted with one click",
            trigger: ".o_estate_viewing:contains(Nora Noshow) .o_estate_no_show",
            run: "click",
        },
        {
            trigger: ".o_estate_viewing[data-state=no_show]:contains(Nora Noshow)",
        },
        {
            content: "a viewing to come asks for nothing",
            trigger:
                ".o_estate_viewing:contains(Vera Visitor):not(:has(.o_estate_done))",
        },
    ],
});
