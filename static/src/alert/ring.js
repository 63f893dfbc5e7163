import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";

const SOUND = "/crm_real_estate/static/audio/alert.wav";
// Longer than tabs differ in hearing of an alert.
const HELD = 5000;

let isHintShown = false;

/**
 * Plays the sound of an alert, in one of the tabs of this browser.
 *
 * @param {Number} id of the alert
 * @param {Object} services
 */
export async function ring(id, services) {
    if (browser.navigator.locks) {
        await browser.navigator.locks.request(
            `estate_alert_${id}`,
            {ifAvailable: true},
            async (lock) => {
                if (lock) {
                    await play(services);
                    await new Promise((resolve) => browser.setTimeout(resolve, HELD));
                }
            }
        );
    } else if (await services.multi_tab.isOnMainTab()) {
        // Without https there are no locks.
        await play(services);
    }
}

async function play({notification}) {
    try {
        await new Audio(SOUND).play();
    } catch (error) {
        if (error.name !== "NotAllowedError" || isHintShown) {
            return;
        }
        isHintShown = true;
        notification.add(
            _t(
                "Your browser keeps the sound of alerts silent. Click once anywhere on this page, or allow sound for this site."
            ),
            {type: "warning", sticky: true}
        );
    }
}
