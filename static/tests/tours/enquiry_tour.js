import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

import {checkFits} from "./tour_checks";

const tours = registry.category("web_tour.tours");

function openEnquiry(name) {
    return [
        {
            trigger: `[data-box=enquiries] .o_estate_box_row:contains(${name})`,
            run: "click",
        },
        {
            content: "the enquiry is open",
            trigger: `.o_form_view [name=partner_id] input:value(${name})`,
        },
    ];
}

tours.add("estate_enquiry_answer", {
    steps: () => [
        checkFits(".o_estate_box button"),
        ...openEnquiry("Sam Seeker"),
        ...stepUtils.statusbarButtonsSteps("Answer", "one click opens the answer"),
        {
            trigger: ".modal .o_mail_send:enabled",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "the enquiry is answered, also in the browser",
            trigger: ".o_form_view .o-mail-Message",
        },
    ],
});

tours.add("estate_plan_viewing", {
    steps: () => [
        ...openEnquiry("Sam Seeker"),
        ...stepUtils.statusbarButtonsSteps(
            "Plan a viewing",
            "property and seeker are known"
        ),
        {
            trigger: ".modal .o_field_widget[name=property_id] input:value(Apartment)",
        },
        {
            content: "the agent's next free time is offered",
            trigger: ".modal .o_field_widget[name=start] button:contains(/[0-9]/)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=start] input",
            run: "edit 12/24/2035 10:00:00 && press Enter",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        checkFits(".o_form_view"),
    ],
});
