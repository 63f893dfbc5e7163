"""Does a property fit what somebody searches for, how well, and why.

PostgreSQL compares the many at once (`models/matching/match_statement.py`); this is the
same in plain Python, for one pair, and what the statement is checked against.
"""

from dataclasses import dataclass, field
from decimal import Decimal

# How a criterion is met: the search leaves it open, it holds as it was said, or only
# by the tolerance that the seeker grants.
OPEN, WITHIN, TOLERATED = "open", "within", "tolerated"

# Points of a criterion by how it is met; all of them held make 100. What is left open
# counts less than what was asked for and is there.
POINTS = {
    "price": {WITHIN: 30, TOLERATED: 15, OPEN: 12},
    "area": {WITHIN: 20, TOLERATED: 10, OPEN: 8},
    "rooms": {WITHIN: 16, OPEN: 6},
    "place": {WITHIN: 20, OPEN: 8},
    "type": {WITHIN: 14, OPEN: 6},
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a search asks for; empty sets, strings and limits of 0 leave it open."""

    deal_type: str
    types: frozenset = frozenset()
    price_min: Decimal = Decimal(0)
    price_max: Decimal = Decimal(0)
    area_min: Decimal = Decimal(0)
    area_max: Decimal = Decimal(0)
    room_min: Decimal = Decimal(0)
    room_max: Decimal = Decimal(0)
    places: frozenset = frozenset()
    excluded: frozenset = frozenset()
    segment: str = ""
    market: str = ""
    usage: str = ""
    tolerance: int = 0


@dataclass(frozen=True, slots=True)
class Offered:
    """A property; types and places include their parents, 0 stands for unknown."""

    deal_type: str
    types: frozenset = frozenset()
    price: Decimal = Decimal(0)
    area: Decimal = Decimal(0)
    rooms: Decimal = Decimal(0)
    places: frozenset = frozenset()
    segment: str = ""
    market: str = ""
    usage: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A property that fits a search: points from 0 to 100, and what they are for."""

    reasons: dict = field(hash=False)

    @property
    def score(self):
        return sum(POINTS[name][how] for name, how in self.reasons.items())


def compare(wanted, offered):
    """Return the `Match` of a search and a property, None when a criterion fails."""
    if wanted.deal_type != offered.deal_type or wanted.excluded & offered.places:
        return None
    for name in ("segment", "market", "usage"):
        asked = getattr(wanted, name)
        if asked and asked != getattr(offered, name):
            return None
    percent = wanted.tolerance
    reasons = {
        "price": _hold(offered.price, wanted.price_min, wanted.price_max, percent),
        "area": _hold(offered.area, wanted.area_min, wanted.area_max, percent),
        "rooms": _hold(offered.rooms, wanted.room_min, wanted.room_max, 0),
        "place": _touch(wanted.places, offered.places),
        "type": _touch(wanted.types, offered.types),
    }
    return Match(reasons) if all(reasons.values()) else None


def _hold(value, low, high, percent):
    """Tell how a value keeps to its limits, "" when it does not."""
    if not low and not high:
        return OPEN
    if not value:
        return ""
    if (not low or value >= low) and (not high or value <= high):
        return WITHIN
    widened = (not low or value * 100 >= low * (100 - percent)) and (
        not high or value * 100 <= high * (100 + percent)
    )
    return TOLERATED if widened else ""


def _touch(asked, given):
    if not asked:
        return OPEN
    return WITHIN if asked & given else ""


def pack(reasons):
    """Return reasons as the text that a pair keeps: "price:within area:open ..."."""
    return " ".join(f"{name}:{reasons[name]}" for name in POINTS)


def unpack(text):
    """Return {criterion: how it is met} of a packed text."""
    return dict(part.split(":") for part in (text or "").split())
