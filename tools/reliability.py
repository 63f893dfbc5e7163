"""How far a person can be relied on: a number from 0 to 100 with its reasons.

The formula of the house (design.md, *Reliability*):

    score = 100 * (k * prior + G) / (k + T)

`G` is the sum of `|w| * d` over the facts with a weight above 0, `T` that over all
facts, `d = 0.5 ** (age in days / 365)`, `k` = 4. `prior` is what all rated persons
together reach (sum of G / sum of T), 0.6 until 30 of them are rated. Stars =
`floor(score / 20 + 0.5)`.
"""

import math
from dataclasses import dataclass

WEIGHT_OF_PRIOR = 4
HALF_LIFE_DAYS = 365
DEFAULT_PRIOR = 0.6
LEAST_RATED = 30
DAY_SECONDS = 86400


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a person did: how much it weighs and how long ago it was."""

    weight: float
    age_days: float


@dataclass(frozen=True, slots=True)
class Sums:
    """What the facts of one person, or of many, add up to."""

    good: float = 0.0
    total: float = 0.0


def get_age_days(occurred_at, now):
    """Return the age of a fact in days, never below 0.

    :param datetime occurred_at, now: both naive or both aware
    """
    return max(0.0, (now - occurred_at).total_seconds() / DAY_SECONDS)


def fade(age_days):
    """Return the part of its weight that a fact of this age still has, 0..1."""
    return 0.5 ** (age_days / HALF_LIFE_DAYS)


def add_up(facts):
    """Return the `Sums` of facts."""
    good = total = 0.0
    for fact in facts:
        worth = abs(fact.weight) * fade(fact.age_days)
        total += worth
        if fact.weight > 0:
            good += worth
    return Sums(good, total)


def get_prior(persons):
    """Return where a person without facts stands, 0..1.

    :param persons: list of the `Sums` of all rated persons
    """
    rated = [sums for sums in persons if sums.total > 0]
    if len(rated) < LEAST_RATED:
        return DEFAULT_PRIOR
    total = math.fsum(sums.total for sums in rated)
    return math.fsum(sums.good for sums in rated) / total


def get_score(sums, prior):
    """Return the score, 0..100, to one decimal."""
    weighed = WEIGHT_OF_PRIOR * prior + sums.good
    return round(100 * weighed / (WEIGHT_OF_PRIOR + sums.total), 1)


def get_stars(score):
    """Return the stars of a score, 0..5."""
    return math.floor(score / 20 + 0.5)
