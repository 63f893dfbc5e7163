"""How long an office was open between two moments, and where the minutes went.

The open intervals of a calendar are taken once; every question about them is then a
bisection of their starts or stops and a look at the sums before them.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

import pytz

MINUTE = timedelta(minutes=1)
# Every zone differs from UTC by a multiple of it.
_QUARTER = timedelta(minutes=15)
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Hours:
    """When an office is open; made by `get_hours`.

    :param starts: sorted moments of opening, all naive UTC or all aware
    :param stops: the moment of closing that belongs to each
    :param sums: open time before each opening; one more at the end, that of all
    """

    starts: tuple
    stops: tuple
    sums: tuple


def get_hours(pairs):
    """Return the `Hours` of (start, stop) pairs in any order, overlapping or not."""
    starts, stops = [], []
    for start, stop in sorted(pairs):
        if start >= stop:
            continue
        if stops and start <= stops[-1]:
            stops[-1] = max(stops[-1], stop)
            continue
        starts.append(start)
        stops.append(stop)
    lengths = [stop - start for start, stop in zip(starts, stops, strict=True)]
    sums = accumulate(lengths, initial=_NOTHING)
    return Hours(tuple(starts), tuple(stops), tuple(sums))


# The hours of an office that has none: it never closes.
ALWAYS = get_hours([(datetime.min, datetime.max)])


# === QUESTIONS ===


def get_open_time(hours, start, stop):
    """Return the open time between two moments; nothing when `stop` is the earlier."""
    if stop <= start:
        return _NOTHING
    return _sum_until(hours, stop) - _sum_until(hours, start)


def _sum_until(hours, moment):
    index = bisect_right(hours.starts, moment) - 1
    if index < 0:
        return _NOTHING
    opening, closing = hours.starts[index], hours.stops[index]
    return hours.sums[index] + min(moment, closing) - opening


def get_opening(hours, moment):
    """Return `moment` when it is open, else the next opening; None when there is none.

    At the moment of closing an office is closed.
    """
    index = bisect_right(hours.stops, moment)
    if index == len(hours.stops):
        return None
    return max(moment, hours.starts[index])


def add_open_time(hours, moment, span):
    """Return the first moment at which `span` of open time is over, else None.

    :param span: timedelta; nothing of it, or less, leads to the next opening
    """
    if span <= _NOTHING:
        return get_opening(hours, moment)
    wanted = _sum_until(hours, moment) + span
    index = bisect_left(hours.sums, wanted) - 1
    if index == len(hours.starts):
        return None
    return hours.starts[index] + (wanted - hours.sums[index])


# === THE RESPONSE ===


@dataclass(frozen=True, slots=True)
class Response:
    """What a first response took; minutes, never rounded.

    The four parts add up to the whole time from reception to response.

    :param started_at: when the clock started: at reception if open, else at opening
    :param minutes: from there to the response
    :param working_minutes: open time of that
    :param unrouted: open time until somebody was responsible
    :param unseen: open time from there until he saw it
    :param undone: open time from there to the response
    :param outside: time at which the office was closed
    """

    started_at: datetime
    minutes: float
    working_minutes: float
    unrouted: float
    unseen: float
    undone: float
    outside: float


def get_start(hours, received_at):
    """Return when the clock of an enquiry starts: at once if no opening follows."""
    return get_opening(hours, received_at) or received_at


def measure(hours, received_at, responded_at, routed_at=None, seen_at=None):
    """Return the `Response` to an enquiry.

    :param hours: `Hours` that reach over both moments
    :param received_at: moment; `responded_at` is not before it
    :param routed_at: when somebody became responsible, None when nobody was before the
        response
    :param seen_at: when the responsible person saw it; None when nothing tells, then no
        minute counts as unseen
    """
    routed_at = _clip(routed_at or responded_at, received_at, responded_at)
    seen_at = _clip(seen_at or routed_at, routed_at, responded_at)
    started_at = get_start(hours, received_at)
    marks = (received_at, routed_at, seen_at, responded_at)
    parts = [
        get_open_time(hours, *pair) / MINUTE
        for pair in zip(marks[:-1], marks[1:], strict=True)
    ]
    total = (responded_at - received_at) / MINUTE
    return Response(
        started_at,
        max(0.0, (responded_at - started_at) / MINUTE),
        get_open_time(hours, started_at, responded_at) / MINUTE,
        *parts,
        max(0.0, total - sum(parts)),
    )


def _clip(moment, first, last):
    return min(max(moment, first), last)


# === THE WEEK ===


def spread(pairs, zone):
    """Return (weekday, hour) of the local week -> minutes of these pairs in it.

    An hour that the clocks repeat counts twice, one that they skip not at all.

    :param pairs: (start, stop) pairs of aware datetimes
    :param zone: pytz zone
    """
    minutes = defaultdict(float)
    for start, stop in pairs:
        moment = start.astimezone(pytz.utc)
        end = stop.astimezone(pytz.utc)
        while moment < end:
            quarter = moment.replace(
                minute=moment.minute // 15 * 15, second=0, microsecond=0
            )
            following = min(quarter + _QUARTER, end)
            local = moment.astimezone(zone)
            minutes[local.weekday(), local.hour] += (following - moment) / MINUTE
            moment = following
    return dict(minutes)
