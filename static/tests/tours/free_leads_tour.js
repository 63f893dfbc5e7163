import {registry} from "@web/core/registry";

import {checkFits} from "./tour_checks";

const CLAIM = "button[name=action_claim]";

registry.category("web_tour.tours").add("estate_claim_from_list", {
    steps: () => [
        {
            content: "the free object is there with its button",
            trigger: `.o_content:contains(Dlouhá 1) ${CLAIM}`,
        },
        checkFits(".o_content"),
        {
            content: "one click claims it",
            trigger: `.o_content ${CLAIM}`,
            run: "click",
        },
        {
            content: "the user reads until when it is his",
            trigger: ".o_notification:contains(It is yours)",
        },
        {
            content: "it is no longer free",
            trigger: ".o_view_nocontent:contains(Nothing is free)",
        },
    ],
});

registry.category("web_tour.tours").add("estate_claim_from_form", {
    steps: () => [
        {
            content: "the form of a free lead offers the claim",
            trigger: `.o_form_view ${CLAIM}`,
            run: "click",
        },
        {
            content: "the user reads until when it is his",
            trigger: ".o_notification:contains(It is yours)",
        },
        {
            content: "the button is gone, the lease is shown",
            trigger: `.o_form_view:not(:has(${CLAIM})) [name=lease_until]`,
        },
    ],
});
