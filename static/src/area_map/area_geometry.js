/**
 * Geometry of areas on a map, without any screen.
 *
 * A position is [longitude, latitude] in degrees, a ring a list of at least three
 * positions whose last one is joined to the first, a part [outline, ...holes]. All of
 * them are never changed, but replaced by changed copies.
 */

const DIGITS = 7;
// Where the Mercator projection ends.
const MAX_LATITUDE = 85.05;
export const FEWEST_POINTS = 3;

function round(degrees) {
    return Number(degrees.toFixed(DIGITS));
}

// === GEOJSON ===

function* iterPolygons(value) {
    const {type} = value || {};
    if (type === "Feature") {
        yield* iterPolygons(value.geometry);
    } else if (type === "FeatureCollection") {
        for (const feature of value.features || []) {
            yield* iterPolygons(feature);
        }
    } else if (type === "GeometryCollection") {
        for (const geometry of value.geometries || []) {
            yield* iterPolygons(geometry);
        }
    } else if (type === "Polygon") {
        yield value.coordinates;
    } else if (type === "MultiPolygon") {
        yield* value.coordinates;
    }
}

function isPosition(position) {
    return (
        Array.isArray(position) &&
        Number.isFinite(position[0]) &&
        Number.isFinite(position[1])
    );
}

function readRing(ring) {
    if (!Array.isArray(ring) || !ring.every(isPosition)) {
        throw new TypeError("a ring is a list of positions");
    }
    const positions = ring.map(([longitude, latitude]) => [longitude, latitude]);
    const [first, last] = [positions[0], positions.at(-1)];
    const isClosed =
        positions.length > 1 && first[0] === last[0] && first[1] === last[1];
    return isClosed ? positions.slice(0, -1) : positions;
}

/**
 * @param {Object|String|false} value GeoJSON: (Multi)Polygon, or features of them
 * @returns {Array} its parts, empty when there is no polygon in it
 * @throws {Error} when it is not GeoJSON
 */
export function readGeoJson(value) {
    const decoded = typeof value === "string" ? JSON.parse(value) : value;
    return Array.from(iterPolygons(decoded), (rings) => rings.map(readRing)).filter(
        ([outline]) => outline?.length >= FEWEST_POINTS
    );
}

/**
 * @param {Array} parts
 * @returns {Object|false} a GeoJSON geometry, false when there is no part
 */
export function toGeoJson(parts) {
    const polygons = parts.map((rings) =>
        rings.map((ring) =>
            [...ring, ring[0]].map(([longitude, latitude]) => [
                round(longitude),
                round(latitude),
            ])
        )
    );
    if (!polygons.length) {
        return false;
    }
    return polygons.length === 1
        ? {type: "Polygon", coordinates: polygons[0]}
        : {type: "MultiPolygon", coordinates: polygons};
}

// === ON THE MAP ===

/**
 * @param {Array} position
 * @returns {Array} [x, y] of the Mercator projection, 0 to 1, y grows to the south
 */
export function project([longitude, latitude]) {
    const limited = Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, latitude));
    const angle = (limited * Math.PI) / 180;
    return [
        (longitude + 180) / 360,
        (1 - Math.log(Math.tan(angle) + 1 / Math.cos(angle)) / Math.PI) / 2,
    ];
}

/**
 * @param {Array} place [x, y] as `project` returns it
 * @returns {Array} position
 */
export function unproject([x, y]) {
    const latitude = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
    const longitude = Math.max(-180, Math.min(180, x * 360 - 180));
    return [round(longitude), round(latitude)];
}

/**
 * @param {Array} positions
 * @returns {Object|null} {west, south, east, north}, null for none
 */
export function getBounds(positions) {
    let bounds = null;
    for (const [longitude, latitude] of positions) {
        bounds ||= {west: 180, south: 90, east: -180, north: -90};
        bounds.west = Math.min(bounds.west, longitude);
        bounds.east = Math.max(bounds.east, longitude);
        bounds.south = Math.min(bounds.south, latitude);
        bounds.north = Math.max(bounds.north, latitude);
    }
    return bounds;
}

/**
 * @param {Array} ring
 * @param {Array} position
 * @returns {Boolean} does it lie inside
 */
export function ringContains(ring, [longitude, latitude]) {
    let isInside = false;
    ring.forEach(([x1, y1], index) => {
        const [x2, y2] = ring.at(index - 1);
        const isBeside = y1 > latitude !== y2 > latitude;
        if (isBeside && longitude < ((x2 - x1) * (latitude - y1)) / (y2 - y1) + x1) {
            isInside = !isInside;
        }
    });
    return isInside;
}

/**
 * @param {Array} parts
 * @param {Array} position
 * @returns {Number} of the part whose outline holds the position, -1 for none
 */
export function findPart(parts, position) {
    return parts.findIndex(([outline]) => ringContains(outline, position));
}

// === CHANGING ===

function changeRing(parts, {part, ring}, change) {
    return parts
        .map((rings, index) =>
            index === part
                ? rings
                      .map((points, number) =>
                          number === ring ? change(points) : points
                      )
                      .filter(
                          (points, number) =>
                              number === 0 || points.length >= FEWEST_POINTS
                      )
                : rings
        )
        .filter(([outline]) => outline.length >= FEWEST_POINTS);
}

/**
 * @param {Array} parts
 * @param {Object} place {part, ring, point}, numbers of the point
 * @param {Array} position where it goes
 * @returns {Array} changed parts
 */
export function movePoint(parts, place, position) {
    return changeRing(parts, place, (points) => points.with(place.point, position));
}

/**
 * @param {Array} parts
 * @param {Object} place {part, ring, point}: the new point comes after this one
 * @param {Array} position
 * @returns {Array} changed parts
 */
export function insertPoint(parts, place, position) {
    return changeRing(parts, place, (points) =>
        points.toSpliced(place.point + 1, 0, position)
    );
}

/**
 * A ring with too few points goes, and with an outline its part.
 *
 * @param {Array} parts
 * @param {Object} place {part, ring, point}
 * @returns {Array} changed parts
 */
export function removePoint(parts, place) {
    return changeRing(parts, place, (points) => points.toSpliced(place.point, 1));
}

/**
 * @param {Array} parts
 * @param {Object} place {part, ring}: an outline goes with its holes
 * @returns {Array} changed parts
 */
export function removeRing(parts, place) {
    return changeRing(parts, place, () => []);
}
