import {MyDay, myDayBoxRegistry} from "@crm_real_estate/my_day/my_day";
import {MyDaySystray} from "@crm_real_estate/my_day/my_day_systray";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {beforeEach, expect, test} from "@odoo/hoot";
import {press, queryAll} from "@odoo/hoot-dom";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {Component, xml} from "@odoo/owl";
import {
    contains,
    makeMockEnv,
    mockService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {registry} from "@web/core/registry";
import {session} from "@web/session";
import {getDefaultConfig} from "@web/views/view";

defineMailModels();

class NewsBox extends Component {
    static template = xml`<div class="o_news" t-out="props.box.count"/>`;
    static props = {box: Object, reload: Function};
}

let boxes;

function realBoxes() {
    const make = (code, count, values = {}) => ({
        code,
        count,
        rows: [],
        action: {name: code, views: []},
        ...values,
    });
    return [
        make("calls", 3, {next_at: false}),
        make("viewings", 4, {window: "day", overdue: {count: 0, action: {}}}),
        make("mandates", 1),
        make("tasks", 2),
    ];
}

beforeEach(() => {
    const get = myDayBoxRegistry.get.bind(myDayBoxRegistry);
    const contains_ = myDayBoxRegistry.contains.bind(myDayBoxRegistry);
    patchWithCleanup(myDayBoxRegistry, {
        contains: (code) => code === "news" || contains_(code),
        get: (code) => (code === "news" ? NewsBox : get(code)),
    });
    boxes = [
        {code: "unknown", count: 1},
        {code: "news", count: 2},
    ];
    onRpc("estate.my.day", "get_screen", () => ({boxes, addable: [], waiting: 0}));
});

async function mountMyDay() {
    await makeMockEnv({config: getDefaultConfig()});
    await mountWithCleanup(MyDay, {props: {action: {}}});
}

/**
 * Opens the systray item of a member and counts the requests it makes.
 */
async function mountSystray() {
    patchWithCleanup(session, {estate_my_day: {waiting: 9}});
    await mountWithCleanup(MyDaySystray);
}

test("the box on every screen reads nothing before it is opened", async () => {
    onRpc("estate.my.day", "get_screen", () => {
        expect.step("read");
        return {boxes, addable: [], waiting: 2};
    });
    await mountSystray();
    expect(".o_estate_my_day_systray .badge").toHaveText("9");
    expect.verifySteps([]);
    await contains(".o_estate_my_day_systray").click();
    expect.verifySteps(["read"]);
    expect(".o_estate_my_day_systray .badge").toHaveText("2");
});

test("its figures are those of My day, and each opens the same records", async () => {
    const figures = () =>
        queryAll("[data-box] .o_estate_box_count").map((node) => [
            node.closest("[data-box]").dataset.box,
            node.textContent.trim(),
        ]);
    boxes = realBoxes();
    mockService("action", {
        doAction: (action) => expect.step(action.name || action),
    });
    await mountMyDay();
    const onScreen = figures();
    expect(onScreen.map(([, number]) => number)).toEqual(["3", "4", "1", "2"]);
    for (const node of queryAll("[data-box] .o_estate_box_count")) {
        await contains(node).click();
    }
    const opened = ["calls", "viewings", "mandates", "tasks"];
    expect.verifySteps(opened);
    document.querySelector(".o_estate_my_day").remove();
    await mountSystray();
    for (const [code] of onScreen) {
        await contains(".o_estate_my_day_systray").click();
        expect(figures()).toEqual(onScreen);
        await contains(`[data-box=${code}] .o_estate_box_line`).click();
    }
    expect.verifySteps(opened);
});

test("the box on every screen is worked by keys", async () => {
    boxes = realBoxes();
    mockService("action", {
        doAction: (action) => expect.step(action.name || action),
    });
    await mountSystray();
    await contains(".o_estate_my_day_systray").focus();
    await press("Enter");
    await animationFrame();
    await press("ArrowDown");
    await animationFrame();
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["calls"]);
});

test("who is no member of ours has no such box", () => {
    const {isDisplayed} = registry.category("systray").get("crm_real_estate.my_day");
    expect(isDisplayed()).toBe(false);
    patchWithCleanup(session, {estate_my_day: {waiting: 0}});
    expect(isDisplayed()).toBe(true);
});

test("a box registered by another screen is shown, an unknown one is left out", async () => {
    await mountMyDay();
    expect(".o_estate_boxes > *").toHaveCount(1);
    expect(".o_news").toHaveText("2");
});

test("a screen left open tells the truth a minute later", async () => {
    await mountMyDay();
    boxes = [{code: "news", count: 5}];
    await advanceTime(60_000);
    await animationFrame();
    expect(".o_news").toHaveText("5");
});

test("the numbers are read anew when the tab is shown again", async () => {
    await mountMyDay();
    boxes = [{code: "news", count: 7}];
    document.dispatchEvent(new Event("visibilitychange"));
    await animationFrame();
    expect(".o_news").toHaveText("7");
});
