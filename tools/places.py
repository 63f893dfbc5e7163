"""Which territories a place belongs to: by postal code, city, station or area."""

import re
from collections import defaultdict
from dataclasses import dataclass

from anyascii import anyascii

from .areas import AreaIndex, AreaOf

_SEPARATOR = re.compile(r"[,;\n]+")
_BLANKS = re.compile(r"[\s-]+")
_RANGE = re.compile(r"(\d[\d\s]*)-(\d[\d\s]*)")
_PREFIX = re.compile(r"([0-9A-Z]+)\*")
_SINGLE = re.compile(r"[0-9A-Z]+")


def normalize_code(text):
    """Return a postal code without blanks and dashes: "sw1a 1aa" -> "SW1A1AA"."""
    return _BLANKS.sub("", text or "").upper()


def normalize_city(text):
    """Return a city name for comparing: "Praha 6 – Bubeneč" -> "praha 6 bubenec"."""
    return " ".join(re.findall(r"[a-z0-9]+", anyascii(text or "").lower()))


@dataclass(frozen=True, slots=True)
class Codes:
    """Postal codes of a territory: single ones, beginnings and ranges of numbers.

    :param exact: normalized single codes
    :param prefixes: beginnings of codes
    :param ranges: (low, high, number of digits) of numeric codes, both ends included
    :param unreadable: parts of the text that are none of these
    """

    exact: frozenset = frozenset()
    prefixes: tuple = ()
    ranges: tuple = ()
    unreadable: tuple = ()


def read_codes(text):
    """Parse postal codes: single (11000), beginning (110*), range (11000-11999).

    A dash between two numbers of the same length is a range, else a part of one code,
    as in "00-950".

    :param str text: separated by commas, semicolons or line breaks
    :return: `Codes`
    """
    exact, prefixes, ranges, unreadable = set(), set(), set(), []
    for part in filter(str.strip, _SEPARATOR.split(text)):
        code = normalize_code(part)
        limits = _read_range(part.strip())
        if limits and limits[0] <= limits[1]:
            ranges.add(limits)
        elif limits:
            unreadable.append(part.strip())
        elif prefix := _PREFIX.fullmatch(code):
            prefixes.add(prefix[1])
        elif _SINGLE.fullmatch(code) and any(map(str.isdigit, code)):
            exact.add(code)
        else:
            unreadable.append(part.strip())
    return Codes(
        frozenset(exact),
        tuple(sorted(prefixes)),
        tuple(sorted(ranges)),
        tuple(unreadable),
    )


def _read_range(text):
    """Return (low, high, number of digits) of a range, None when it is none."""
    match = _RANGE.fullmatch(text)
    low, high = (normalize_code(end) for end in match.groups()) if match else ("", "")
    if not match or len(low) != len(high):
        return None
    return int(low), int(high), len(low)


def read_cities(text):
    """Return the normalized city names of a text, separated like postal codes."""
    return frozenset(filter(None, map(normalize_city, _SEPARATOR.split(text))))


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory as plain values.

    :param ancestors: keys of its parents, whose it is a part of
    :param area: GeoJSON geometry as `areas.read_area` returns it, or None
    """

    key: int
    ancestors: frozenset = frozenset()
    codes: Codes = Codes()
    cities: frozenset = frozenset()
    stations: frozenset = frozenset()
    area: dict | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where something lies.

    :param str zip_code: as written by people
    :param str city: as written by people
    :param stations: keys of stations near it
    :param point: (longitude, latitude) in degrees, None when unknown
    """

    zip_code: str = ""
    city: str = ""
    stations: tuple = ()
    point: tuple | None = None


class PlaceIndex:
    """Answers which territories places belong to, without looking at each of them."""

    def __init__(self, territories):
        territories = tuple(territories)
        self._families = {
            territory.key: frozenset({territory.key, *territory.ancestors})
            for territory in territories
        }
        self._exact, self._prefixes = defaultdict(set), defaultdict(set)
        self._cities, self._stations = defaultdict(set), defaultdict(set)
        self._ranges = []
        for territory in territories:
            for index, keys in (
                (self._exact, territory.codes.exact),
                (self._prefixes, territory.codes.prefixes),
                (self._cities, territory.cities),
                (self._stations, territory.stations),
            ):
                for key in keys:
                    index[key].add(territory.key)
            self._ranges += [
                (*limits, territory.key) for limits in territory.codes.ranges
            ]
        self._areas = AreaIndex(
            AreaOf(territory.key, territory.area)
            for territory in territories
            if territory.area
        )

    def find(self, zip_code="", city="", stations=(), point=None):
        """Return the sorted keys of all territories of one place (see `Place`)."""
        return list(self.find_all([Place(zip_code, city, tuple(stations), point)])[0])

    def find_all(self, places):
        """Return for each place the sorted keys of all its territories, as a tuple.

        :param places: list of `Place`
        """
        in_areas = self._areas.find([place.point for place in places])
        by_code, by_city, by_parts = {}, {}, {}
        result = []
        for place, areas in zip(places, in_areas, strict=True):
            if place.zip_code not in by_code:
                by_code[place.zip_code] = self._find_by_code(place.zip_code)
            if place.city not in by_city:
                by_city[place.city] = self._cities.get(
                    normalize_city(place.city), frozenset()
                )
            found = frozenset().union(
                areas,
                by_code[place.zip_code],
                by_city[place.city],
                *(self._stations.get(key, ()) for key in place.stations),
            )
            if found not in by_parts:
                by_parts[found] = self._add_parents(found)
            result.append(by_parts[found])
        return result

    def _add_parents(self, keys):
        return tuple(sorted(set().union(*(self._families[key] for key in keys))))

    def _find_by_code(self, text):
        code = normalize_code(text)
        if not code:
            return frozenset()
        found = set(self._exact.get(code, ()))
        for length in range(1, len(code) + 1):
            found |= self._prefixes.get(code[:length], set())
        if code.isascii() and code.isdigit():
            number = int(code)
            found.update(
                key
                for low, high, digits, key in self._ranges
                if digits == len(code) and low <= number <= high
            )
        return found
