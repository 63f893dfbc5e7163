import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {session} from "@web/session";

import {AlertMessage} from "./alert_message";
import {TitleFlash} from "./title_flash";
import {ring} from "./ring";

// Who moved the mouse or pressed a key so recently sees what appears on his screen.
const PRESENT = 3000;
const SIGNS = ["pointermove", "pointerdown", "keydown"];

/**
 * Tells the user at once that an enquiry is his: a window with two buttons, a sound in
 * one tab, a title that flashes until he looks. What he made of it goes to the server.
 */
export const alertService = {
    dependencies: [
        "action",
        "bus_service",
        "multi_tab",
        "notification",
        "orm",
        "presence",
        "title",
    ],

    start(env, services) {
        const windows = new Map();
        const flash = new TitleFlash(services.title);

        function tell(ids, what) {
            return services.orm.silent.call("estate.alert", "tell_receipt", [
                ids,
                what,
            ]);
        }

        function close(id) {
            const shown = windows.get(id);
            windows.delete(id);
            shown?.close();
        }

        async function open(card) {
            close(card.id);
            tell([card.id], "opened");
            await services.action.doAction({
                type: "ir.actions.act_window",
                res_model: "crm.lead",
                res_id: card.lead_id,
                views: [[false, "form"]],
            });
        }

        function call(card) {
            browser.open(`tel:${card.phone.replace(/[^\d+]/g, "")}`, "_self");
            return open(card);
        }

        function show(card) {
            if (windows.has(card.id)) {
                return;
            }
            const buttons = [
                {name: _t("Open"), primary: true, onClick: () => open(card)},
            ];
            if (card.phone) {
                buttons.push({name: _t("Call"), onClick: () => call(card)});
            }
            const closeWindow = services.notification.add(AlertMessage(card), {
                title: _t("New enquiry"),
                type: "info",
                sticky: true,
                className: "o_estate_alert",
                buttons,
                onClose: () => {
                    if (windows.delete(card.id)) {
                        tell([card.id], "ignored");
                    }
                },
            });
            windows.set(card.id, {close: closeWindow});
        }

        /** Tells the server once when the windows stand on a screen. */
        function whenVisible(ids) {
            const report = () => {
                if (document.visibilityState !== "visible") {
                    return;
                }
                document.removeEventListener("visibilitychange", report);
                const isThere =
                    document.hasFocus() &&
                    services.presence.getInactivityPeriod() < PRESENT;
                tell(ids, isThere ? "seen" : "shown");
                if (!isThere) {
                    whenSeen(ids);
                }
            };
            document.addEventListener("visibilitychange", report);
            report();
        }

        /** Tells the server once when a person gives a sign in this tab. */
        function whenSeen(ids) {
            const report = () => {
                SIGNS.forEach((sign) =>
                    browser.removeEventListener(sign, report, true)
                );
                const open_ids = ids.filter((id) => windows.has(id));
                if (open_ids.length) {
                    tell(open_ids, "seen");
                }
            };
            SIGNS.forEach((sign) => browser.addEventListener(sign, report, true));
        }

        function alert({kinds, cards}, {isNew}) {
            if (!cards.length) {
                return;
            }
            if (kinds.includes("popup")) {
                cards.forEach(show);
                whenVisible(cards.map((card) => card.id));
            }
            if (kinds.includes("title")) {
                flash.start(_t("New enquiry!"));
            }
            if (isNew && kinds.includes("sound")) {
                ring(cards[0].id, services);
            }
        }

        services.bus_service.subscribe("estate.alert", (payload) =>
            alert(payload, {isNew: true})
        );
        services.bus_service.subscribe("estate.alert/close", ({ids}) =>
            ids.forEach(close)
        );
        if (session.estate_alerts) {
            alert(session.estate_alerts, {isNew: false});
        }
        answerFromLink(env, services);
    },
};

/** Opens the composer when the page was opened by the link of a mail. */
function answerFromLink(env, {action, orm}) {
    const id = Number(
        new URLSearchParams(browser.location.search).get("estate_answer")
    );
    if (!id) {
        return;
    }
    const answer = async () => {
        const composer = await orm.call("crm.lead", "action_answer", [[id]]);
        await action.doAction({...composer, views: [[false, "form"]]});
    };
    env.bus.addEventListener("ACTION_MANAGER:UI-UPDATED", answer, {once: true});
}

registry.category("services").add("estate_alert", alertService);
