"""When to ring again: the delay of an outcome, moved to where calling is allowed."""

from datetime import timedelta

import pytz


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
    later = [iter(calendar) for calendar in calendars]
    current = [next(pairs, None) for pairs in later]
    settled = 0
    while settled < len(current):
        settled = 0
        for number, pairs in enumerate(later):
            while current[number] and current[number][1] <= moment:
                current[number] = next(pairs, None)
            if not current[number]:
                return None
            if current[number][0] > moment:
                moment = current[number][0]
            else:
                settled += 1
    return moment


def respect_limit(earliest, attempts, most, days=30):
    """Return the first moment from `earliest` on with fewer than `most` attempts.

    :param earliest: datetime
    :param attempts: datetimes of all attempts so far
    :param int most: attempts allowed in any `days` rolling days; 0 is no limit
    """
    if not most:
        return earliest
    window = timedelta(days=days)
    counted = sorted(attempt for attempt in attempts if attempt > earliest - window)
    if len(counted) < most:
        return earliest
    return max(earliest, counted[-most] + window)


def choose_zone(own, country_code, *likely):
    """Return the time zone in which a person is rung.

    His own zone counts unless it is none of his country's: a contact gets the zone of
    the user who enters it. A country with several zones is read in the likely one.

    :param str own: zone of the contact, may be empty
    :param str country_code: ISO code of his country, may be empty
    :param likely: names of zones to prefer, such as the one of the office
    :return: pytz time zone
    """
    zones = pytz.country_timezones.get(country_code or "", ())
    candidates = [name for name in (own, *likely) if name]
    if zones:
        candidates = [name for name in candidates if name in zones] or zones
    return pytz.timezone(candidates[0] if candidates else "UTC")
