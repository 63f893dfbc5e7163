import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const DIALOG = ".modal .o_form_renderer";

/**
 * Returns the steps that build a rule for new records with one action of ours.
 *
 * @param {Object} rule
 * @param {String} rule.model technical name of the model
 * @param {String} rule.label what the list of models shows for it
 * @param {String} rule.state type of the action
 * @param {Array} rule.details steps in the dialog of the action
 */
function buildRule({model, label, state, details}) {
    return [
        {
            content: "name the rule",
            trigger: ".o_form_renderer .oe_title .o_input",
            run: `edit Rule of an admin`,
        },
        {
            content: "look for the model",
            trigger: '.o_form_renderer div[name="model_id"] input',
            run: `edit ${model}`,
        },
        {
            content: "choose the model",
            trigger: `.dropdown-menu li a:contains(${label}):not(:has(.fa-spin))`,
            run: "click",
        },
        {
            content: "open the triggers",
            trigger: ".o_form_renderer #trigger_0",
            run: "click",
        },
        {
            content: "those of the model are there (a choice made before is lost)",
            trigger: ".o_select_menu_item:contains(/is set$|archived$/)",
        },
        {
            content: "new records set it off",
            trigger: ".o_select_menu_item:contains(/^On create$/)",
            run: "click",
        },
        {
            content: "the trigger is chosen",
            trigger: ".o_form_renderer #trigger_0:value(/^On create$/)",
        },
        {
            content: "add an action",
            trigger: '.o_form_renderer div[name="action_server_ids"] button',
            run: "click",
        },
        {
            content: "of our type",
            trigger: `${DIALOG} [name='state'] span[value*='${state}']`,
            run: "click",
        },
        ...details,
        {
            content: "keep the action",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "keep the rule",
            trigger: "body:not(:has(.modal)) .o_form_button_save",
            run: "click",
        },
        {
            content: "the rule is saved",
            trigger: ".o_form_saved",
            // The server hooks a new rule into its models first.
            timeout: 20000,
        },
    ];
}

tours.add("estate_rule_distribute", {
    steps: () =>
        buildRule({
            model: "crm.lead",
            label: "Lead",
            state: "estate_distribute",
            details: [
                {
                    content: "choose the step",
                    trigger: `${DIALOG} [name='estate_step'] .o_radio_item:contains(First call) input`,
                    run: "click",
                },
            ],
        }),
});

tours.add("estate_rule_move_phase", {
    steps: () =>
        buildRule({
            model: "crm.lead",
            label: "Lead",
            state: "estate_move_phase",
            details: [
                {
                    content: "look for a phase",
                    trigger: `${DIALOG} [name='estate_stage_ids'] input`,
                    run: "edit Negotiation",
                },
                {
                    content: "choose it",
                    trigger:
                        ".dropdown-menu li a:contains(Negotiation):not(:has(.fa-spin))",
                    run: "click",
                },
            ],
        }),
});

tours.add("estate_rule_answer", {
    steps: () =>
        buildRule({
            model: "crm.lead",
            label: "Lead",
            state: "estate_answer",
            details: [],
        }),
});

tours.add("estate_rule_plan_call", {
    steps: () =>
        buildRule({
            model: "estate.call",
            label: "Call attempt",
            state: "estate_plan_call",
            details: [],
        }),
});

tours.add("estate_rule_announce", {
    steps: () =>
        buildRule({
            model: "crm.lead",
            label: "Lead",
            state: "estate_announce",
            details: [],
        }),
});

tours.add("estate_rule_take_back", {
    steps: () =>
        buildRule({
            model: "estate.call",
            label: "Call attempt",
            state: "estate_take_back",
            details: [],
        }),
});

tours.add("estate_rule_alert", {
    steps: () =>
        buildRule({
            model: "crm.lead",
            label: "Lead",
            state: "estate_alert",
            details: [],
        }),
});

tours.add("estate_rule_send_report", {
    steps: () =>
        buildRule({
            model: "estate.property",
            label: "/^Property$/",
            state: "estate_send_report",
            details: [],
        }),
});
