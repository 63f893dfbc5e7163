import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {Component, useState} from "@odoo/owl";

import {formatMoment, formatTime} from "../core/moments";
import {myDayBoxRegistry} from "./my_day";
import {MyDayBox} from "./my_day_box";

const BADGES = {done: "text-bg-success", no_show: "text-bg-danger"};

/**
 * The viewings of the window the user chose; past ones ask how they went.
 */
export class ViewingsBox extends Component {
    static template = "crm_real_estate.MyDayViewingsBox";
    static components = {DropdownItem, MyDayBox};
    static props = {box: Object, reload: Function};

    setup() {
        this.action = useService("action");
        this.state = useState({isPending: false});
    }

    getTitle() {
        const titles = {
            day: _t("Viewings today"),
            week: _t("Viewings this week"),
            month: _t("Viewings this month"),
        };
        return titles[this.props.box.window];
    }

    formatStart(at) {
        return this.props.box.window === "day" ? formatTime(at) : formatMoment(at);
    }

    getBadge(state) {
        return BADGES[state] || "text-bg-secondary";
    }

    openViewing(id) {
        return this.action.doAction({
            ...this.props.box.action,
            views: this.props.box.action.views.filter(([, kind]) => kind === "form"),
            res_id: id,
            domain: [],
        });
    }

    openEnquiries() {
        return this.action.doAction("crm_real_estate.crm_lead_action_enquiries");
    }

    openOverdue() {
        return this.action.doAction(this.props.box.overdue.action, {
            clearBreadcrumbs: this.env.myDay.isCompact,
        });
    }

    /**
     * Notes an outcome of a viewing; "done" asks in a dialog how it went.
     */
    async setOutcome(id, method) {
        if (this.state.isPending) {
            return;
        }
        this.state.isPending = true;
        try {
            await this.action.doActionButton({
                type: "object",
                name: method,
                resModel: "estate.viewing",
                resId: id,
                resIds: [id],
                onClose: () => this.props.reload(),
            });
        } finally {
            this.state.isPending = false;
        }
    }
}

myDayBoxRegistry.add("viewings", ViewingsBox);
