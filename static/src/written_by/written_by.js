import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Tells by an icon whether the system or a person wrote a line of the journal. */
export class WrittenBy extends Component {
    static template = "crm_real_estate.WrittenBy";
    static props = {...standardFieldProps};

    get isAutomatic() {
        return this.props.record.data[this.props.name];
    }

    get title() {
        return this.isAutomatic ? _t("By the system") : _t("By hand");
    }
}

registry.category("fields").add("estate_written_by", {
    component: WrittenBy,
    displayName: _t("Who wrote it"),
    supportedTypes: ["boolean"],
});
