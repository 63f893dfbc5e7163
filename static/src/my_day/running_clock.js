import {browser} from "@web/core/browser/browser";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {Component, onMounted, onWillUnmount, useState, xml} from "@odoo/owl";

import {formatMoment, isLate} from "../core/moments";

const {DateTime} = luxon;

/**
 * How long somebody has waited by now: it runs by the second for an hour, and by the
 * minute for a day; then it tells since when.
 */
export class RunningClock extends Component {
    static template = xml`
        <span
            class="o_estate_clock flex-shrink-0 small"
            t-att-class="isLate ? 'text-danger' : 'text-muted'"
            t-att-title="moment"
            t-out="text"
        />`;
    static props = {since: String};

    setup() {
        this.state = useState({now: DateTime.now()});
        let timer;
        onMounted(() => {
            timer = browser.setInterval(() => {
                this.state.now = DateTime.now();
            }, 1000);
        });
        onWillUnmount(() => browser.clearInterval(timer));
    }

    get isLate() {
        return isLate(this.props.since);
    }

    get moment() {
        return formatMoment(this.props.since);
    }

    get text() {
        const waited = this.state.now.diff(deserializeDateTime(this.props.since));
        const minutes = Math.max(0, Math.floor(waited.as("minutes")));
        if (minutes < 60) {
            const seconds = Math.max(0, Math.floor(waited.as("seconds"))) % 60;
            return `${minutes}:${String(seconds).padStart(2, "0")}`;
        }
        if (minutes < 24 * 60) {
            return _t("%(hours)s h %(minutes)s min", {
                hours: Math.floor(minutes / 60),
                minutes: minutes % 60,
            });
        }
        return this.moment;
    }
}
