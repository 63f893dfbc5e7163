"""Areas drawn on a map: read GeoJSON, say what is wrong with it, find points in them.

Longitudes and latitudes are plain coordinates (RFC 7946, section 3.1.1): the line
between two points is straight in them. An area that crosses the antimeridian is drawn
as two parts, one on each side of it (section 3.1.9).
"""

import json
import math
from collections import defaultdict
from dataclasses import dataclass

import shapely
from shapely.geometry import shape
from shapely.validation import explain_validity

# Digits after the point: about one centimetre, as those of a property's coordinates.
DIGITS = 7
# The outline of a country in full detail has about as many.
MOST_POINTS = 20_000
MOST_RINGS = 2_000
_RING_POINTS = 4


class AreaError(ValueError):
    """A text is no area; `code` says why, `details` where.

    Codes: `unreadable`, `kind` (kind), `empty`, `ring` (part, ring), `open` (part,
    ring), `short` (part, ring), `point` (part, ring), `outside` (longitude, latitude),
    `too_many` (count, most), `rings` (count, most), `crossing` (longitude, latitude).
    Parts and rings are counted from 1; ring 1 is the outline, the others are holes.
    """

    def __init__(self, code, **details):
        super().__init__(code)
        self.code = code
        self.details = details


# === READING ===


def read_area(value):
    """Return an area as a GeoJSON geometry, checked and in one spelling.

    :param value: GeoJSON as a text or as decoded values: Polygon, MultiPolygon, or a
        Feature, a FeatureCollection, a GeometryCollection of them; empty is no area
    :return: dict of type Polygon or MultiPolygon with pairs (longitude, latitude) of
        at most `DIGITS` digits, or None
    :raises AreaError: when it is anything else
    """
    if isinstance(value, str):
        value = _decode(value)
    if not value:
        return None
    parts = list(_iter_parts(value))
    if not parts:
        raise AreaError("empty")
    _check_size(parts)
    polygons = [_read_part(part, number) for number, part in enumerate(parts, 1)]
    if len(polygons) == 1 and value.get("type") != "MultiPolygon":
        area = {"type": "Polygon", "coordinates": polygons[0]}
    else:
        area = {"type": "MultiPolygon", "coordinates": polygons}
    _check_shape(area)
    return area


def _decode(text):
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise AreaError("unreadable") from None


def _iter_parts(value):
    """Yield the coordinates of each polygon in a GeoJSON value."""
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "Feature":
        yield from _iter_parts(value.get("geometry"))
    elif kind in ("FeatureCollection", "GeometryCollection"):
        members = "features" if kind == "FeatureCollection" else "geometries"
        for member in _get_list(value.get(members)):
            yield from _iter_parts(member)
    elif kind == "Polygon":
        yield value.get("coordinates")
    elif kind == "MultiPolygon":
        yield from _get_list(value.get("coordinates"))
    else:
        raise AreaError("kind", kind=str(kind or "?")[:40])


def _get_list(value):
    if not isinstance(value, list | tuple):
        raise AreaError("unreadable")
    return value


def _check_size(parts):
    rings = [
        ring
        for part in parts
        if isinstance(part, list | tuple)
        for ring in part
        if isinstance(ring, list | tuple)
    ]
    points = sum(map(len, rings))
    if len(rings) > MOST_RINGS:
        raise AreaError("rings", count=len(rings), most=MOST_RINGS)
    if points > MOST_POINTS:
        raise AreaError("too_many", count=points, most=MOST_POINTS)


def _read_part(part, number):
    """Return the rings of one polygon: its outline, then its holes."""
    if not isinstance(part, list | tuple) or not part:
        raise AreaError("ring", part=number, ring=1)
    return [_read_ring(ring, number, index) for index, ring in enumerate(part, 1)]


def _read_ring(ring, part, number):
    place = {"part": part, "ring": number}
    if not isinstance(ring, list | tuple):
        raise AreaError("ring", **place)
    points = [_read_point(point, place) for point in ring]
    if len(points) >= _RING_POINTS and points[0] != points[-1]:
        raise AreaError("open", **place)
    if len(points) < _RING_POINTS or len(set(map(tuple, points))) < _RING_POINTS - 1:
        raise AreaError("short", **place)
    return points


def _read_point(point, place):
    """Return [longitude, latitude]; a height is left out."""
    if not isinstance(point, list | tuple) or not 2 <= len(point) <= 4:
        raise AreaError("point", **place)
    longitude, latitude = point[:2]
    for number in (longitude, latitude):
        is_number = isinstance(number, int | float) and not isinstance(number, bool)
        if not is_number or (isinstance(number, float) and not math.isfinite(number)):
            raise AreaError("point", **place)
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        limits = (max(-1e6, min(number, 1e6)) for number in (longitude, latitude))
        longitude, latitude = limits
        raise AreaError("outside", longitude=longitude, latitude=latitude)
    return [round(float(longitude), DIGITS), round(float(latitude), DIGITS)]


def _check_shape(area):
    """Refuse outlines that cross themselves, each other or their holes."""
    geometry = shape(area)
    if geometry.is_valid:
        return
    # GEOS tells the place as "Self-intersection[14.4 50.1]".
    place = explain_validity(geometry).partition("[")[2].rstrip("]").split()
    longitude, latitude = (
        (round(float(number), 5) for number in place[:2]) if place else (0, 0)
    )
    raise AreaError("crossing", longitude=longitude, latitude=latitude)


def get_bounds(area):
    """Return (west, south, east, north) of a GeoJSON geometry, in degrees."""
    return shape(area).bounds


# === FINDING ===


@dataclass(frozen=True, slots=True)
class AreaOf:
    """The area of one territory.

    :param key: of the territory
    :param geometry: GeoJSON of type Polygon or MultiPolygon, as `read_area` returns it
    """

    key: int
    geometry: dict


class AreaIndex:
    """Answers in which areas points lie, many points at once.

    A point on an outline, also on that of a hole, lies in the area: on a line drawn
    between two territories it belongs to both, and no point falls between them.
    Built once, it may be read by several threads.
    """

    def __init__(self, areas):
        areas = sorted(areas, key=lambda area: area.key)
        self._keys = [area.key for area in areas]
        self._shapes = shapely.from_geojson(
            [json.dumps(area.geometry) for area in areas]
        )
        self._tree = shapely.STRtree(self._shapes)
        if areas:
            # GEOS makes its indexes at the first question, which must come from one
            # thread: ask each shape for a corner of its box.
            shapely.prepare(self._shapes)
            west, south, *_rest = shapely.bounds(self._shapes).T
            shapely.intersects_xy(self._shapes, west, south)
            self._tree.query(self._shapes[0])

    def find(self, points):
        """Return for each point the keys of the areas it lies in, in their order.

        :param points: list of (longitude, latitude) in degrees, None: lies nowhere
        :return: list of lists
        """
        numbers = defaultdict(list)
        for number, point in enumerate(points):
            if point is not None:
                numbers[point].append(number)
        found = [[] for _point in points]
        if not numbers or not self._keys:
            return found
        places = list(numbers)
        spots = shapely.points(places)
        near, boxes = self._tree.query(spots)
        longitudes, latitudes = shapely.get_coordinates(spots[near]).T
        inside = shapely.intersects_xy(self._shapes[boxes], longitudes, latitudes)
        pairs = sorted(zip(near[inside].tolist(), boxes[inside].tolist(), strict=True))
        for place, box in pairs:
            for number in numbers[places[place]]:
                found[number].append(self._keys[box])
        return found
