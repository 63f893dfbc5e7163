import {MyDay, myDayBoxRegistry} from "@crm_real_estate/my_day/my_day";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {beforeEach, expect, test} from "@odoo/hoot";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {Component, xml} from "@odoo/owl";
import {
    makeMockEnv,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {getDefaultConfig} from "@web/views/view";

defineMailModels();

class NewsBox extends Component {
    static template = xml`<div class="o_news" t-out="props.box.count"/>`;
    static props = {box: Object, reload: Function};
}

let boxes;

beforeEach(() => {
    const get = myDayBoxRegistry.get.bind(myDayBoxRegistry);
    patchWithCleanup(myDayBoxRegistry, {
        contains: (code) => code === "news",
        get: (code) => (code === "news" ? NewsBox : get(code)),
    });
    boxes = [
        {code: "unknown", count: 1},
        {code: "news", count: 2},
    ];
    onRpc("estate.my.day", "get_screen", () => ({boxes, addable: []}));
});

async function mountMyDay() {
    await makeMockEnv({config: getDefaultConfig()});
    await mountWithCleanup(MyDay, {props: {action: {}}});
}

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
