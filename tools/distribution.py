"""Who gets what: pure decisions over plain values, the same for the same input."""

import datetime
import hashlib
import heapq
from collections import Counter
from dataclasses import dataclass, replace

_NEVER = datetime.datetime.min


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person something can be given to, with the memory of what he got so far.

    :param key: identity, ordered; the last tie-breaker
    :param turns: how often it was his turn; see `Book` for who was away
    :param last_at: when it was his turn last, None for never
    :param credit: value of what he got, in money; see `Book` for who was away
    :param last_value: the part of `credit` that came with his last turn
    :param weight: his part of the value under strategy "weighted", above 0
    :param limit: how many things may be open with him at once, 0 for any number
    """

    key: int
    turns: int = 0
    last_at: datetime.datetime | None = None
    credit: float = 0.0
    last_value: float = 0.0
    weight: float = 1.0
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """The decision for one item.

    :param candidate: key of who gets it, None when nobody can
    :param considered: keys of all who could, in the order of the choice
    :param figures: for each of `considered` the figure that decided and the moment of
        his last turn, which decided between equals
    :param full: keys of those who have too much open, with that number
    :param value: what the item counted, in money
    """

    item: int
    candidate: int | None
    considered: tuple = ()
    figures: tuple = ()
    full: tuple = ()
    value: float = 0.0


class Loads:
    """How much is open with each person now, whichever rule gave it."""

    def __init__(self, counts=()):
        """
        :param counts: dict key of a person -> number of things open with him
        """
        self._counts = Counter(dict(counts))
        self._endings = []

    def __getitem__(self, key):
        return self._counts[key]

    def add(self, key, until=None):
        """One thing more is open with a person, `until` a moment when that is known."""
        self._counts[key] += 1
        if until is not None:
            heapq.heappush(self._endings, (until, key))

    def release(self, now):
        """Forget what has ended by `now`."""
        while self._endings and self._endings[0][0] <= now:
            self._counts[heapq.heappop(self._endings)[1]] -= 1


class Book:
    """The memory of one rule while it gives things away, one after the other.

    Each choice is remembered before the next one is made, so that over any number of
    runs with the same candidates

    - "even": nobody is ever two turns ahead of another;
    - "weighted": values by weight differ by no more than one item's value by weight.

    Who was away, or is new, or whose weight changed, is first brought level with the
    others: he is next, but he is not flooded with all that came meanwhile. Ties go to
    who waited longest, then to the lower key.

    An item of unknown value counts the average of those with a value, 1 when there is
    none.
    """

    def __init__(self, strategy, candidates, *, seed=0, loads=None, valued=(0, 0.0)):
        """
        :param str strategy: a key of `STRATEGIES`
        :param candidates: iterable of `Candidate`
        :param int seed: what strategy "random" draws from
        :param loads: `Loads`, shared by all rules of a run
        :param valued: number and total value of the valued items given so far
        """
        self.memory = {candidate.key: candidate for candidate in candidates}
        self.changed = set()
        self.seed = seed
        self.loads = Loads() if loads is None else loads
        self._rank = STRATEGIES[strategy]
        self._count, self._total = valued

    def give(self, item, keys, *, now, value=0.0, until=None):
        """Give an item to one of `keys` and remember it.

        :param int item: identity of the item
        :param keys: keys of the candidates who fit
        :param now: moment of the decision
        :param float value: what the item is worth, 0 for unknown
        :param until: moment from which it is open no more, None for not known
        :return: `Choice`
        """
        able, full = self._split_by_limit(keys)
        counted = value if value > 0 else self._get_average()
        if not able:
            return Choice(item, None, full=full, value=counted)
        ranked = sorted(
            (figure, one.last_at or _NEVER, one.key, one)
            for figure, one in self._rank(self, item, able)
        )
        best = ranked[0][3]
        self.memory[best.key] = replace(
            best,
            turns=best.turns + 1,
            last_at=now,
            credit=best.credit + counted,
            last_value=counted,
        )
        self.changed.add(best.key)
        self.loads.add(best.key, until)
        if value > 0:
            self._count, self._total = self._count + 1, self._total + value
        return Choice(
            item,
            best.key,
            tuple(one[2] for one in ranked),
            tuple((one[0], one[3].last_at) for one in ranked),
            full,
            counted,
        )

    def order(self, keys):
        """Return those of `keys` who could be given something, and who has too much.

        :return: (tuple of keys, tuple of (key, number of things open))
        """
        able, full = self._split_by_limit(keys)
        return tuple(sorted(one.key for one in able)), full

    def _split_by_limit(self, keys):
        able, full = [], []
        for key in keys:
            one = self.memory[key]
            if one.limit and self.loads[key] >= one.limit:
                full.append((key, self.loads[key]))
            else:
                able.append(one)
        return able, tuple(full)

    def _get_average(self):
        return self._total / self._count if self._count else 1.0


# === STRATEGIES: each yields (figure, candidate), the lowest figure is next ===


def _rank_evenly(_book, _item, candidates):
    # The others were at least as far as the first before his last turn.
    level = max(one.turns for one in candidates) - 1
    for one in candidates:
        levelled = one if one.turns >= level else replace(one, turns=level)
        yield levelled.turns, levelled


def _rank_by_weight(_book, _item, candidates):
    # When somebody had his last turn, all others were at least as far as he before it.
    level = max((one.credit - one.last_value) / one.weight for one in candidates)
    for one in candidates:
        is_behind = one.credit / one.weight < level
        levelled = (
            replace(one, credit=level * one.weight, last_value=0.0)
            if is_behind
            else one
        )
        yield levelled.credit / levelled.weight, levelled


def _rank_by_load(book, _item, candidates):
    for one in candidates:
        yield book.loads[one.key], one


def _rank_by_lot(book, item, candidates):
    for one in candidates:
        yield draw_lot(book.seed, item, one.key), one


def draw_lot(seed, item, key):
    """Return the lot of a candidate for an item, from 0 to below 1.

    It depends on nothing else, so that everybody can draw it again and see.
    """
    told = f"{seed}/{item}/{key}".encode()
    return int.from_bytes(hashlib.blake2b(told, digest_size=6).digest()) / 2**48


STRATEGIES = {
    "even": _rank_evenly,
    "random": _rank_by_lot,
    "least_loaded": _rank_by_load,
    "weighted": _rank_by_weight,
}
