import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {useService} from "@web/core/utils/hooks";
import {Component} from "@odoo/owl";

import {myDayBoxRegistry} from "./my_day";
import {MyDayBox} from "./my_day_box";

/**
 * Response times of the last hours: received, answered, and the mean time.
 */
export class ResponseBox extends Component {
    static template = "crm_real_estate.MyDayResponseBox";
    static components = {DropdownItem, MyDayBox};
    static props = {box: Object, reload: Function};

    setup() {
        this.action = useService("action");
    }

    open(action) {
        return this.action.doAction(action, {
            clearBreadcrumbs: this.env.myDay.isCompact,
        });
    }

    openReport() {
        return this.action.doAction("crm_real_estate.estate_response_time_action");
    }
}

myDayBoxRegistry.add("response", ResponseBox);
