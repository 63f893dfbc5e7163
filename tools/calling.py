"""When to ring again: the delay of an outcome, moved to where calling is allowed."""

from datetime import timedelta


def get_delay(delays, count):
    """Return the delay after the `count`-th equal outcome, None when it was the last.

    :param delays: minutes, one for each time the outcome came up
    :param int count: how often it came up, this time included (from 1)
    """
    return delays[count - 1] if 0 < count <= len(delays) else None


def first_open(earliest, *calendars):
    """Return the first moment from `earliest` on that lies in all calendars, or None.

    :param earliest: aware datetime
    :param calendars: iterables of (start, stop) pairs of aware datetimes, sorted and
        without overlap; `stop` is exclusive: at closing time nobody is rung
    """
    moment = earliest
    remaining = [[pair for pair in calendar if pair[1] > earliest] for calendar in calendars]
    while True:
        moved = False
        for pairs in remaining:
            while pairs and pairs[0][1] <= moment:
                pairs.pop(0)
            if not pairs:
                return None
            if pairs[0][0] > moment:
                moment, moved = pairs[0][0], True
        if not moved:
            return moment


def respect_limit(earliest, attempts, most, days=30):
    """Return the first moment from `earliest` with fewer than `most` attempts in `days`.

    :param earliest: datetime
    :param attempts: datetimes of all earlier attempts
    :param int most: attempts allowed in any `days` rolling days; 0 is no limit
    """
    if not most:
        return earliest
    window = timedelta(days=days)
    counted = sorted(attempt for attempt in attempts if attempt > earliest - window)
    if len(counted) < most:
        return earliest
    return max(earliest, counted[-most] + window)
