"""What a seeker does beside what he says: limits that his refusals and visits show."""

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from math import floor

# So much more must speak for a limit than against it.
LEAST = 3
# Limits that a reason of a refusal can move: (field, value of a property, direction).
# Upwards: what lies below is refused; downwards: what lies above is.
LIMITS = (
    ("area_min", "area", 1),
    ("area_max", "area", -1),
    ("room_min", "rooms", 1),
    ("price_max", "price", -1),
)
PLACE = "place"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a search limits; 0 leaves it open."""

    price_max: Decimal = Decimal(0)
    area_min: Decimal = Decimal(0)
    area_max: Decimal = Decimal(0)
    room_min: Decimal = Decimal(0)
    excluded: frozenset = frozenset()


@dataclass(frozen=True, slots=True)
class Deed:
    """What the seeker did about one property; `refused` is the criterion, "" liked."""

    refused: str
    price: Decimal = Decimal(0)
    area: Decimal = Decimal(0)
    rooms: Decimal = Decimal(0)
    places: frozenset = frozenset()


def derive(stated, deeds):
    """Return the limits that deeds show; where they show nothing, what was said."""
    found = {}
    for name, value, direction in LIMITS:
        refused = [getattr(d, value) for d in deeds if d.refused == name]
        liked = [getattr(d, value) for d in deeds if not d.refused]
        limit = _find_limit(value, list(filter(None, refused)), liked, direction)
        said = getattr(stated, name)
        is_stricter = limit and (not said or (limit - said) * direction > 0)
        found[name] = limit if is_stricter else said
    return replace(stated, excluded=stated.excluded | _find_places(deeds), **found)


def _find_limit(value, refused, liked, direction):
    """Return the limit that most deeds agree with, 0 when too few do.

    Candidates lie just beyond each refused value; of equal ones the mildest is taken.
    """
    best, most = Decimal(0), LEAST - 1
    for candidate in sorted(
        {_step_beyond(value, v, direction) for v in refused}, reverse=direction < 0
    ):
        gain = sum((candidate - v) * direction > 0 for v in refused)
        gain -= sum((candidate - v) * direction > 0 for v in liked if v)
        if gain > most:
            best, most = candidate, gain
    return best


def _step_beyond(value, refused, direction):
    """Return the next round number beyond a refused value."""
    if value == "rooms":
        return refused + Decimal("0.5") * direction
    step = Decimal(5)
    if value == "price":
        step = Decimal(10) ** max(refused.adjusted() - 1, 0)
    count = floor(refused / step)
    if direction > 0:
        return (count + 1) * step
    return (count - (refused == count * step)) * step


def _find_places(deeds):
    """Return the places that were refused, and nothing in them liked."""
    refused = Counter(p for d in deeds if d.refused == PLACE for p in d.places)
    liked = {place for deed in deeds if not deed.refused for place in deed.places}
    return frozenset(
        place for place, n in refused.items() if n >= LEAST and place not in liked
    )
