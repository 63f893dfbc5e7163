import {_t} from "@web/core/l10n/translation";
import {Component} from "@odoo/owl";

import {myDayBoxRegistry} from "./my_day";
import {MyDayBox} from "./my_day_box";

/**
 * What is asked of the user, and how far he is; the number counts what is missing.
 */
export class ObjectivesBox extends Component {
    static template = "crm_real_estate.MyDayObjectivesBox";
    static components = {MyDayBox};
    static props = {box: Object, reload: Function};

    getTitle() {
        const titles = {
            day: _t("Left to reach today"),
            week: _t("Left to reach this week"),
            month: _t("Left to reach this month"),
        };
        return titles[this.props.box.window];
    }

    getWidth(row) {
        return Math.min(100, row.percent);
    }
}

myDayBoxRegistry.add("objectives", ObjectivesBox);
