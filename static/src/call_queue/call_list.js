import {Component} from "@odoo/owl";

import {formatMoment, isLate} from "../core/moments";

/**
 * The queue itself: what is due, then what is planned for later today.
 */
export class CallList extends Component {
    static template = "crm_real_estate.CallList";
    static props = {
        cards: Array,
        currentId: {type: [Number, Boolean]},
        dueCount: Number,
        hasMore: Boolean,
        onSelect: Function,
        onMore: Function,
    };

    setup() {
        this.formatMoment = formatMoment;
        this.isLate = isLate;
    }

    get groups() {
        return [
            {key: "due", cards: this.props.cards.filter((card) => card.is_due)},
            {key: "later", cards: this.props.cards.filter((card) => !card.is_due)},
        ].filter((group) => group.cards.length);
    }
}
