import {getBounds, project, unproject} from "./area_geometry";

// Pixels of the whole world where a map is at zoom 0.
export const TILE = 256;
const MIN_SCALE = TILE;
const MAX_SCALE = TILE * 2 ** 21;
const MARGIN = 0.12;

/**
 * The part of the world that a map shows: pixels from and to positions.
 */
export class Viewport {
    constructor(width = 600, height = 400) {
        this.width = width;
        this.height = height;
        this.x = 0.5;
        this.y = 0.5;
        this.scale = MIN_SCALE;
    }

    toScreen(position) {
        const [x, y] = project(position);
        return [
            (x - this.x) * this.scale + this.width / 2,
            (y - this.y) * this.scale + this.height / 2,
        ];
    }

    toPosition([left, top]) {
        return unproject([
            this.x + (left - this.width / 2) / this.scale,
            this.y + (top - this.height / 2) / this.scale,
        ]);
    }

    /**
     * Moves what is shown by pixels.
     */
    pan(right, down) {
        this.x = Math.max(0, Math.min(1, this.x - right / this.scale));
        this.y = Math.max(0, Math.min(1, this.y - down / this.scale));
    }

    /**
     * @param {Number} factor above 1 shows less, but larger
     * @param {Array} place [left, top] in pixels that stays where it is
     */
    zoom(factor, [left, top] = [this.width / 2, this.height / 2]) {
        const scale = Math.max(MIN_SCALE, Math.min(MAX_SCALE, this.scale * factor));
        const [right, down] = [left - this.width / 2, top - this.height / 2];
        this.x += right / this.scale - right / scale;
        this.y += down / this.scale - down / scale;
        this.scale = scale;
        this.pan(0, 0);
    }

    /**
     * Shows all of these positions.
     *
     * @param {Array} positions
     */
    fit(positions) {
        const bounds = getBounds(positions);
        if (!bounds) {
            return;
        }
        const [left, top] = project([bounds.west, bounds.north]);
        const [right, bottom] = project([bounds.east, bounds.south]);
        this.x = (left + right) / 2;
        this.y = (top + bottom) / 2;
        const room = 1 - 2 * MARGIN;
        this.scale = Math.max(
            MIN_SCALE,
            Math.min(
                (this.width * room) / Math.max(right - left, 1e-9),
                (this.height * room) / Math.max(bottom - top, 1e-9),
                // A single point: about a town.
                TILE * 2 ** 12
            )
        );
    }

    /**
     * @param {Object|null} bounds as `getBounds` returns them
     * @returns {Boolean} is some of it on the screen
     */
    sees(bounds) {
        if (!bounds) {
            return false;
        }
        const [left, top] = this.toScreen([bounds.west, bounds.north]);
        const [right, bottom] = this.toScreen([bounds.east, bounds.south]);
        return right >= 0 && left <= this.width && bottom >= 0 && top <= this.height;
    }

    /**
     * @param {Array} rings
     * @returns {String} path of an SVG; holes stay open with the rule "evenodd"
     */
    getPath(rings) {
        return rings
            .map((ring) => {
                const places = ring.map((position) =>
                    this.toScreen(position)
                        .map((pixels) => pixels.toFixed(1))
                        .join(" ")
                );
                return `M${places.join("L")}Z`;
            })
            .join("");
    }

    /**
     * @returns {Array} lines of longitude and latitude: {id, label, x1, y1, x2, y2}
     */
    getGrid() {
        const [west, north] = this.toPosition([0, 0]);
        const [east, south] = this.toPosition([this.width, this.height]);
        const width = Math.max(east - west, 1e-6);
        const power = 10 ** Math.floor(Math.log10(width / 2));
        const step = [5, 2, 1]
            .map((times) => times * power)
            .find((s) => s <= width / 2);
        const digits = Math.max(0, -Math.floor(Math.log10(step)));
        const lines = [];
        for (let number = Math.ceil(west / step); number * step <= east; number++) {
            const [x] = this.toScreen([number * step, north]);
            const label = `${(number * step).toFixed(digits)}°`;
            lines.push({id: `x${number}`, label, x1: x, y1: 0, x2: x, y2: this.height});
        }
        for (let number = Math.ceil(south / step); number * step <= north; number++) {
            const [, y] = this.toScreen([west, number * step]);
            const label = `${(number * step).toFixed(digits)}°`;
            lines.push({id: `y${number}`, label, x1: 0, y1: y, x2: this.width, y2: y});
        }
        return lines;
    }
}
