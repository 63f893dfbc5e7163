import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {Component} from "@odoo/owl";

import {formatMoment, isLate} from "../core/moments";
import {myDayBoxRegistry} from "./my_day";
import {MyDayBox} from "./my_day_box";

/**
 * The calls that are due, the next ones by name.
 */
export class CallsBox extends Component {
    static template = "crm_real_estate.MyDayCallsBox";
    static components = {MyDayBox};
    static props = {box: Object, reload: Function};

    setup() {
        this.action = useService("action");
        this.formatMoment = formatMoment;
        this.isLate = isLate;
    }

    get emptyText() {
        const at = this.props.box.next_at;
        return at
            ? _t("No call is due. The next one: %(moment)s.", {
                  moment: formatMoment(at),
              })
            : _t(
                  "No call is due. New owner listings appear here as soon as they arrive."
              );
    }

    startCalling(leadId = false) {
        return this.action.doAction("crm_real_estate.action_call_queue", {
            additionalContext: {estate_lead_id: leadId},
        });
    }
}

myDayBoxRegistry.add("calls", CallsBox);
