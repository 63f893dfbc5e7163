import {browser} from "@web/core/browser/browser";
import {onMounted, onWillUnmount, useExternalListener} from "@odoo/owl";

const INTERVAL = 60_000;

/**
 * Calls back when the tab is shown again and once a minute while it is shown, so that a
 * screen left open tells the truth.
 *
 * @param {() => void} callback
 */
export function useRefresh(callback) {
    const refreshWhenShown = () => {
        if (document.visibilityState === "visible") {
            callback();
        }
    };
    let timer;
    useExternalListener(document, "visibilitychange", refreshWhenShown);
    onMounted(() => {
        timer = browser.setInterval(refreshWhenShown, INTERVAL);
    });
    onWillUnmount(() => browser.clearInterval(timer));
}
