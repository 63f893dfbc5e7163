/**
 * The keys of a map: moving and zooming it, drawing, changing points.
 */

// Pixels of a step by the arrow keys; NEAR with Shift.
export const FAR = 20;
const NEAR = 2;
const ARROWS = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
};

/**
 * @param {AreaMap} map
 * @param {KeyboardEvent} ev
 * @returns {Boolean} has the key done something
 */
export function pressKey(map, ev) {
    const arrow = ARROWS[ev.key];
    if (arrow) {
        return pressArrow(map, arrow, ev.shiftKey ? NEAR : FAR);
    }
    return pressViewKey(map, ev) || (map.editor && pressEditKey(map, ev));
}

function pressArrow(map, [x, y], step) {
    const {editor, view} = map;
    if (editor?.draft) {
        const [left, top] = map.state.cursor || [view.width / 2, view.height / 2];
        map.state.cursor = [
            Math.max(0, Math.min(view.width, left + x * step)),
            Math.max(0, Math.min(view.height, top + y * step)),
        ];
    } else if (editor?.selected) {
        const [left, top] = view.toScreen(editor.getPosition(editor.selected));
        editor.moveSelected(view.toPosition([left + x * step, top + y * step]));
        map.props.onChange();
    } else {
        map.pan(-x * step * 2, -y * step * 2);
    }
    return true;
}

function pressViewKey(map, ev) {
    if (ev.ctrlKey || ev.metaKey || ev.altKey) {
        return false;
    }
    const keys = {
        "+": () => map.zoom(1.5),
        "-": () => map.zoom(1 / 1.5),
        0: () => map.fit(),
    };
    keys[ev.key]?.();
    return ev.key in keys;
}

function pressEditKey(map, ev) {
    if (ev.ctrlKey || ev.metaKey) {
        return pressUndoKey(map, ev);
    }
    if (ev.altKey) {
        return false;
    }
    return map.editor.draft ? pressDraftKey(map, ev) : pressPointKey(map, ev);
}

function pressUndoKey(map, ev) {
    const key = ev.key.toLowerCase();
    if (key === "z" && !ev.shiftKey) {
        map.editor.undo();
    } else if (key === "y" || key === "z") {
        map.editor.redo();
    } else {
        return false;
    }
    map.props.onChange();
    return true;
}

function pressDraftKey(map, ev) {
    const {editor, state, view} = map;
    if (ev.key === " ") {
        state.cursor ||= [view.width / 2, view.height / 2];
        editor.addToDraft(view.toPosition(state.cursor));
    } else if (ev.key === "Enter" && editor.canFinish) {
        map.finish();
    } else if (ev.key === "Backspace") {
        editor.undo();
    } else if (ev.key === "Escape") {
        editor.cancelDraft();
        state.cursor = null;
    } else {
        return ev.key === "Enter";
    }
    return true;
}

function pressPointKey(map, ev) {
    const {editor} = map;
    if (["n", "p"].includes(ev.key)) {
        editor.selectNext(ev.key === "n" ? 1 : -1);
        return true;
    }
    if (!editor.selected) {
        return false;
    }
    if (["Delete", "Backspace"].includes(ev.key)) {
        editor.removeSelected();
        map.props.onChange();
    } else if (["Insert", "i"].includes(ev.key)) {
        map.insertAfterSelected();
    } else if (ev.key === "Escape") {
        editor.select(null);
    } else {
        return false;
    }
    return true;
}
