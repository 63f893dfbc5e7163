import {registry} from "@web/core/registry";

import {checkFits} from "./tour_checks";

const tours = registry.category("web_tour.tours");

tours.add("estate_response", {
    steps: () => [
        {
            content: "the box is added by its user",
            trigger: ".o_estate_add_box",
            run: "click",
        },
        {
            trigger: ".dropdown-item:contains(Response times)",
            run: "click",
        },
        {
            content: "one enquiry was received, and answered",
            trigger:
                "[data-box=response] .o_estate_response_answered:contains(1):contains(answered)",
        },
        checkFits("[data-box=response] button"),
        {
            content: "its criteria are set up",
            trigger: "[data-box=response] .o_estate_box_menu",
            run: "click",
        },
        {
            trigger: ".o_estate_box_set_up",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=hours] input",
            run: "edit 48",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "[data-box=response]:contains(In the last 48 hours)",
        },
        {
            content: "the report opens with figures and criteria",
            trigger: "[data-box=response] button:contains(Open the report)",
            run: "click",
        },
        {
            trigger: ".o_estate_response_time [name=criteria]:visible",
        },
        {
            trigger: ".o_estate_response_time button[name=action_show]",
            run: "click",
        },
        {
            content: "only the results are left, the criteria one click away",
            trigger:
                ".o_estate_response_time:not(:has([name=criteria])) button[name=action_unfold]",
        },
        checkFits(".o_estate_response_tiles > div"),
        {
            trigger:
                ".o_estate_response_time [name=detail_ids] button[name=action_open_lead]",
            run: "click",
        },
        {
            content: "a row opens its enquiry",
            trigger: ".o_form_view .o_statusbar_status",
        },
    ],
});
