"""Who gets what: pure decisions over plain values, the same for the same input."""

import datetime
from dataclasses import dataclass, replace

_NEVER = datetime.datetime.min


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person a lead can be given to, with the memory of what he got so far.

    :param key: identity, ordered; the last tie-breaker
    :param count: leads he got by this rule; a newcomer starts at the lowest count of
        the others, so that nobody is flooded to catch up
    :param last_at: when he last got one, None for never
    """

    key: int
    count: int = 0
    last_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The decision for one item: who gets it (None: nobody fits) and who could have."""

    item: int
    candidate: int | None
    considered: tuple = ()


def distribute_evenly(items, *, now):
    """Give each item to the candidate who got least; ties to who waited longest.

    One pass: each choice is remembered before the next one is made, so that over any
    number of runs with the same candidates nobody is ever two items ahead.

    :param items: list of (item key, tuple of `Candidate`), in the order received; the
        memory of a candidate is taken from where he appears first
    :param now: moment of the decision
    :return: list of `Choice`, in the order of `items`
    """
    memory = {}
    choices = []
    for item, candidates in items:
        for candidate in candidates:
            memory.setdefault(candidate.key, candidate)
        ranked = sorted((memory[candidate.key] for candidate in candidates), key=_rank)
        if not ranked:
            choices.append(Choice(item, None))
            continue
        best = ranked[0]
        memory[best.key] = replace(best, count=best.count + 1, last_at=now)
        choices.append(Choice(item, best.key, tuple(c.key for c in ranked)))
    return choices


def _rank(candidate):
    return candidate.count, candidate.last_at or _NEVER, candidate.key
