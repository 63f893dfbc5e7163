import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function seeStep(code, isDone) {
    return {
        content: `step ${code}`,
        trigger: `[data-box=onboarding] [data-step=${code}][data-done=${isDone}]`,
    };
}

tours.add("estate_onboarding_first_lead", {
    steps: () => [
        {
            content: "a director begins with his first steps",
            trigger: ".o_estate_box:first-child[data-box=onboarding]",
        },
        seeStep("office", true),
        seeStep("listing", false),
        {
            trigger: "[data-step=listing] button",
            run: "click",
        },
        {
            trigger: "[name=deal_type] .o_radio_item:contains(Sale) input",
            run: "click",
        },
        {
            trigger: "[name=deal_type] .o_radio_item:contains(Sale) input:checked",
        },
        {
            trigger: "[name=type_id] input",
            run: "edit Apartment",
        },
        {
            trigger: ".dropdown-menu li a:contains(Apartment):not(:has(.fa-spin))",
            run: "click",
        },
        {
            trigger: "[name=street] input",
            run: "edit Dlouhá 7",
        },
        {
            trigger: "[name=city] input",
            run: "edit Praha",
        },
        {
            trigger: "[name=owner_ids] input",
            run: "edit Olga First",
        },
        {
            trigger: ".dropdown-menu li a:contains(Olga First):not(:has(.fa-spin))",
            run: "click",
        },
        {
            trigger: "button[name=action_checked]",
            run: "click",
        },
        {
            content: "its acquisition has begun",
            trigger: ".o_arrow_button_current:contains(Acquisition)",
        },
    ],
});
