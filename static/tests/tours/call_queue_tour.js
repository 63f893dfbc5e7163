import {rpc} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";

import {checkFits, seeCard} from "./tour_checks";

const tours = registry.category("web_tour.tours");
const TARGETS =
    ".o_estate_outcome, .o_estate_call_card_dial .btn, .o_estate_call_queue_toggle";

tours.add("estate_call_no_answer", {
    steps: () => [
        seeCard("Olga First"),
        checkFits(TARGETS),
        {
            content: "one click is all",
            trigger: ".o_estate_outcome[data-code=no_answer]",
            run: "click",
        },
        {
            content: "what was planned is told",
            trigger: ".o_notification:contains(Olga First):contains(Next call)",
        },
        seeCard("Otto Second"),
    ],
});

tours.add("estate_call_keys", {
    steps: () => [
        seeCard("Olga First"),
        {
            content: "N goes to the next card without an outcome",
            trigger: ".o_estate_call_queue",
            run: "press n",
        },
        seeCard("Otto Second"),
        {
            content: "/ goes to the note",
            trigger: ".o_estate_call_queue",
            run: "press /",
        },
        {
            content: "a digit in the note is a digit",
            trigger: ".o_estate_call_note:focus",
            run: "edit Rings back at 2",
        },
        {
            trigger: ".o_estate_call_note:focus",
            run: "press Escape",
        },
        {
            content: "one key is all",
            trigger: ".o_estate_call_queue:not(:has(.o_estate_call_note:focus))",
            run: "press 2",
        },
        {
            trigger: ".o_notification:contains(Otto Second):contains(Busy)",
        },
        seeCard("Olga First"),
    ],
});

tours.add("estate_call_agreed", {
    steps: () => [
        seeCard("Olga First"),
        {
            content: "the card says what to ask for",
            trigger: ".o_estate_property .alert-warning:contains(Living area)",
        },
        {
            trigger: ".o_estate_call_note",
            run: "edit Wants to sell by summer",
        },
        {
            trigger: ".o_estate_outcome[data-code=agreed]",
            run: "click",
        },
        {
            content: "the property card asks for what is missing",
            trigger: ".modal [name=living_area] input",
            run: "edit 62 && press Tab",
        },
        {
            trigger: ".modal button[name=action_finish]",
            run: "click",
        },
        {
            content: "who takes over is told",
            trigger: ".o_notification:contains(Olga First):contains(takes over)",
        },
        seeCard("Otto Second"),
    ],
});

tours.add("estate_call_card_kept_open", {
    steps: () => [
        seeCard("Olga First"),
        {
            trigger: ".o_estate_outcome[data-code=agreed]",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_keep_open]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        seeCard("Olga First"),
    ],
});

tours.add("estate_call_noted_elsewhere", {
    steps: () => [
        seeCard("Olga First"),
        {
            content: "another tab notes the same call",
            trigger: ".o_estate_call_card",
            async run() {
                const id = Number(this.anchor.dataset.leadId);
                await rpc("/web/dataset/call_kw/crm.lead/action_call_outcome", {
                    model: "crm.lead",
                    method: "action_call_outcome",
                    args: [[id], "no_answer"],
                    kwargs: {},
                });
            },
        },
        {
            trigger: ".o_estate_outcome[data-code=busy]",
            run: "click",
        },
        {
            content: "the refusal says who noted it",
            trigger: ".o_notification:contains(already noted)",
        },
        seeCard("Otto Second"),
    ],
});

tours.add("estate_call_queue_empty", {
    steps: () => [
        {
            trigger: ".o_estate_call_queue_empty:contains(All calls are made)",
        },
        {
            trigger: ".o_estate_call_queue_empty strong",
        },
        checkFits(".o_estate_call_queue_empty .btn"),
    ],
});

tours.add("estate_call_queue_list", {
    steps: () => [
        seeCard("Olga First"),
        {
            isActive: ["mobile"],
            trigger: ".o_estate_call_queue_toggle:contains(2)",
            run: "click",
        },
        checkFits(".o_estate_call_list_item"),
        {
            trigger: ".o_estate_call_list_item:contains(Otto Second)",
            run: "click",
        },
        seeCard("Otto Second"),
    ],
});
