import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Free times of agent and property: one click sets the start of the viewing. */
export class FreeSlots extends Component {
    static template = "crm_real_estate.FreeSlots";
    static props = {...standardFieldProps};

    get slots() {
        const start = this.props.record.data.start;
        return (this.props.record.data[this.props.name] || []).map((slot) => {
            const moment = deserializeDateTime(slot.start);
            const isChosen = Boolean(start) && start.toMillis() === moment.toMillis();
            return {...slot, moment, isChosen};
        });
    }

    choose(slot) {
        // Without a stop of its own the viewing takes its usual length.
        this.props.record.update({start: slot.moment, stop: false});
    }
}

registry.category("fields").add("estate_free_slots", {
    component: FreeSlots,
    displayName: _t("Free times"),
    supportedTypes: ["json", "jsonb"],
    fieldDependencies: [
        {name: "start", type: "datetime"},
        {name: "stop", type: "datetime"},
    ],
});
