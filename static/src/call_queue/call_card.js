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

    onNoteKeydown(ev) {
        if (ev.key === "Escape") {
            ev.target.blur();
        }
    }
}
