/**
 * Checks that a screen fits its width, and that its main targets fit a thumb.
 *
 * @param {string} selector the targets
 * @returns {Object} a step of a tour
 */
export function checkFits(selector) {
    return {
        content: "nothing lies outside of the screen, targets are 44 px high",
        trigger: selector,
        run() {
            const {scrollWidth} = document.documentElement;
            if (scrollWidth > window.innerWidth) {
                throw new Error(
                    `${scrollWidth} px wide, the screen has ${window.innerWidth}`
                );
            }
            for (const target of document.querySelectorAll(selector)) {
                const {height, left, right} = target.getBoundingClientRect();
                if (Math.round(height) < 44) {
                    throw new Error(
                        `${target.outerHTML.slice(0, 200)} is ${height} px high`
                    );
                }
                if (left < 0 || right > window.innerWidth + 1) {
                    throw new Error(`${target.outerHTML.slice(0, 200)} is cut off`);
                }
            }
        },
    };
}

/**
 * @param {string} name of the person who is to be called
 * @returns {Object} a step that waits for this person's card, ready for its outcome
 */
export function seeCard(name) {
    return {
        content: `the card of ${name} is there`,
        trigger: `.o_estate_call_card[aria-label="${name}"]:has(.o_estate_outcome:enabled)`,
    };
}
