import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {Component, onMounted, onWillStart, onWillUnmount, useState} from "@odoo/owl";

const MODEL = "estate.intake.message";
const POLL_DELAY = 1000;

/**
 * Shows how far the working off of a message is, then the message itself, which tells
 * its result or its error.
 */
export class IntakeProcess extends Component {
    static template = "crm_real_estate.IntakeProcess";
    static props = {...standardActionServiceProps};
    static displayName = _t("Working off the inbox");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.messageId = this.props.action.params?.message_id;
        this.state = useState({name: "", done: 0, total: 0});
        onWillStart(() => this.messageId && this.refresh());
        onMounted(() => (this.messageId ? this.process() : this.leave()));
        onWillUnmount(() => {
            this.isGone = true;
            browser.clearTimeout(this.timer);
        });
    }

    get title() {
        return _t("Working off %(name)s…", {name: this.state.name});
    }

    get progress() {
        const {done, total} = this.state;
        return total
            ? _t("%(done)s of %(total)s objects", {done, total})
            : _t("The file is being read.");
    }

    get percent() {
        const {done, total} = this.state;
        return total ? Math.min(100, Math.round((100 * done) / total)) : 0;
    }

    async refresh() {
        const [message] = await this.orm.read(
            MODEL,
            [this.messageId],
            ["name", "state", "done_count", "item_count"]
        );
        Object.assign(this.state, {
            name: message.name,
            done: message.done_count,
            total: message.item_count,
        });
        return message.state;
    }

    async process() {
        try {
            await this.orm.call(MODEL, "action_process", [[this.messageId]]);
        } finally {
            this.poll();
        }
    }

    async poll() {
        if (this.isGone) {
            return;
        }
        if ((await this.refresh()) === "received") {
            this.timer = browser.setTimeout(() => this.poll(), POLL_DELAY);
        } else {
            this.openMessage();
        }
    }

    /**
     * A reloaded page does not know its message any more.
     */
    leave() {
        return this.action.doAction("crm_real_estate.action_my_day", {
            clearBreadcrumbs: true,
        });
    }

    openMessage() {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                res_model: MODEL,
                res_id: this.messageId,
                views: [[false, "form"]],
            },
            {stackPosition: "replaceCurrentAction"}
        );
    }
}

registry.category("actions").add("estate_intake_process", IntakeProcess);
