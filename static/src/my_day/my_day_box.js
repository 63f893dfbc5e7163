import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {useService} from "@web/core/utils/hooks";
import {Component} from "@odoo/owl";

/**
 * The frame of a box: a title with its number, which opens exactly the records it counts,
 * the rows (default slot), what to do when there are none (slot `empty`) and the main
 * button (slot `footer`). In the menu of the navigation bar it is one line, and further
 * figures of the box (slot `compact`).
 */
export class MyDayBox extends Component {
    static template = "crm_real_estate.MyDayBox";
    static components = {Dropdown, DropdownItem};
    static props = {
        code: String,
        title: String,
        icon: String,
        count: Number,
        action: [Object, String],
        // The box of the server: may it be removed, may it be set up?
        box: {type: Object, optional: true},
        slots: Object,
    };

    setup() {
        this.action = useService("action");
    }

    get isCompact() {
        return this.env.myDay.isCompact;
    }

    get label() {
        return `${this.props.title}: ${this.props.count}`;
    }

    open() {
        return this.action.doAction(this.props.action, {
            clearBreadcrumbs: this.isCompact,
        });
    }
}
