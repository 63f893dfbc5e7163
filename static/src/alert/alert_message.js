import {markup} from "@odoo/owl";

/**
 * Returns what the window of an alert says; all texts are escaped.
 *
 * @param {Object} card
 * @param {String} card.contact
 * @param {String} card.phone
 * @param {String} card.about property or name of the enquiry
 * @param {String} card.message
 */
export function AlertMessage({contact, phone, about, message}) {
    return markup`<div class="fw-bold">${contact}</div><div>${about}</div><div>${phone}</div><div class="text-muted">${message}</div>`;
}
