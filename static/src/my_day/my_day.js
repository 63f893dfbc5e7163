import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {KeepLast} from "@web/core/utils/concurrency";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {Component, onWillStart, useState, useSubEnv} from "@odoo/owl";

import {useRefresh} from "../core/refresh_hook";

const {DateTime} = luxon;

/**
 * Boxes by the code that the server gives them; each entry is a component with the props
 * `box` (what the server prepared) and `reload`. Later screens add theirs.
 */
export const myDayBoxRegistry = registry.category("estate_my_day_boxes");

// Told on the bus of the environment when the figures were read: `detail` is the screen.
export const MY_DAY_LOADED = "ESTATE_MY_DAY:LOADED";

/**
 * Returns the boxes that a component is known for, each with its component.
 *
 * @param {Object[]} boxes of the server
 */
export function withComponents(boxes) {
    return boxes
        .filter((box) => myDayBoxRegistry.contains(box.code))
        .map((box) => ({...box, Component: myDayBoxRegistry.get(box.code)}));
}

/**
 * The first screen of the day: what waits for the user, in boxes.
 */
export class MyDay extends Component {
    static template = "crm_real_estate.MyDay";
    static components = {Dropdown, DropdownItem, Layout};
    static props = {...standardActionServiceProps};
    static displayName = _t("My day");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.display = {controlPanel: {}};
        this.state = useState({boxes: [], addable: []});
        // What the frame of a box offers for those that a user may choose.
        useSubEnv({
            myDay: {
                isCompact: false,
                remove: (code) => this.change("remove_box", code),
                setUp: (code) => this.setUp(code),
            },
        });
        useRefresh(() => this.load());
        onWillStart(() => this.load());
    }

    async load() {
        const screen = await this.keepLast.add(
            this.orm.call("estate.my.day", "get_screen", [])
        );
        Object.assign(this.state, screen);
        this.env.bus.trigger(MY_DAY_LOADED, screen);
    }

    /**
     * Adds a box or removes it, for this user alone.
     *
     * @param {"add_box"|"remove_box"} method
     * @param {String} code
     */
    async change(method, code) {
        await this.orm.call("estate.my.day", method, [code]);
        await this.load();
    }

    async setUp(code) {
        const action = await this.orm.call("estate.my.day", "set_up_box", [code]);
        await this.action.doAction(action, {onClose: () => this.load()});
    }

    get boxes() {
        return withComponents(this.state.boxes);
    }

    get greeting() {
        const {hour} = DateTime.now();
        const name = user.name.split(" ")[0];
        if (hour < 12) {
            return _t("Good morning, %(name)s", {name});
        }
        if (hour < 18) {
            return _t("Good afternoon, %(name)s", {name});
        }
        return _t("Good evening, %(name)s", {name});
    }

    get today() {
        return DateTime.now().toLocaleString({
            weekday: "long",
            day: "numeric",
            month: "long",
        });
    }
}

registry.category("actions").add("estate_my_day", MyDay);
