import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {formatMonetary} from "@web/views/fields/formatters";

/**
 * Returns the price as a person says it: without cents where there are none.
 *
 * @param {{ price: number, currency_id: number, deal_type: string }} property
 * @returns {string} empty when the price is not known
 */
export function formatPrice(property) {
    if (!property.price) {
        return "";
    }
    const price = formatMonetary(property.price, {
        currencyId: property.currency_id,
        trailingZeros: false,
    });
    return property.deal_type === "rent" ? _t("%(price)s a month", {price}) : price;
}

/**
 * Returns what is known of a property's kind and size, one short text each.
 *
 * @param {Object} property as the server prepares it for a card
 * @returns {string[]}
 */
export function getPropertyFacts(property) {
    const number = (value) =>
        formatFloat(value, {digits: [0, 2], trailingZeros: false});
    const deals = {sale: _t("For sale"), rent: _t("To let")};
    return [
        deals[property.deal_type],
        property.type,
        property.living_area && _t("%(area)s m²", {area: number(property.living_area)}),
        property.plot_area &&
            _t("Plot %(area)s m²", {area: number(property.plot_area)}),
        property.room_count &&
            _t("%(count)s rooms", {count: number(property.room_count)}),
        property.floor && _t("Floor %(floor)s", {floor: property.floor}),
    ].filter(Boolean);
}
