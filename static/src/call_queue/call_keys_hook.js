import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {useService} from "@web/core/utils/hooks";
import {useExternalListener} from "@odoo/owl";

const MOST_KEYS = 9;

/**
 * The keys of the call queue: a digit for each outcome, N for the next card, / for the
 * note. They rest while somebody types or a dialog is open.
 *
 * @param {Object} handlers
 * @param {(index: number) => void} handlers.onOutcome
 * @param {() => void} handlers.onNext
 */
export function useCallKeys({onOutcome, onNext}) {
    const ui = useService("ui");
    for (let digit = 1; digit <= MOST_KEYS; digit++) {
        useHotkey(`${digit}`, () => onOutcome(digit - 1));
    }
    useHotkey("n", onNext);

    // Odoo's hotkey service knows neither "/" nor the digits of the number block.
    useExternalListener(window, "keydown", (ev) => {
        const isTyping = ev.target.closest?.(
            "input, textarea, select, [contenteditable]"
        );
        const isPlain = !ev.repeat && !ev.ctrlKey && !ev.altKey && !ev.metaKey;
        if (isTyping || !isPlain || ui.activeElement !== document) {
            return;
        }
        if (ev.key === "/") {
            ev.preventDefault();
            document.querySelector(".o_estate_call_note")?.focus();
        } else if (/^Numpad[1-9]$/.test(ev.code) && /^[1-9]$/.test(ev.key)) {
            ev.preventDefault();
            onOutcome(Number(ev.key) - 1);
        }
    });
}
