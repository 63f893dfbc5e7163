"""When an automatic message may reach a person: not at night where he lives."""

from datetime import datetime, time, timedelta

import pytz


def choose_tz(own, country, fallback):
    """Return the time zone of a person.

    A card's zone is often that of whoever entered it: it counts when it lies in the
    person's country, or when no country is known.

    :param str own: zone on the card, or empty
    :param str country: ISO code, or empty
    :param str fallback: the company's zone
    """
    zones = pytz.country_timezones.get((country or "").upper(), ())
    if own in pytz.all_timezones_set and (not zones or own in zones):
        return own
    return zones[0] if zones else fallback


def is_quiet(hour, start, stop):
    """Return whether an hour of the day, such as 22.5, lies in the quiet hours."""
    if start == stop:
        return False
    if start < stop:
        return start <= hour < stop
    return hour >= start or hour < stop


def get_leaving(moment, tz, start, stop):
    """Return `moment` when it is not quiet then, else when the quiet hours end.

    :param datetime moment: naive UTC
    :param str tz: the person's time zone
    :param float start, stop: hours of the day; equal: nothing is quiet
    :return: naive UTC
    """
    zone = pytz.timezone(tz)
    local = pytz.utc.localize(moment).astimezone(zone)
    hour = local.hour + local.minute / 60 + local.second / 3600
    if not is_quiet(hour, start, stop):
        return moment
    day = local.date() + timedelta(days=hour >= stop)
    minutes = round(stop * 60)
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    # At a change of clocks an hour is missing or told twice: the later one is meant.
    leaving = zone.localize(wall, is_dst=False)
    return leaving.astimezone(pytz.utc).replace(tzinfo=None)
