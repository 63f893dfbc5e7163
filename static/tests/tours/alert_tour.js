import {registry} from "@web/core/registry";
import {rpc} from "@web/core/network/rpc";

// Machines that run tests are busy.
const PATIENCE = 60_000;
const played = [];
let isSilent = false;
let secondTab = null;

/** Lets a colleague give leads to somebody, as in another browser. */
function letColleagueAssign(who) {
    return rpc("/web/dataset/call_kw/estate.alert/assign_in_test", {
        model: "estate.alert",
        method: "assign_in_test",
        args: [who],
        kwargs: {},
    });
}

/** Plays nothing, tells what would have been played; refuses like a browser. */
function watchSound() {
    HTMLMediaElement.prototype.play = async function () {
        if (!this.src.endsWith("alert.wav")) {
            return;
        }
        if (isSilent) {
            throw new DOMException("no gesture yet", "NotAllowedError");
        }
        played.push(this.src);
    };
}

function check(isTrue, message) {
    if (!isTrue) {
        throw new Error(message);
    }
}

/** Waits until a condition holds, checked a few times a second. */
async function until(condition, message, most = 400) {
    for (let tries = 0; tries < most && !condition(); tries++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    check(condition(), message);
}

/** Opens a second tab of the same user, in which no tour runs. */
async function openTab() {
    const tour = localStorage.getItem("current_tour");
    localStorage.removeItem("current_tour");
    const tab = window.open("/odoo/enquiries");
    const isLoaded = () =>
        tab.document.querySelector(".o_action_manager .o_view_controller");
    await until(isLoaded, "The second tab does not load", 1200);
    localStorage.setItem("current_tour", tour);
    tab.HTMLMediaElement.prototype.play = HTMLMediaElement.prototype.play;
    return tab;
}

registry.category("web_tour.tours").add("estate_alert", {
    steps: () => [
        {
            timeout: PATIENCE,
            content: "two tabs lie in the background; a colleague gets an enquiry",
            trigger: ".o_action_manager .o_list_view, .o_action_manager .o_kanban_view",
            async run() {
                watchSound();
                secondTab = await openTab();
                document.hasFocus = () => false;
                await letColleagueAssign("other");
                await letColleagueAssign("me");
            },
        },
        {
            timeout: PATIENCE,
            content: "the window tells who asks about what; there is one only",
            trigger:
                ".o_estate_alert:contains(Sam Seeker):contains(Dlouhá 1):contains(777)",
            async run() {
                const windows = document.querySelectorAll(".o_estate_alert");
                check(windows.length === 1, "Windows of others' enquiries");
                await until(() => played.length, "No sound");
            },
        },
        {
            timeout: PATIENCE,
            content: "the other tab shows it, too, and one of them rings",
            trigger: ".o_estate_alert",
            async run() {
                const isThere = () =>
                    secondTab.document.querySelector(".o_estate_alert");
                await until(isThere, "No window in the second tab");
                await new Promise((resolve) => setTimeout(resolve, 500));
                check(played.length === 1, `Sounds: ${played}`);
                secondTab.close();
            },
        },
        {
            timeout: PATIENCE,
            content: "the title flashes until somebody looks",
            trigger: ".o_estate_alert button:contains(Call)",
            async run() {
                const isFlashing = () => document.title.includes("New enquiry!");
                await until(isFlashing, `No flash: ${document.title}`);
                await until(() => !isFlashing(), "The title stays");
                window.dispatchEvent(new Event("focus"));
                await new Promise((resolve) => setTimeout(resolve, 1100));
                check(!isFlashing(), "The title flashes on");
            },
        },
        {
            timeout: PATIENCE,
            content: "close it; the next one comes to a silent browser",
            trigger: ".o_estate_alert .o_notification_close",
            async run(helpers) {
                isSilent = true;
                await helpers.click();
                await letColleagueAssign("me");
            },
        },
        {
            timeout: PATIENCE,
            content: "a hint tells why it is silent",
            trigger: ".o_notification:contains(keeps the sound of alerts silent)",
        },
        {
            timeout: PATIENCE,
            content: "open the enquiry",
            trigger: ".o_estate_alert button:contains(Open)",
            run: "click",
        },
        {
            timeout: PATIENCE,
            content: "its form is there and the window is gone",
            trigger: ".o_form_view:contains(Second enquiry)",
        },
        {
            timeout: PATIENCE,
            content: "no window is left",
            trigger: "body:not(:has(.o_estate_alert))",
        },
    ],
});

registry.category("web_tour.tours").add("estate_alert_answer", {
    steps: () => [
        {
            timeout: PATIENCE,
            content: "the link of the mail has opened the composer on the enquiry",
            trigger: ".modal .o_mail_composer_form",
        },
        {
            timeout: PATIENCE,
            content: "leave it",
            trigger: ".modal .btn-close",
            run: "click",
        },
        {
            timeout: PATIENCE,
            content: "the enquiry lies below",
            trigger: ".o_form_view:contains(First enquiry)",
        },
    ],
});

registry.category("web_tour.tours").add("estate_associated", {
    steps: () => [
        {
            timeout: PATIENCE,
            content: "write to the contact in its chatter",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            timeout: PATIENCE,
            content: "a short answer",
            trigger: ".o-mail-Composer-input",
            run: "edit Yes, it is free.",
        },
        {
            timeout: PATIENCE,
            content: "send it",
            trigger: ".o-mail-Composer button[aria-label='Send']:enabled",
            run: "click",
        },
        {
            timeout: PATIENCE,
            content: "the large composer asks which enquiry is meant",
            trigger: ".modal .o_field_widget[name='estate_lead_id'] input",
            run: "edit Second",
        },
        {
            timeout: PATIENCE,
            content: "choose it",
            trigger: ".dropdown-menu li a:contains(Second enquiry)",
            run: "click",
        },
        {
            timeout: PATIENCE,
            content: "a subject",
            trigger: ".modal .o_field_widget[name='subject'] input",
            run: "edit Your enquiry",
        },
        {
            timeout: PATIENCE,
            content: "send it",
            trigger: ".modal .o_mail_send",
            run: "click",
        },
        {
            timeout: PATIENCE,
            content: "it is sent",
            trigger: "body:not(:has(.modal)) .o-mail-Message:contains(Yes, it is free)",
        },
    ],
});
