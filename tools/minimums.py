"""Minimum figures of a person: which one holds, for how many days, reached or not.

A minimum is asked for the days that somebody works: a leave or a day off asks for
nothing, half a day for half.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from odoo.tools.intervals import Intervals

PASS, FAIL = "pass", "fail"
# From this part of a normal day on, a day counts as a whole one or as half of one.
WHOLE_DAY_FROM, HALF_DAY_FROM = 0.75, 0.25


@dataclass(frozen=True, slots=True)
class Objective:
    """A minimum that somebody has to reach.

    :param key: identity; of two that fit alike the lowest one holds
    :param str metric: what is counted
    :param str period: ``day``, ``week`` or ``month`` that `minimum` is meant for
    :param float minimum: the figure that passes
    :param user: key of the only person it holds for, None for everybody
    :param team: key of the only team it holds for, None for every team
    """

    key: int
    metric: str
    period: str
    minimum: float
    user: int | None = None
    team: int | None = None


def choose(objectives, user, teams):
    """Return metric -> the `Objective` that holds for a person.

    His own comes before his team's, and this before that of the whole company.

    :param objectives: list of `Objective`
    :param user: key of the person
    :param teams: keys of his teams
    """
    chosen = {}
    for objective in sorted(objectives, key=_get_rank):
        is_his = objective.user in (None, user)
        is_of_team = objective.team is None or objective.team in teams
        if is_his and (is_of_team or objective.user is not None):
            chosen.setdefault(objective.metric, objective)
    return chosen


def _get_rank(objective):
    return objective.user is None, objective.team is None, objective.key


# === WORKED DAYS ===


def count_days(attendances, leaves, normal_hours):
    """Return date -> how much of a working day it is: 0.5 or 1; days off are absent.

    :param attendances: (start, stop) pairs, aware in the zone of the person
    :param leaves: (start, stop) pairs, aware
    :param float normal_hours: length of a normal day of that calendar
    """
    present = Intervals([(*pair, None) for pair in attendances])
    away = Intervals([(*pair, None) for pair in leaves])
    hours = defaultdict(float)
    for start, stop, _nothing in present - away:
        hours[start.date()] += (stop - start).total_seconds() / 3600
    shares = {day: get_share(worked, normal_hours) for day, worked in hours.items()}
    return {day: share for day, share in sorted(shares.items()) if share}


def get_share(hours, normal_hours):
    """Return 0, 0.5 or 1: how much of a working day these hours are.

    An hour at the doctor's leaves a whole day; a morning or an afternoon is half of it.
    """
    if normal_hours <= 0 or hours <= 0:
        return 0.0
    ratio = hours / normal_hours
    if ratio >= WHOLE_DAY_FROM:
        return 1.0
    return 0.5 if ratio >= HALF_DAY_FROM else 0.0


def get_bounds(period, day):
    """Return (first, last) day of the day, week (from Monday) or month of a date."""
    if period == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    if period == "month":
        following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        return day.replace(day=1), following - timedelta(days=1)
    return day, day


# === JUDGE ===


def get_minimum(objective, worked, planned, days):
    """Return what an objective asks for on some days.

    For a day: minimum x worked days. For a week or a month: the minimum is spread over
    the days planned in it, so that a leave takes its part away and a full one asks for
    the whole.

    :param objective: `Objective`
    :param dict worked: date -> share, leaves taken off
    :param dict planned: date -> share by the calendar alone; covers whole periods
    :param days: dates that are looked at
    """
    total = 0.0
    for (first, last), shares in _split(objective.period, worked, days).items():
        if objective.period == "day":
            total += objective.minimum * sum(shares)
            continue
        normal = sum(share for day, share in planned.items() if first <= day <= last)
        if normal:
            total += objective.minimum * min(1.0, sum(shares) / normal)
    return round(total, 6)


def _split(period, worked, days):
    groups = defaultdict(list)
    for day in sorted(days):
        if day in worked:
            groups[get_bounds(period, day)].append(worked[day])
    return groups


def get_days(first, last, today):
    """Return the dates from `first` to `last`; those still to come ask for nothing."""
    end = min(last, today)
    return [
        date.fromordinal(number)
        for number in range(first.toordinal(), end.toordinal() + 1)
    ]


def judge(figure, minimum):
    """Return ``pass`` or ``fail``; a figure equal to the minimum passes.

    :param figure: what was reached
    :param minimum: what is asked for, None when nothing is
    """
    if minimum is None:
        return None
    return PASS if figure >= minimum else FAIL
