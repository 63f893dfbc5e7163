import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {Component} from "@odoo/owl";

import {formatMoment} from "../core/moments";

const KIND_CLASSES = {
    draft: "text-bg-secondary",
    standard: "text-bg-info",
    verified: "text-bg-success",
    agency: "text-bg-danger",
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
        return [formatMoment(last.at), last.type, last.summary, last.user]
            .filter(Boolean)
            .join(" · ");
    }

    formatDay(value) {
        return formatDate(deserializeDate(value));
    }
}
