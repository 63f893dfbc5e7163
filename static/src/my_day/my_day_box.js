import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {useService} from "@web/core/utils/hooks";
import {Component} from "@odoo/owl";

/**
 * The frame of a box: a title with its number, which opens exactly the records it counts,
 * the rows (default slot), what to do when there are none (slot `empty`) and the main
 * button (slot `footer`).
 */
export class MyDayBox extends Component {
    static template = "crm_real_estate.MyDayBox";
    static components = {Dropdown, DropdownItem};
    static props = {
        code: String,
        title: String,
        icon: String,
        count: Number,
        action: Object,
        // The box of the server, of one that a user may remove and set up.
        box: {type: Object, optional: true},
        slots: Object,
    };

    setup() {
        this.action = useService("action");
    }

    open() {
        return this.action.doAction(this.props.action);
    }
}
