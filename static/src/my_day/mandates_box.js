import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {Component} from "@odoo/owl";

import {formatDay} from "../core/moments";
import {myDayBoxRegistry} from "./my_day";
import {MyDayBox} from "./my_day_box";

/**
 * Silent mandates: owners who wait longer for news than they were promised.
 */
export class MandatesBox extends Component {
    static template = "crm_real_estate.MyDayMandatesBox";
    static components = {MyDayBox};
    static props = {box: Object, reload: Function};

    setup() {
        this.action = useService("action");
    }

    getSince(row) {
        return _t("since %(day)s", {day: formatDay(row.at)});
    }

    getLastNews(row) {
        return _t("Last news: %(day)s", {day: formatDay(row.last_on)});
    }

    openMandate(id) {
        return this.action.doAction({
            ...this.props.box.action,
            views: this.props.box.action.views.filter(([, kind]) => kind === "form"),
            res_id: id,
            domain: [],
        });
    }
}

myDayBoxRegistry.add("mandates", MandatesBox);
