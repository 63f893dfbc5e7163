import {useService} from "@web/core/utils/hooks";
import {Component} from "@odoo/owl";

import {formatDay} from "../core/moments";
import {myDayBoxRegistry} from "./my_day";
import {MyDayBox} from "./my_day_box";

/**
 * The tasks that are left in the window the user chose, overdue ones first.
 */
export class TasksBox extends Component {
    static template = "crm_real_estate.MyDayTasksBox";
    static components = {MyDayBox};
    static props = {box: Object, reload: Function};

    setup() {
        this.action = useService("action");
        this.formatDay = formatDay;
    }

    openRecord(row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: row.model,
            res_id: row.record_id,
            views: [[false, "form"]],
        });
    }
}

myDayBoxRegistry.add("tasks", TasksBox);
