import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useBus, useService} from "@web/core/utils/hooks";
import {session} from "@web/session";
import {Component, onWillUnmount, useState, useSubEnv} from "@odoo/owl";

import {MY_DAY_LOADED, withComponents} from "./my_day";

/**
 * My day as a small box on every screen: the same boxes, one line each, read when it is
 * opened. Its badge tells how many calls and enquiries wait.
 */
export class MyDaySystray extends Component {
    static template = "crm_real_estate.MyDaySystray";
    static components = {Dropdown, DropdownItem};
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({boxes: [], waiting: session.estate_my_day.waiting});
        useSubEnv({myDay: {isCompact: true}});
        useBus(this.env.bus, MY_DAY_LOADED, ({detail}) => {
            this.state.waiting = detail.waiting;
        });
        // A new enquiry, which rings: the badge tells of it, too.
        const bus = useService("bus_service");
        const onAlert = () => this.count();
        bus.subscribe("estate.alert", onAlert);
        onWillUnmount(() => bus.unsubscribe("estate.alert", onAlert));
    }

    get label() {
        return _t("My day: %(number)s waiting", {number: this.state.waiting});
    }

    get boxes() {
        return withComponents(this.state.boxes);
    }

    async load() {
        const screen = await this.orm.call("estate.my.day", "get_screen", []);
        this.state.boxes = screen.boxes;
        this.state.waiting = screen.waiting;
    }

    async count() {
        this.state.waiting = await this.orm.silent.call(
            "estate.my.day",
            "get_waiting",
            []
        );
    }

    openMyDay() {
        return this.action.doAction("crm_real_estate.action_my_day", {
            clearBreadcrumbs: true,
        });
    }
}

registry.category("systray").add(
    "crm_real_estate.my_day",
    {
        Component: MyDaySystray,
        // The session of others knows nothing of it.
        isDisplayed: () => Boolean(session.estate_my_day),
    },
    {sequence: 30}
);
