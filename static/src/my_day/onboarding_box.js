import {useService} from "@web/core/utils/hooks";
import {Component} from "@odoo/owl";

import {myDayBoxRegistry} from "./my_day";
import {MyDayBox} from "./my_day_box";

/**
 * The first steps of a director, each with its link and whether it is done.
 */
export class OnboardingBox extends Component {
    static template = "crm_real_estate.MyDayOnboardingBox";
    static components = {MyDayBox};
    static props = {box: Object, reload: Function};

    setup() {
        this.action = useService("action");
    }

    openStep(step) {
        return this.action.doAction(step.action);
    }
}

myDayBoxRegistry.add("onboarding", OnboardingBox);
