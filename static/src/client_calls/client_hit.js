import {deserializeDate, deserializeDateTime, formatDate} from "@web/core/l10n/dates";
import {Component} from "@odoo/owl";

import {formatMoment} from "../core/moments";

const {DateTime} = luxon;

// What happened longer ago than this is told by its date alone.
const RECENT_DAYS = 6;

const KIND_CLASSES = {
    draft: "text-bg-secondary",
    standard: "text-bg-info",
    verified: "text-bg-success",
};

/**
 * One contact who may be on the phone, with what he may ask about.
 */
export class ClientHit extends Component {
    static template = "crm_real_estate.ClientHit";
    static props = {
        hit: Object,
        isMarked: Boolean,
        onOpen: Function,
        onOpenRecord: Function,
        onEnquiry: Function,
        onLog: Function,
    };

    setup() {
        this.formatMoment = formatMoment;
    }

    get kindClass() {
        return KIND_CLASSES[this.props.hit.kind] || "text-bg-light";
    }

    get lastContact() {
        const last = this.props.hit.last_contact;
        return [this.formatPast(last.at), last.type, last.summary, last.user]
            .filter(Boolean)
            .join(" · ");
    }

    formatPast(value) {
        const moment = deserializeDateTime(value);
        const isRecent = DateTime.now().diff(moment, "days").days < RECENT_DAYS;
        return isRecent ? formatMoment(value) : formatDate(moment);
    }

    formatDay(value) {
        return formatDate(deserializeDate(value));
    }
}
