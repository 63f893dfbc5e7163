"""Whom a property suits: criteria of people against facts of a property, no clock."""

from bisect import bisect_right
from dataclasses import dataclass

# What is compared word by word.
WORDS = ("deal", "usage", "segment", "market", "liquidity")


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a person takes; whatever is empty takes all.

    :param territories: keys, one of them must hold the property
    :param types: keys, one of them must be its type or a parent of it
    :param price_from: inclusive, 0 for none
    :param price_to: exclusive, 0 for none
    """

    key: int
    territories: frozenset = frozenset()
    types: frozenset = frozenset()
    deal: str = ""
    usage: str = ""
    segment: str = ""
    market: str = ""
    liquidity: str = ""
    price_from: float = 0.0
    price_to: float = 0.0


@dataclass(frozen=True, slots=True)
class Goods:
    """What is known of a property; what is empty fits only who takes all.

    :param territories: keys of the territories that hold it, parents included
    :param types: keys of its type and of the parents of its type
    :param price: in the currency of the criteria, 0 for unknown
    """

    territories: frozenset = frozenset()
    types: frozenset = frozenset()
    deal: str = ""
    usage: str = ""
    segment: str = ""
    market: str = ""
    liquidity: str = ""
    price: float = 0.0


def find_misfit(criteria, goods):
    """Return the first criterion that the goods do not meet, "" when they fit.

    :return: territory, type, deal, usage, segment, market, liquidity or price
    """
    if criteria.territories and criteria.territories.isdisjoint(goods.territories):
        return "territory"
    if criteria.types and criteria.types.isdisjoint(goods.types):
        return "type"
    for word in WORDS:
        asked = getattr(criteria, word)
        if asked and asked != getattr(goods, word):
            return word
    if criteria.price_from or criteria.price_to:
        below = goods.price < criteria.price_from
        above = criteria.price_to and goods.price >= criteria.price_to
        if not goods.price or below or above:
            return "price"
    return ""


class Suitability:
    """The criteria of several people, asked for many goods.

    Goods that no criterion can tell apart have one signature and are looked at once.
    """

    def __init__(self, criteria):
        """
        :param criteria: iterable of `Criteria`
        """
        self._criteria = tuple(criteria)
        self._territories = frozenset().union(*(c.territories for c in self._criteria))
        self._types = frozenset().union(*(c.types for c in self._criteria))
        limits = {c.price_from for c in self._criteria}
        limits |= {c.price_to for c in self._criteria}
        self._limits = sorted(limits - {0.0})
        self._words = [w for w in WORDS if any(getattr(c, w) for c in self._criteria)]
        self._known = {}

    def get_signature(self, goods):
        """Return what the criteria can see of `goods`, hashable."""
        band = bisect_right(self._limits, goods.price) if goods.price else -1
        return (
            goods.territories & self._territories,
            goods.types & self._types,
            *(getattr(goods, word) for word in self._words),
            band if self._limits else 0,
        )

    def find(self, goods):
        """Return who fits, and why the others do not.

        :return: (tuple of keys, dict key -> see `find_misfit`); do not change them
        """
        signature = self.get_signature(goods)
        if signature not in self._known:
            misfits = {c.key: find_misfit(c, goods) for c in self._criteria}
            self._known[signature] = (
                tuple(key for key, misfit in misfits.items() if not misfit),
                {key: misfit for key, misfit in misfits.items() if misfit},
            )
        return self._known[signature]
