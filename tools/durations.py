"""Intervals of a report, and durations as people write them."""

from dataclasses import dataclass

HOUR, DAY = 60, 24 * 60


@dataclass(frozen=True, slots=True)
class Interval:
    """Minutes from (excluded) to (included); from 0 on, 0 itself is in."""

    start: int
    stop: int


def find_fault(intervals):
    """Return the first interval that is empty or overlaps an earlier one, else None.

    Intervals of zero length at zero are unused rows and no fault.
    """
    used = []
    for interval in intervals:
        if (interval.start, interval.stop) == (0, 0):
            continue
        is_empty = interval.start < 0 or interval.stop <= interval.start
        clashes = any(
            interval.start < other.stop and other.start < interval.stop
            for other in used
        )
        if is_empty or clashes:
            return interval
        used.append(interval)
    return None


def split(minutes):
    """Return (days, hours, minutes) of a duration, rounded to the minute.

    :param float minutes: not negative
    """
    whole = int(minutes + 0.5)
    return whole // DAY, whole % DAY // HOUR, whole % HOUR
