"""Who gets what: pure decisions over plain values, the same for the same input."""

import datetime
from dataclasses import dataclass, replace

_NEVER = datetime.datetime.min


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person something can be given to, with the memory of what he got so far.

    :param key: identity, ordered; the last tie-breaker
    :param turns: how often it was his turn; see `distribute_evenly` for who was away
    :param last_at: when it was his turn last, None for never
    """

    key: int
    turns: int = 0
    last_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The decision for one item: who gets it (None: nobody fits) and who could have."""

    item: int
    candidate: int | None
    considered: tuple = ()


def distribute_evenly(items, *, now):
    """Give each item to who had the fewest turns; ties to who waited longest.

    One pass: each choice is remembered before the next one is made, so that over any
    number of runs with the same candidates nobody is ever two items ahead. Who was
    away, or is new, starts one turn behind the others: he is next, but he is not
    flooded with all that came meanwhile.

    :param items: list of (item key, tuple of `Candidate`), in the order received; the
        memory of a candidate is taken from where he appears first
    :param now: moment of the decision
    :return: list of `Choice` in the order of `items`, and dict key -> `Candidate` with
        the memory after them, of those who got something
    """
    memory, choices, changed = {}, [], {}
    for item, candidates in items:
        for candidate in candidates:
            memory.setdefault(candidate.key, candidate)
        ranked = _rank([memory[candidate.key] for candidate in candidates])
        if not ranked:
            choices.append(Choice(item, None))
            continue
        best = replace(ranked[0], turns=ranked[0].turns + 1, last_at=now)
        memory[best.key] = changed[best.key] = best
        choices.append(Choice(item, best.key, tuple(one.key for one in ranked)))
    return choices, changed


def _rank(candidates):
    """Return the candidates, brought level with each other, in order of choice."""
    level = max((candidate.turns for candidate in candidates), default=0) - 1
    levelled = [
        candidate if candidate.turns >= level else replace(candidate, turns=level)
        for candidate in candidates
    ]
    return sorted(levelled, key=lambda one: (one.turns, one.last_at or _NEVER, one.key))
