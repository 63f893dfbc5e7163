import {CallQueue} from "@crm_real_estate/call_queue/call_queue";
import {formatMoment} from "@crm_real_estate/core/moments";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {press} from "@odoo/hoot-dom";
import {advanceTime, animationFrame, Deferred, mockDate} from "@odoo/hoot-mock";
import {
    contains,
    makeMockEnv,
    makeServerError,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {localization} from "@web/core/l10n/localization";
import {getDefaultConfig} from "@web/views/view";

describe.current.tags("desktop");
defineMailModels();

const OUTCOMES = [
    {id: 1, code: "no_answer", name: "No answer"},
    {id: 2, code: "busy", name: "Busy"},
];
let cards;

function makeCard(id, name, values = {}) {
    return {
        id,
        name,
        role: "owner",
        phase: "Received",
        call_count: 0,
        next_call_at: "2026-03-04 08:00:00",
        is_due: true,
        last_outcome: false,
        source: false,
        user: "Operator",
        property: false,
        contact: false,
        calls: [],
        ...values,
    };
}

function makeQueue() {
    return {
        cards,
        outcomes: OUTCOMES,
        due_count: cards.filter((card) => card.is_due).length,
        today_count: cards.length,
        next_at: "2026-03-05 08:00:00",
        can_see_all: false,
    };
}

async function mountQueue() {
    await makeMockEnv({config: getDefaultConfig()});
    await mountWithCleanup(CallQueue, {props: {action: {}}});
}

beforeEach(() => {
    mockDate("2026-03-04 09:00:00", 0);
    patchWithCleanup(localization, {timeFormat: "HH:mm:ss"});
    cards = [makeCard(1, "First"), makeCard(2, "Second")];
    onRpc("estate.call.queue", "get_queue", () => makeQueue());
    onRpc("estate.call.queue", "get_plan", () => ({
        name: "First",
        outcome: "Busy",
        next_call_at: "2026-03-04 16:30:00",
        user: false,
        is_over: false,
    }));
    onRpc("crm.lead", "action_call_outcome", ({args, kwargs}) => {
        expect.step([args[0][0], args[1], kwargs.note, kwargs.seen_count]);
        cards = cards.filter((card) => card.id !== args[0][0]);
        return true;
    });
});

test("one key notes the outcome, the next card follows, the plan is told", async () => {
    await mountQueue();
    expect("h1").toHaveText("First");
    await press("2");
    await animationFrame();
    expect.verifySteps([[1, "busy", "", 0]]);
    expect("h1").toHaveText("Second");
    expect(".o_notification").toHaveText("First: Busy. Next call: 16:30");
});

test("the second half of a double click does not meet the next card", async () => {
    await mountQueue();
    await contains("[data-code=busy]").click();
    await animationFrame();
    expect("h1").toHaveText("Second");
    expect("[data-code=busy]").not.toBeEnabled();
    await press("2");
    expect.verifySteps([[1, "busy", "", 0]]);
    await advanceTime(500);
    await press("1");
    await animationFrame();
    expect.verifySteps([[2, "no_answer", "", 0]]);
});

test("buttons rest while an outcome is on its way", async () => {
    const answer = new Deferred();
    onRpc("crm.lead", "action_call_outcome", async () => {
        expect.step("asked");
        await answer;
        return true;
    });
    await mountQueue();
    await contains("[data-code=busy]").click();
    expect("[data-code=busy]").not.toBeEnabled();
    await press("1");
    await press("n");
    expect("h1").toHaveText("First");
    answer.resolve();
    await animationFrame();
    expect.verifySteps(["asked"]);
});

test("digits in the note are text, and the note goes along", async () => {
    await mountQueue();
    await press("/");
    expect(".o_estate_call_note").toBeFocused();
    await contains(".o_estate_call_note").edit("flat 2", {confirm: false});
    await press("Escape");
    await press("1");
    await animationFrame();
    expect.verifySteps([[1, "no_answer", "flat 2", 0]]);
});

test("N goes to the next card and keeps what was typed", async () => {
    await mountQueue();
    await contains(".o_estate_call_note").edit("later", {confirm: false});
    await press("Escape");
    await press("n");
    await animationFrame();
    expect("h1").toHaveText("Second");
    expect(".o_estate_call_note").toHaveValue("");
    await press("n");
    await animationFrame();
    expect("h1").toHaveText("First");
    expect(".o_estate_call_note").toHaveValue("later");
});

test("a refusal of the server is shown, and the queue is read anew", async () => {
    onRpc("crm.lead", "action_call_outcome", () => {
        cards = [makeCard(1, "First", {is_due: false}), makeCard(2, "Second")];
        throw makeServerError({
            type: "UserError",
            message: "This call is already noted",
        });
    });
    await mountQueue();
    await press("1");
    await animationFrame();
    expect(".o_notification").toHaveText(/This call is already noted/);
    expect("h1").toHaveText("Second");
});

test("an empty queue tells when the next call is planned", async () => {
    cards = [];
    await mountQueue();
    expect(".o_estate_call_queue_empty strong").toHaveText("Tomorrow 08:00");
});

test("moments are told as on the phone", async () => {
    await makeMockEnv();
    expect(formatMoment("2026-03-04 16:30:00")).toBe("16:30");
    expect(formatMoment("2026-03-05 09:00:00")).toBe("Tomorrow 09:00");
    expect(formatMoment("2026-03-03 17:05:00")).toBe("Yesterday 17:05");
    expect(formatMoment("2026-03-09 09:00:00")).toBe("Monday 09:00");
    expect(formatMoment("2026-03-12 09:00:00")).toBe("Mar 12, 09:00");
    expect(formatMoment(false)).toBe("");
});
