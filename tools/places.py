"""Which territories a place belongs to, by postal code, city or station."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from anyascii import anyascii

_SEPARATOR = re.compile(r"[,;\n]+")
_CODE = re.compile(r"[0-9A-Z]+(\*)?|([0-9]+)-([0-9]+)")


def normalize_code(text):
    """Return a postal code without blanks and dashes, upper case: "110 00" -> "11000"."""
    return re.sub(r"[\s-]+", "", text or "").upper()


def normalize_city(text):
    """Return a city name for comparing: "Praha 6 – Bubeneč" -> "praha 6 bubenec"."""
    return " ".join(re.findall(r"[a-z0-9]+", anyascii(text or "").lower()))


@dataclass(frozen=True, slots=True)
class Codes:
    """Postal codes of a territory: single ones, beginnings and ranges of numbers."""

    exact: frozenset = frozenset()
    prefixes: tuple = ()
    ranges: tuple = ()
    unreadable: tuple = ()


def read_codes(text):
    """Parse postal codes: single (11000), beginning (110*), range (11000-11999).

    :param str text: separated by commas, semicolons or line breaks
    :return: `Codes`; what cannot be read stands in `unreadable`
    """
    exact, prefixes, ranges, unreadable = set(), set(), set(), []
    for part in filter(str.strip, _SEPARATOR.split(text)):
        compact = re.sub(r"\s+", "", part).upper()
        match = _CODE.fullmatch(compact)
        if not match:
            exact_code = normalize_code(compact)
            if re.fullmatch(r"[0-9A-Z]+", exact_code):
                exact.add(exact_code)
            else:
                unreadable.append(part.strip())
        elif match[2]:
            ranges.add((int(match[2]), int(match[3])))
        elif match[1]:
            prefixes.add(compact[:-1])
        else:
            exact.add(compact)
    return Codes(
        frozenset(exact), tuple(sorted(prefixes)), tuple(sorted(ranges)), tuple(unreadable)
    )


def read_cities(text):
    """Return the normalized city names of a text, separated like postal codes."""
    return frozenset(filter(None, map(normalize_city, _SEPARATOR.split(text))))


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory as plain values; `ancestors` holds its own key and its parents'."""

    key: int
    ancestors: tuple
    codes: Codes = Codes()
    cities: frozenset = frozenset()
    stations: frozenset = frozenset()


@dataclass(slots=True)
class PlaceIndex:
    """Answers which territories a place belongs to, without looking at each of them."""

    territories: tuple
    _exact: dict = field(default_factory=lambda: defaultdict(set))
    _cities: dict = field(default_factory=lambda: defaultdict(set))
    _stations: dict = field(default_factory=lambda: defaultdict(set))
    _prefixes: list = field(default_factory=list)
    _ranges: list = field(default_factory=list)

    def __post_init__(self):
        self.territories = tuple(self.territories)
        for territory in self.territories:
            family = set(territory.ancestors) | {territory.key}
            for code in territory.codes.exact:
                self._exact[code] |= family
            for city in territory.cities:
                self._cities[city] |= family
            for station in territory.stations:
                self._stations[station] |= family
            self._prefixes += [(prefix, family) for prefix in territory.codes.prefixes]
            self._ranges += [(low, high, family) for low, high in territory.codes.ranges]

    def find(self, zip_code="", city="", stations=()):
        """Return the sorted keys of all territories of a place.

        :param str zip_code: as written by people
        :param str city: as written by people
        :param stations: keys of stations near it
        """
        code = normalize_code(zip_code)
        found = set(self._exact.get(code, ())) if code else set()
        if code:
            for prefix, family in self._prefixes:
                if code.startswith(prefix):
                    found |= family
        if code.isdigit():
            for low, high, family in self._ranges:
                if low <= int(code) <= high:
                    found |= family
        found |= self._cities.get(normalize_city(city), set())
        for station in stations:
            found |= self._stations.get(station, set())
        return sorted(found)
