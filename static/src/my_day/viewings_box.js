import {useService} from "@web/core/utils/hooks";
import {Component, useState} from "@odoo/owl";

import {formatTime} from "../core/moments";
import {myDayBoxRegistry} from "./my_day";
import {MyDayBox} from "./my_day_box";

const BADGES = {done: "text-bg-success", no_show: "text-bg-danger"};

/**
 * The viewings of the day; past ones ask how they went.
 */
export class ViewingsBox extends Component {
    static template = "crm_real_estate.MyDayViewingsBox";
    static components = {MyDayBox};
    static props = {box: Object, reload: Function};

    setup() {
        this.action = useService("action");
        this.formatTime = formatTime;
        this.state = useState({isPending: false});
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
        return this.action.doAction(this.props.box.overdue.action);
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
