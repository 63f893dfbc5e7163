import {registry} from "@web/core/registry";
import {FloatField, floatField} from "@web/views/fields/float/float_field";
import {MonetaryField, monetaryField} from "@web/views/fields/monetary/monetary_field";

// In a search nought is no limit: nothing is shown, and nothing typed means nought.

class LimitField extends FloatField {
    get formattedValue() {
        return this.value ? super.formattedValue : "";
    }
}

class MonetaryLimitField extends MonetaryField {
    get formattedValue() {
        return this.value ? super.formattedValue : "";
    }

    get currencySymbol() {
        // Not a symbol beside nothing.
        return this.value || this.state?.value ? super.currencySymbol : "";
    }
}

registry
    .category("fields")
    .add("estate_limit", {...floatField, component: LimitField})
    .add("estate_monetary_limit", {...monetaryField, component: MonetaryLimitField});
