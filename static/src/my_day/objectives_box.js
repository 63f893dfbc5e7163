import {Component} from "@odoo/owl";

import {myDayBoxRegistry} from "./my_day";
import {MyDayBox} from "./my_day_box";

/**
 * What is asked of the user today, and how far he is; the number counts what is missing.
 */
export class ObjectivesBox extends Component {
    static template = "crm_real_estate.MyDayObjectivesBox";
    static components = {MyDayBox};
    static props = {box: Object, reload: Function};

    getPercent(row) {
        return row.minimum
            ? Math.min(100, Math.round((100 * row.figure) / row.minimum))
            : 100;
    }
}

myDayBoxRegistry.add("objectives", ObjectivesBox);
