import {_t} from "@web/core/l10n/translation";
import {Component, useEffect, useRef} from "@odoo/owl";

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
        this.root = useRef("root");
        useEffect(
            () => {
                const item = this.root.el.querySelector(".active");
                item?.scrollIntoView({block: "nearest"});
            },
            () => [this.props.currentId]
        );
    }

    get groups() {
        const {cards, dueCount} = this.props;
        return [
            {
                key: "due",
                title: _t("Due now (%(count)s)", {count: dueCount}),
                cards: cards.filter((card) => card.is_due),
            },
            {
                key: "later",
                title: _t("Later today"),
                cards: cards.filter((card) => !card.is_due),
            },
        ].filter((group) => group.cards.length);
    }
}
