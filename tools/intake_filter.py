"""Does a listing fit what the agency asked for, and do we have it already?

Criteria are alternatives: a listing enters when it fits one of them. What the sender
does not say refuses nothing, a person decides about it.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from . import places

FITS, OPEN, REFUSED = "fits", "open", "refused"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One kind of listing the agency wants; an empty value asks for nothing.

    :param key: identity of the criterion
    :param str deal_type: sale or rent
    :param types: keys of property types, children included
    :param price_min: lowest price, itself included, in the company's currency
    :param price_max: the price from which on a listing is too dear, itself excluded
    :param territories: keys of territories
    :param codes: postal codes, `places.Codes`
    :param cities: names as `places.normalize_city` returns them
    """

    key: int
    deal_type: str = ""
    types: frozenset = frozenset()
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    territories: frozenset = frozenset()
    codes: places.Codes = field(default_factory=places.Codes)
    cities: frozenset = frozenset()

    @property
    def has_place(self):
        codes = (self.codes.exact, self.codes.prefixes, self.codes.ranges)
        return bool(self.territories or self.cities or any(codes))


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is looked at of a listing; None or empty is unknown.

    :param price: in the company's currency
    :param territories: keys of all territories the place lies in, parents included
    """

    deal_type: str = ""
    type: int | None = None
    price: Decimal | None = None
    zip: str = ""
    city: str = ""
    territories: frozenset = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a candidate.

    :param str outcome: ``fits``; ``open`` (cannot be told: `points` are unknown);
        ``refused`` (`points` are against it)
    :param key: of the criterion that decided: the one it fits, else the nearest one
    :param tuple points: ``deal``, ``type``, ``price_low``, ``price_high``, ``price``,
        ``place``; sorted by their meaning for a person, in this order
    """

    outcome: str
    key: int | None = None
    points: tuple[str, ...] = ()


def judge(candidate, criteria):
    """Return the `Verdict` on a candidate.

    The first criterion that fits decides, else the first one that cannot be told, else
    the one with the fewest points against it (the first of those).

    :param candidate: `Candidate`
    :param criteria: list of `Criterion`; none at all lets everything in
    """
    if not criteria:
        return Verdict(FITS)
    refused = []
    unknown_of = None
    for criterion in criteria:
        against, unknown = _compare(candidate, criterion)
        if against:
            refused.append(Verdict(REFUSED, criterion.key, against))
        elif unknown:
            unknown_of = unknown_of or Verdict(OPEN, criterion.key, unknown)
        else:
            return Verdict(FITS, criterion.key)
    return unknown_of or min(refused, key=lambda verdict: len(verdict.points))


def _compare(candidate, criterion):
    """Return (points against, points unknown) of a candidate for one criterion."""
    against, unknown = [], []
    for asked, known, point, fits in (
        (
            criterion.deal_type,
            candidate.deal_type,
            "deal",
            candidate.deal_type == criterion.deal_type,
        ),
        (criterion.types, candidate.type, "type", candidate.type in criterion.types),
    ):
        if asked and not known:
            unknown.append(point)
        elif asked and not fits:
            against.append(point)
    _compare_price(candidate, criterion, against, unknown)
    if criterion.has_place:
        if not (candidate.zip or candidate.city or candidate.territories):
            unknown.append("place")
        elif not _is_inside(candidate, criterion):
            against.append("place")
    return tuple(against), tuple(unknown)


def _compare_price(candidate, criterion, against, unknown):
    low, high = criterion.price_min, criterion.price_max
    if low is None and high is None:
        return
    if candidate.price is None:
        unknown.append("price")
    elif low is not None and candidate.price < low:
        against.append("price_low")
    elif high is not None and candidate.price >= high:
        against.append("price_high")


def _is_inside(candidate, criterion):
    if candidate.territories & criterion.territories:
        return True
    own = places.Territory(
        criterion.key, codes=criterion.codes, cities=criterion.cities
    )
    return bool(places.PlaceIndex([own]).find(candidate.zip, candidate.city))


# === DUPLICATES ===


@dataclass(frozen=True, slots=True)
class Offer:
    """What tells whether two offers are one.

    :param str street: with the number of the house, as written
    :param float area: living area in square metres
    :param price: in the company's currency
    :param phones: numbers of who offers it, E.164
    """

    deal_type: str = ""
    street: str = ""
    zip: str = ""
    city: str = ""
    area: float | None = None
    price: Decimal | None = None
    phones: frozenset = frozenset()


def find_keys(offer):
    """Return the keys of an offer; two offers that share one are the same.

    Same deal, street with number, living area (whole square metres) and the same
    postal code or city; or same deal, price and phone of who offers it.

    :return: set of (reason, ...): reason is ``address`` or ``phone``
    """
    keys = set()
    street = places.normalize_city(offer.street)
    if street and offer.area:
        area = round(offer.area)
        places_told = (places.normalize_code(offer.zip), normalize_town(offer.city))
        keys |= {
            ("address", offer.deal_type, street, place, area)
            for place in places_told
            if place
        }
    if offer.price:
        keys |= {
            ("phone", offer.deal_type, phone, offer.price.normalize())
            for phone in offer.phones
        }
    return keys


def normalize_town(city):
    """Return a city's name for comparing, without the number of its district."""
    words = places.normalize_city(city).split()
    while len(words) > 1 and words[-1].isdigit():
        words.pop()
    return " ".join(words)
