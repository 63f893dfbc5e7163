import {useService} from "@web/core/utils/hooks";
import {Component} from "@odoo/owl";

/**
 * The frame of a box: a title with its number, which opens exactly the records it counts,
 * the rows (default slot), what to do when there are none (slot `empty`) and the main
 * button (slot `footer`).
 */
export class MyDayBox extends Component {
    static template = "crm_real_estate.MyDayBox";
    static props = {
        code: String,
        title: String,
        icon: String,
        count: Number,
        action: Object,
        slots: Object,
    };

    setup() {
        this.action = useService("action");
    }

    open() {
        return this.action.doAction(this.props.action);
    }
}
