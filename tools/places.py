"""Which territories a place belongs to, by postal code, city or station."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from anyascii import anyascii

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
    """A territory as plain values; `ancestors` holds the keys of its parents."""

    key: int
    ancestors: frozenset = frozenset()
    codes: Codes = Codes()
    cities: frozenset = frozenset()
    stations: frozenset = frozenset()


@dataclass(slots=True)
class PlaceIndex:
    """Answers which territories a place belongs to, without looking at each of them."""

    territories: tuple
    _exact: dict = field(default_factory=lambda: defaultdict(set))
    _prefixes: dict = field(default_factory=lambda: defaultdict(set))
    _ranges: list = field(default_factory=list)
    _cities: dict = field(default_factory=lambda: defaultdict(set))
    _stations: dict = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self):
        self.territories = tuple(self.territories)
        for territory in self.territories:
            family = {territory.key, *territory.ancestors}
            for index, keys in (
                (self._exact, territory.codes.exact),
                (self._prefixes, territory.codes.prefixes),
                (self._cities, territory.cities),
                (self._stations, territory.stations),
            ):
                for key in keys:
                    index[key] |= family
            self._ranges += [(*limits, family) for limits in territory.codes.ranges]

    def find(self, zip_code="", city="", stations=()):
        """Return the sorted keys of all territories of a place.

        :param str zip_code: as written by people
        :param str city: as written by people
        :param stations: keys of stations near it
        """
        code = normalize_code(zip_code)
        found = self._find_by_code(code) if code else set()
        found |= self._cities.get(normalize_city(city), set())
        for station in stations:
            found |= self._stations.get(station, set())
        return sorted(found)

    def _find_by_code(self, code):
        found = set(self._exact.get(code, ()))
        for length in range(1, len(code) + 1):
            found |= self._prefixes.get(code[:length], set())
        if code.isascii() and code.isdigit():
            number = int(code)
            for low, high, digits, family in self._ranges:
                if digits == len(code) and low <= number <= high:
                    found |= family
        return found
