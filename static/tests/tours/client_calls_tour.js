import {registry} from "@web/core/registry";

import {checkFits} from "./tour_checks";

const tours = registry.category("web_tour.tours");

tours.add("estate_client_calls", {
    steps: () => [
        {
            content: "the number that the telephone sent is looked up at once",
            trigger: ".o_estate_hit[data-kind=agency]:contains(Morava Estates)",
        },
        {
            content: "another agency is unmistakable",
            trigger: ".o_estate_hit_kind:contains(Another agency)",
        },
        checkFits(".o_estate_client_calls_body button, .o_estate_client_calls_body a"),
        {
            content: "escape empties the box",
            trigger: ".o_estate_caller_box",
            run: "press Escape",
        },
        {
            trigger: ".o_estate_client_calls:not(:has(.o_estate_hit))",
        },
        {
            content: "a part of the name in another script finds both",
            trigger: ".o_estate_caller_box",
            run: "edit Дворжак",
        },
        {
            trigger: ".o_estate_hit:contains(Jan Dvořák)",
        },
        {
            trigger: ".o_estate_hit_last:contains(Wants a balcony)",
        },
        checkFits(".o_estate_client_calls_body button, .o_estate_client_calls_body a"),
        {
            trigger: ".o_estate_caller_box",
            run: "press ArrowDown",
        },
        {
            content: "the second one is marked",
            trigger: "li:nth-child(2) .o_estate_hit_marked",
        },
        {
            content: "nobody is found: everything typed is in the new form",
            trigger: ".o_estate_caller_box",
            run: "edit eva malá 602 333 444 eva@example.com",
        },
        {
            trigger: ".o_estate_caller_nobody:contains(Eva Malá · +420 602 333 444)",
        },
        {
            trigger: ".o_estate_caller_box",
            run: "press Enter",
        },
        {
            trigger:
                ".o_form_view [name=name] textarea, .o_form_view [name=name] input",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "the keys open the desk from every screen",
            trigger: ".o_form_saved",
            run: "press Alt+Shift+K",
        },
        {
            trigger: ".o_estate_client_calls .o_estate_caller_box",
        },
    ],
});
