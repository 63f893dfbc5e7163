import {useService} from "@web/core/utils/hooks";
import {Component} from "@odoo/owl";

import {myDayBoxRegistry} from "./my_day";
import {MyDayBox} from "./my_day_box";
import {RunningClock} from "./running_clock";

/**
 * Enquiries that nobody has answered yet, the oldest first, with a running clock.
 */
export class EnquiriesBox extends Component {
    static template = "crm_real_estate.MyDayEnquiriesBox";
    static components = {MyDayBox, RunningClock};
    static props = {box: Object, reload: Function};

    setup() {
        this.action = useService("action");
    }

    openEnquiry(id) {
        return this.action.doAction({
            ...this.props.box.action,
            views: this.props.box.action.views.filter(([, kind]) => kind === "form"),
            res_id: id,
            domain: [],
        });
    }

    openProperties() {
        return this.action.doAction("crm_real_estate.estate_property_action");
    }
}

myDayBoxRegistry.add("enquiries", EnquiriesBox);
