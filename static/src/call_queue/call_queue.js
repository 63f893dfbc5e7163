import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {RPCError} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {
    Component,
    onWillStart,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";

import {formatMoment} from "../core/moments";
import {useRefresh} from "../core/refresh_hook";
import {CallCard} from "./call_card";
import {useCallKeys} from "./call_keys_hook";
import {CallList} from "./call_list";

const PAGE = 20;
// The second half of a double click must not meet the next lead.
const SETTLE_DELAY = 400;

/**
 * The operator's desktop: the calls that are due, and the one that is made now.
 */
export class CallQueue extends Component {
    static template = "crm_real_estate.CallQueue";
    static components = {CallCard, CallList, Layout};
    static props = {...standardActionServiceProps};
    static displayName = _t("Call queue");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.ui = useService("ui");
        this.keepLast = new KeepLast();
        this.formatMoment = formatMoment;
        this.display = {controlPanel: {}};
        this.state = useState({
            cards: [],
            outcomes: [],
            dueCount: 0,
            todayCount: 0,
            nextAt: false,
            canSeeAll: false,
            scope: "mine",
            currentId: this.props.action.context?.estate_lead_id || false,
            notes: {},
            isPending: false,
            isListShown: false,
        });
        useCallKeys({
            onOutcome: (index) => this.register(this.state.outcomes[index]),
            onNext: () => this.skip(),
        });
        useRefresh(() => this.load());
        onWillStart(() => this.load());
        this.root = useRef("root");
        useEffect(
            () => {
                // On a phone the screen scrolls as a whole: a new card begins at its top.
                this.root.el.scrollTop = 0;
            },
            () => [this.state.currentId]
        );
        onWillUnmount(() => browser.clearTimeout(this.settleTimer));
    }

    get current() {
        return this.state.cards.find((card) => card.id === this.state.currentId);
    }

    get dueCards() {
        return this.state.cards.filter((card) => card.is_due);
    }

    /**
     * The due cards whose person may be rung now.
     */
    get openCards() {
        return this.dueCards.filter((card) => !card.closure);
    }

    get hasMore() {
        return this.state.cards.length < this.state.todayCount;
    }

    get listLabel() {
        return _t("Queue (%(count)s)", {count: this.state.dueCount});
    }

    // --- Data ---

    async load() {
        const limit = Math.max(PAGE, this.state.cards.length);
        const queue = await this.keepLast.add(this.fetchQueue(limit, 0));
        const wasDue = this.current?.is_due;
        this.state.cards = queue.cards;
        this.applyCounts(queue);
        if (!this.current || (wasDue && !this.current.is_due)) {
            // Noted in another tab, or given to somebody else: the next one.
            this.state.currentId = this.firstId;
        }
    }

    async loadMore() {
        const queue = await this.keepLast.add(
            this.fetchQueue(PAGE, this.state.cards.length)
        );
        const known = new Set(this.state.cards.map((card) => card.id));
        this.state.cards.push(...queue.cards.filter((card) => !known.has(card.id)));
        this.applyCounts(queue);
    }

    fetchQueue(limit, offset) {
        const scope = this.state.scope;
        return this.orm.call("estate.call.queue", "get_queue", [], {
            limit,
            offset,
            scope,
        });
    }

    applyCounts(queue) {
        this.state.outcomes = queue.outcomes;
        this.state.dueCount = queue.due_count;
        this.state.todayCount = queue.today_count;
        this.state.nextAt = queue.next_at;
        this.state.canSeeAll = queue.can_see_all;
    }

    // --- Moving through the queue ---

    select(cardId) {
        this.state.currentId = cardId;
        this.state.isListShown = false;
    }

    skip() {
        if (!this.state.isPending) {
            this.select(this.getNextId(this.state.currentId));
        }
    }

    /**
     * Returns the due card after a given one; after the last one the first. Those whose
     * person may not be rung now are left out, unless there are no others.
     */
    getNextId(cardId) {
        const wanted = this.openCards.length ? this.openCards : this.dueCards;
        const index = this.state.cards.findIndex((card) => card.id === cardId);
        const after = this.state.cards
            .slice(index + 1)
            .find(({id}) => wanted.some((card) => card.id === id));
        return (after || wanted[0])?.id || false;
    }

    get firstId() {
        return (this.openCards[0] || this.dueCards[0])?.id || false;
    }

    async setScope(scope) {
        this.state.scope = scope;
        this.state.cards = [];
        await this.load();
    }

    toggleList() {
        this.state.isListShown = !this.state.isListShown;
    }

    // --- Outcomes ---

    /**
     * Notes how the current call ended; the next lead follows at once.
     *
     * @param {{ code: string }} [outcome]
     */
    async register(outcome) {
        const card = this.current;
        if (!outcome || !card || this.state.isPending) {
            return;
        }
        this.state.isPending = true;
        try {
            const result = await this.orm.call(
                "crm.lead",
                "action_call_outcome",
                [[card.id], outcome.code],
                {note: this.state.notes[card.id] || "", seen_count: card.call_count}
            );
            if (result === true) {
                await this.onNoted(card);
            } else {
                await this.action.doAction(result, {
                    onClose: () => this.onCardClosed(card),
                });
            }
        } catch (error) {
            await this.onRefused(error);
        } finally {
            this.settle();
        }
    }

    settle() {
        browser.clearTimeout(this.settleTimer);
        this.settleTimer = browser.setTimeout(() => {
            this.state.isPending = false;
        }, SETTLE_DELAY);
    }

    /**
     * The call about a card is noted: the card leaves, what was planned is told.
     */
    async onNoted(card) {
        const nextId = this.getNextId(card.id);
        this.state.cards = this.state.cards.filter(({id}) => id !== card.id);
        this.state.dueCount -= card.is_due ? 1 : 0;
        delete this.state.notes[card.id];
        this.select(nextId === card.id ? false : nextId);
        const [plan] = await Promise.all([this.getPlan(card), this.load()]);
        this.tell(plan);
    }

    /**
     * The property card was closed: either finished, or kept open for later.
     */
    async onCardClosed(card) {
        const plan = await this.getPlan(card);
        if (plan) {
            await this.onNoted(card);
        } else {
            await this.load();
        }
    }

    getPlan(card) {
        return this.orm.call("estate.call.queue", "get_plan", [
            card.id,
            card.call_count,
        ]);
    }

    tell(plan) {
        if (plan) {
            this.notification.add(this.getPlanText(plan), {
                title: `${plan.name}: ${plan.outcome}`,
                type: "success",
            });
        }
    }

    getPlanText(plan) {
        if (plan.is_over) {
            return _t("The lead is closed.");
        }
        if (plan.next_call_at) {
            return _t("Next call: %(moment)s", {
                moment: formatMoment(plan.next_call_at),
            });
        }
        if (plan.user) {
            return _t("%(name)s takes over.", {name: plan.user});
        }
        return _t("No further call is planned.");
    }

    async onRefused(error) {
        if (!(error instanceof RPCError)) {
            throw error;
        }
        const gone = /\.(AccessError|MissingError)$/.test(error.exceptionName);
        this.notification.add(
            gone
                ? _t(
                      "Somebody else works on this lead now. The queue shows the next one."
                  )
                : error.data.message,
            {type: "warning"}
        );
        await this.load();
    }

    // --- Elsewhere ---

    async openRecord(model, id) {
        const action = await this.orm.call(model, "get_formview_action", [[id]]);
        await this.action.doAction(action);
    }
}

registry.category("actions").add("estate_call_queue", CallQueue);
