import {_t} from "@web/core/l10n/translation";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {useService} from "@web/core/utils/hooks";
import {Component} from "@odoo/owl";

import {myDayBoxRegistry} from "./my_day";
import {MyDayBox} from "./my_day_box";

/**
 * What is asked of the user, and how far he is; the number counts what is missing.
 */
export class ObjectivesBox extends Component {
    static template = "crm_real_estate.MyDayObjectivesBox";
    static components = {DropdownItem, MyDayBox};
    static props = {box: Object, reload: Function};

    setup() {
        this.action = useService("action");
    }

    getTitle() {
        const titles = {
            day: _t("Left to reach today"),
            week: _t("Left to reach this week"),
            month: _t("Left to reach this month"),
        };
        return titles[this.props.box.window];
    }

    /**
     * Opens exactly what the figure of an objective counts.
     */
    openFigure(row) {
        return this.action.doAction(row.action, {
            clearBreadcrumbs: this.env.myDay.isCompact,
        });
    }

    getWidth(row) {
        return Math.min(100, row.percent);
    }
}

myDayBoxRegistry.add("objectives", ObjectivesBox);
