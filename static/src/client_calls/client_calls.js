import {_t} from "@web/core/l10n/translation";
import {router} from "@web/core/browser/router";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useAutofocus, useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {Component, onMounted, useRef, useState} from "@odoo/owl";

import {ClientHit} from "./client_hit";

// Nobody types on within this time: what he waits for is looked up.
const PAUSE = 120;

/**
 * The desk for whoever answers the phone: one box, and who it may be, as one types.
 */
export class ClientCalls extends Component {
    static template = "crm_real_estate.ClientCalls";
    static components = {ClientHit, Layout};
    static props = {...standardActionServiceProps};
    static displayName = _t("Client calls");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.display = {controlPanel: {}};
        this.root = useRef("root");
        useAutofocus({refName: "box", mobile: true});
        this.state = useState({
            text: this.getCalledNumber(),
            answer: null,
            index: 0,
        });
        this.searchSoon = useDebounced(() => this.search(), PAUSE);
        onMounted(() => this.search());
    }

    /**
     * Returns the number that a telephone system opened this screen with.
     */
    getCalledNumber() {
        const number =
            this.props.action.context?.estate_number || router.current.number;
        return String(number || "").replace(/^tel:/, "");
    }

    get hits() {
        return this.state.answer?.hits || [];
    }

    get isNobody() {
        return this.state.answer?.is_searched && !this.hits.length;
    }

    /**
     * What the form of a new contact will hold of what was typed, in one line.
     */
    get newContactText() {
        const context = this.state.answer?.new_contact || {};
        return [context.default_name, context.default_phone, context.default_email]
            .filter(Boolean)
            .join(" · ");
    }

    // --- Search ---

    onInput(ev) {
        this.state.text = ev.target.value;
        this.searchSoon();
    }

    async search() {
        const text = this.state.text;
        if (!text.trim()) {
            this.keepLast.add(Promise.resolve());
            this.state.answer = null;
            this.searchedText = "";
            return;
        }
        this.state.answer = await this.keepLast.add(
            this.orm.silent.call("estate.caller", "get_hits", [text])
        );
        this.searchedText = text;
        this.state.index = 0;
    }

    clear() {
        this.state.text = "";
        this.search();
    }

    // --- Keys ---

    async onKeydown(ev) {
        const keys = {
            ArrowDown: () => this.move(1),
            ArrowUp: () => this.move(-1),
            Enter: () => this.choose(),
            Escape: () => this.clear(),
        };
        const act = keys[ev.key];
        if (act && !ev.isComposing && !ev.ctrlKey && !ev.altKey && !ev.metaKey) {
            ev.preventDefault();
            ev.stopPropagation();
            await act();
        }
    }

    move(step) {
        const last = this.hits.length - 1;
        this.state.index = Math.min(Math.max(this.state.index + step, 0), last);
        const card = this.root.el.querySelectorAll(".o_estate_hit")[this.state.index];
        card?.scrollIntoView({block: "nearest"});
    }

    /**
     * Opens the marked hit, or the form of a new contact when there is none.
     */
    async choose() {
        if (this.searchedText !== this.state.text) {
            // What was typed last is not looked up yet.
            this.searchSoon.cancel();
            await this.search();
        }
        if (this.hits.length) {
            await this.open(this.hits[this.state.index]);
        } else if (this.isNobody) {
            await this.createContact();
        }
    }

    // --- Elsewhere ---

    async open(hit) {
        if (!hit.is_hidden) {
            await this.openRecord("res.partner", hit.id);
        }
    }

    async openRecord(model, id) {
        const action = await this.orm.call(model, "get_formview_action", [[id]]);
        await this.action.doAction(action);
    }

    async createContact() {
        await this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("New contact"),
            res_model: "res.partner",
            views: [[false, "form"]],
            context: this.state.answer.new_contact,
        });
    }

    async createEnquiry(hit) {
        await this.action.doAction("crm_real_estate.crm_lead_action_enquiries", {
            viewType: "form",
            additionalContext: {default_partner_id: hit.id},
        });
    }

    async log(hit) {
        await this.action.doAction("crm_real_estate.estate_interaction_log_action", {
            additionalContext: {default_partner_id: hit.id},
            onClose: () => this.search(),
        });
    }
}

registry.category("actions").add("estate_client_calls", ClientCalls);
