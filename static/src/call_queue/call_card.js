import {_t} from "@web/core/l10n/translation";
import {Component} from "@odoo/owl";

import {formatMoment} from "../core/moments";
import {formatPrice, getPropertyFacts} from "../core/property_texts";

const ICONS = {
    no_answer: "fa-bell-slash-o text-warning",
    busy: "fa-hourglass-half text-warning",
    reached: "fa-comments-o text-info",
    agreed: "fa-handshake-o text-success",
    refused: "fa-thumbs-o-down text-danger",
    wrong_number: "fa-chain-broken text-danger",
    do_not_call: "fa-ban text-danger",
};

/**
 * Everything about the call that is made now, and the buttons that end it.
 */
export class CallCard extends Component {
    static template = "crm_real_estate.CallCard";
    static props = {
        card: Object,
        outcomes: Array,
        note: String,
        isPending: Boolean,
        isUserShown: Boolean,
        onNote: Function,
        onOutcome: Function,
        onSkip: Function,
        onOpen: Function,
    };

    setup() {
        this.formatMoment = formatMoment;
        this.formatPrice = formatPrice;
        this.getPropertyFacts = getPropertyFacts;
    }

    getIcon(code) {
        return ICONS[code] || "fa-phone";
    }

    get dialHref() {
        const {dial, phone} = this.props.card.contact;
        return `tel:${(dial || phone).replace(/[^\d+]/g, "")}`;
    }

    get whenText() {
        const {is_due: isDue, next_call_at: at} = this.props.card;
        const moment = formatMoment(at);
        return isDue
            ? _t("Due: %(moment)s", {moment})
            : _t("Planned: %(moment)s", {moment});
    }

    get attemptText() {
        const count = this.props.card.call_count;
        return count
            ? _t("Call no. %(number)s", {number: count + 1})
            : _t("First call");
    }

    onNoteKeydown(ev) {
        if (ev.key === "Escape") {
            ev.target.blur();
        }
    }
}
