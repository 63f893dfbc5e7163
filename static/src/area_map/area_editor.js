import {
    FEWEST_POINTS,
    findPart,
    insertPoint,
    movePoint,
    removePoint,
    removeRing,
} from "./area_geometry";

const MOST_STEPS = 200;

/**
 * What a person is drawing: parts, the line that is being drawn, the point that is
 * selected, and the way back.
 */
export class AreaEditor {
    constructor(parts = []) {
        this.load(parts);
    }

    /**
     * Starts anew with an area, without a way back.
     *
     * @param {Array} parts
     */
    load(parts) {
        this.parts = parts;
        this.draft = null;
        this.draftKind = "part";
        this.selected = null;
        this.past = [];
        this.future = [];
    }

    // === STEPS ===

    /**
     * @param {Array} parts
     */
    change(parts) {
        this.past = [...this.past, this.parts].slice(-MOST_STEPS);
        this.future = [];
        this.parts = parts;
        if (!this.getPosition(this.selected)) {
            this.selected = null;
        }
    }

    get canUndo() {
        return Boolean(this.draft ? this.draft.length : this.past.length);
    }

    get canRedo() {
        return !this.draft && Boolean(this.future.length);
    }

    /**
     * Takes back the last step; while a line is drawn, its last point.
     */
    undo() {
        if (this.draft) {
            this.draft = this.draft.slice(0, -1);
        } else if (this.past.length) {
            this.future = [this.parts, ...this.future];
            this.parts = this.past.at(-1);
            this.past = this.past.slice(0, -1);
            this.selected = null;
        }
    }

    redo() {
        if (this.canRedo) {
            const [parts, ...future] = this.future;
            this.past = [...this.past, this.parts];
            this.parts = parts;
            this.future = future;
            this.selected = null;
        }
    }

    // === DRAWING ===

    /**
     * @param {"part"|"hole"} kind
     */
    startDraft(kind) {
        this.draft = [];
        this.draftKind = kind;
        this.selected = null;
    }

    cancelDraft() {
        this.draft = null;
    }

    addToDraft(position) {
        const last = this.draft.at(-1);
        if (!last || last[0] !== position[0] || last[1] !== position[1]) {
            this.draft = [...this.draft, position];
        }
    }

    get canFinish() {
        return this.draft?.length >= FEWEST_POINTS;
    }

    /**
     * Closes the line: it becomes a part, or a hole of the part around it.
     *
     * @returns {Boolean} false when a hole lies in no part; the line stays
     */
    finishDraft() {
        if (this.draftKind === "part") {
            this.change([...this.parts, [this.draft]]);
        } else {
            const part = findPart(this.parts, this.draft[0]);
            if (part < 0) {
                return false;
            }
            this.change(this.parts.with(part, [...this.parts[part], this.draft]));
        }
        this.draft = null;
        return true;
    }

    // === POINTS ===

    /**
     * @param {Object|null} place {part, ring, point}
     * @returns {Array|undefined} position of this point
     */
    getPosition(place) {
        return place ? this.parts[place.part]?.[place.ring]?.[place.point] : undefined;
    }

    /**
     * @returns {Array} the places of all points, in their order
     */
    get places() {
        return this.parts.flatMap((rings, part) =>
            rings.flatMap((points, ring) =>
                points.map((_position, point) => ({part, ring, point}))
            )
        );
    }

    select(place) {
        this.selected = place;
    }

    /**
     * Selects the next point, or the one before.
     *
     * @param {1|-1} step
     */
    selectNext(step) {
        const places = this.places;
        const current = places.findIndex(
            (place) => JSON.stringify(place) === JSON.stringify(this.selected)
        );
        const start = step < 0 && current < 0 ? 0 : current;
        this.selected = places.at((start + step) % places.length) || null;
    }

    /**
     * @param {Array} position
     * @param {Boolean} isSameStep more of a movement that one undo takes back
     */
    moveSelected(position, isSameStep = false) {
        const parts = movePoint(this.parts, this.selected, position);
        if (isSameStep) {
            this.parts = parts;
        } else {
            this.change(parts);
        }
    }

    /**
     * Adds a point and selects it.
     *
     * @param {Object} place the new point comes after this one
     * @param {Array} position
     */
    insertAfter(place, position) {
        this.change(insertPoint(this.parts, place, position));
        this.selected = {...place, point: place.point + 1};
    }

    removeSelected() {
        const place = this.selected;
        this.change(removePoint(this.parts, place));
        this.selected = null;
    }

    /**
     * Removes the line of the selected point: a part or one of its holes.
     */
    removeSelectedRing() {
        const place = this.selected;
        this.selected = null;
        this.change(removeRing(this.parts, place));
    }
}
