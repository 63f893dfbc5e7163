import {browser} from "@web/core/browser/browser";

const RHYTHM = 1000;

/** Lets the title of a tab in the background blink until somebody looks at it. */
export class TitleFlash {
    /**
     * @param {Object} title Odoo's service
     */
    constructor(title) {
        this.title = title;
        this.stop = this.stop.bind(this);
    }

    /**
     * @param {String} text
     */
    start(text) {
        if (this.timer || document.hasFocus()) {
            return;
        }
        this.isShown = false;
        this.timer = browser.setInterval(() => this.blink(text), RHYTHM);
        this.blink(text);
        browser.addEventListener("focus", this.stop);
        document.addEventListener("pointerdown", this.stop, true);
    }

    blink(text) {
        this.isShown = !this.isShown;
        // What is added last stands last, and of a tab only the beginning is read.
        const parts = {...this.title.getParts()};
        delete parts.estate_alert;
        const none = Object.fromEntries(Object.keys(parts).map((key) => [key, null]));
        this.title.setParts({...none, estate_alert: null});
        this.title.setParts({estate_alert: this.isShown && text, ...parts});
    }

    stop() {
        browser.clearInterval(this.timer);
        this.timer = null;
        browser.removeEventListener("focus", this.stop);
        document.removeEventListener("pointerdown", this.stop, true);
        this.title.setParts({estate_alert: null});
    }
}
