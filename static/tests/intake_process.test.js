import {IntakeProcess} from "@crm_real_estate/intake_process/intake_process";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {
    makeMockEnv,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";

defineMailModels();

test("the progress is shown until the message is worked off, then the message", async () => {
    const message = {
        name: "november.xml",
        state: "received",
        done_count: 0,
        item_count: 0,
    };
    onRpc("estate.intake.message", "read", () => [message]);
    onRpc("estate.intake.message", "action_process", ({args}) => {
        expect.step(`process ${args[0]}`);
        return true;
    });
    mockService("action", {
        doAction: (action, {stackPosition}) =>
            expect.step(`${action.res_model} ${action.res_id} ${stackPosition}`),
    });
    await makeMockEnv();
    await mountWithCleanup(IntakeProcess, {props: {action: {params: {message_id: 7}}}});
    expect("h1").toHaveText("Working off november.xml…");
    await animationFrame();
    expect.verifySteps(["process 7"]);

    Object.assign(message, {done_count: 50, item_count: 200});
    await advanceTime(1000);
    await animationFrame();
    expect(".progress-bar").toHaveStyle({width: "25%"}, {inline: true});
    expect.verifySteps([]);

    message.state = "done";
    await advanceTime(1000);
    await animationFrame();
    expect.verifySteps(["estate.intake.message 7 replaceCurrentAction"]);
});
