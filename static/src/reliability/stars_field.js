import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {Component} from "@odoo/owl";

const MOST_STARS = 5;

/** Shows a score of 0 to 100 as stars, the number in the tooltip; never editable. */
export class EstateStarsField extends Component {
    static template = "crm_real_estate.StarsField";
    static props = {...standardFieldProps};

    get score() {
        return this.props.record.data[this.props.name] || 0;
    }

    get stars() {
        const full = Math.floor(this.score / 20 + 0.5);
        return Array.from({length: MOST_STARS}, (_star, index) => index < full);
    }

    get label() {
        return _t("Reliability: %(score)s of 100", {
            score: this.score.toFixed(1),
        });
    }
}

registry.category("fields").add("estate_stars", {
    component: EstateStarsField,
    displayName: _t("Stars of reliability"),
    supportedTypes: ["float", "integer"],
});
