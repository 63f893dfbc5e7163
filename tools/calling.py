"""When a person may be rung: the law of his country, office hours, and the delays."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytz
from dateutil.easter import easter

# The time over which the attempts of a rule are counted.
ATTEMPT_WINDOW = timedelta(days=30)
# A delay of so many minutes or more leads to another part of the day.
LONG_DELAY = 24 * 60
# Minutes of the day at which its parts begin: night and morning, afternoon, evening.
DAY_PARTS = (0, 12 * 60, 17 * 60, 24 * 60)
# How much later another part of the day may be than the delay asks for.
PART_PATIENCE = timedelta(days=1)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """What limits calls to the people of a country.

    :param days: 14 tuples of (start, stop) minutes of the local day, sorted: the seven
        weekdays of even weeks, then those of odd ones (`week_number`)
    :param holidays: as `parse_holidays` returns them; all day closed
    :param closed: (start, stop) pairs of aware datetimes in which nobody is rung
    :param most_attempts: allowed in any 30 rolling days; 0 is no limit
    :param silence_days: after a refusal
    :param needs_consent: nobody is canvassed who did not agree before
    :param consent_lifts_hours: who agreed may be rung at any hour, also on holidays
    :param mandate_lifts_consent: a running contract stands for the consent
    """

    days: tuple
    holidays: tuple = ()
    closed: tuple = ()
    most_attempts: int = 0
    silence_days: int = 0
    needs_consent: bool = False
    consent_lifts_hours: bool = False
    mandate_lifts_consent: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of the person called.

    :param attempts: aware datetimes of all attempts to reach him
    :param refused_at: aware datetime of his last refusal, or None
    :param is_blocked: he does not want to be called at all
    :param has_consent: he agreed to be canvassed by phone
    :param has_mandate: a contract about the property runs
    :param basis: "asked" when he asked to be called, "prospecting" when nobody asked,
        empty when nobody said which: then the consent is not enforced
    """

    attempts: tuple = ()
    refused_at: datetime | None = None
    is_blocked: bool = False
    has_consent: bool = False
    has_mandate: bool = False
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Closure:
    """Why a person may not be rung: do_not_call, consent, silence, attempts or hours.

    :param until: aware datetime of the first allowed moment as far as this reason goes;
        None when no time lifts it
    """

    reason: str
    until: datetime | None = None


# === THE RULE ===


def get_closure(rule, person, moment, zone, horizon=timedelta(days=60)):
    """Return why `person` may not be rung at `moment`, None when he may.

    Somebody who asked to be called is answered, not canvassed: attempts, silence and
    consent bind prospecting only (French decree 2022-1313, art. 1; law 2025-594,
    art. 13; German UWG, section 7).

    :param rule: `Rule`, None when the country has none
    :param moment: aware datetime
    :param zone: pytz zone of the person
    :param horizon: how far ahead the end of closed hours is looked for
    """
    if lasting := get_lasting_closure(rule, person):
        return lasting
    if rule is None:
        return None
    for reason, until in _iter_waits(rule, person, moment):
        if until > moment:
            return Closure(reason, until)
    if not has_free_hours(rule, person) and not is_open(rule, moment, zone):
        return Closure("hours", _find_opening(rule, zone, moment, horizon))
    return None


def _find_opening(rule, zone, moment, horizon):
    """Return when the hours open next, None when they do not within the horizon."""
    # Nearly always within a few days: only a long closure costs the whole horizon.
    for ahead in (min(4 * _DAY, horizon), horizon):
        pairs = get_open_pairs(rule, zone, moment, moment + ahead)
        if pairs:
            return first_open(moment, pairs)
    return None


def get_lasting_closure(rule, person):
    """Return the closure that no waiting lifts, else None."""
    if person.is_blocked:
        return Closure("do_not_call")
    if rule is None or not rule.needs_consent or person.basis != "prospecting":
        return None
    is_lifted = person.has_mandate and rule.mandate_lifts_consent
    return None if person.has_consent or is_lifted else Closure("consent")


def get_earliest(rule, person, earliest):
    """Return the first moment from `earliest` on that attempts and silence leave free.

    :return: aware datetime, None when a lasting closure forbids every moment
    """
    if get_lasting_closure(rule, person):
        return None
    if rule is None:
        return earliest
    waits = [until for _reason, until in _iter_waits(rule, person, earliest)]
    return max([earliest, *waits])


def has_free_hours(rule, person):
    """Tell whether the consent of a person lifts the hours of the rule."""
    return rule.consent_lifts_hours and person.has_consent


def _iter_waits(rule, person, moment):
    """Yield (reason, end of the wait) of all that time alone lifts, the graver first.

    Neither bears on another: with a refusal and its silence over, attempts still count.
    """
    if person.basis == "asked":
        return
    if rule.silence_days and person.refused_at:
        yield "silence", person.refused_at + timedelta(days=rule.silence_days)
    free = respect_limit(moment, person.attempts, rule.most_attempts)
    if free > moment:
        yield "attempts", free


# === HOURS ===


def week_number(day):
    """Return 0 or 1: the row of `Rule.days` that a date lies in.

    Weeks alternate without a break, over years of 53 weeks too.
    """
    return (day.toordinal() - 1) // 7 % 2


def get_spans(rule, day):
    """Return the (start, stop) minutes of a local date in which a rule is open."""
    if is_holiday(day, rule.holidays):
        return ()
    return rule.days[7 * week_number(day) + day.weekday()]


def is_open(rule, moment, zone):
    """Tell whether the hours of a rule are open at an aware moment."""
    local = moment.astimezone(zone)
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    if not any(a * 60 <= seconds < b * 60 for a, b in get_spans(rule, local.date())):
        return False
    return not any(start <= moment < stop for start, stop in rule.closed)


def get_open_pairs(rule, zone, start, stop):
    """Return the (start, stop) pairs in which the hours of a rule are open.

    An hour that the clocks skip is no hour; one that they repeat is open twice.

    :param zone: pytz zone in which the hours are read
    :param start: aware datetime; `stop` too
    :return: sorted list of pairs of aware datetimes in UTC, without overlap
    """
    pairs = []
    day = start.astimezone(zone).date() - _DAY
    last = stop.astimezone(zone).date() + _DAY
    while day <= last:
        pairs += _iter_day_pairs(day, get_spans(rule, day), zone)
        day += _DAY
    pairs = _subtract(sorted(pairs), sorted(rule.closed))
    return [(max(a, start), min(b, stop)) for a, b in pairs if a < stop and b > start]


def get_other_parts(zone, avoided, start, stop):
    """Return the pairs of time that lie in another part of the day than a moment.

    :param zone: pytz zone of the person
    :param avoided: aware datetime
    """
    local = avoided.astimezone(zone)
    minute = local.hour * 60 + local.minute
    spans = tuple(
        (a, b)
        for a, b in zip(DAY_PARTS, DAY_PARTS[1:], strict=False)
        if not a <= minute < b
    )
    return get_open_pairs(Rule(days=(spans,) * 14), zone, start, stop)


def _iter_day_pairs(day, spans, zone):
    """Yield the pairs of one local date, in UTC.

    At most one change of the clocks is looked for in the two days around it.
    """
    midnight = datetime.combine(day, time.min, tzinfo=pytz.utc)
    before, after = midnight - timedelta(hours=15), midnight + timedelta(hours=37)
    old, new = _get_offset(before, zone), _get_offset(after, zone)
    change = after if old == new else _find_change(before, after, zone)
    for begin, end in spans:
        first = midnight + timedelta(minutes=begin)
        last = midnight + timedelta(minutes=end)
        if first - old < min(last - old, change):
            yield first - old, min(last - old, change)
        if max(first - new, change) < last - new:
            yield max(first - new, change), last - new


def _get_offset(moment, zone):
    return moment.astimezone(zone).utcoffset()


def _find_change(before, after, zone):
    """Return the first second at which the offset of `after` holds, by halving."""
    old = _get_offset(before, zone)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if _get_offset(middle, zone) == old:
            before = middle
        else:
            after = middle
    return after


def _subtract(pairs, closed):
    """Return sorted `pairs` without what lies in the sorted pairs `closed`."""
    for begin, end in closed:
        pairs = [
            piece
            for start, stop in pairs
            for piece in ((start, min(stop, begin)), (max(start, end), stop))
            if piece[0] < piece[1]
        ]
    return pairs


# === PUBLIC HOLIDAYS ===


def parse_holidays(text):
    """Return the holidays that a text names, such as "01-01, easter+1, 12-25".

    :param str text: month-day, or days from Easter Sunday, separated by commas
    :return: tuple of (month, day) and (0, days from Easter Sunday)
    :raises ValueError: with the part that cannot be read
    """
    return tuple(
        _parse_holiday(part.strip()) for part in text.split(",") if part.strip()
    )


def _parse_holiday(part):
    name = part.lower()
    try:
        if name.startswith("easter"):
            return 0, int(name.removeprefix("easter") or 0)
        month, day = (int(number) for number in name.split("-"))
        # A leap year: 29 February may be a holiday.
        date(2000, month, day)
    except ValueError as error:
        raise ValueError(part) from error
    return month, day


def is_holiday(day, holidays):
    """Tell whether a date is one of the `holidays` that `parse_holidays` returned."""
    if (day.month, day.day) in holidays:
        return True
    moving = [days for month, days in holidays if not month]
    return bool(moving) and (day - easter(day.year)).days in moving


# === DELAYS ===


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


def first_open_elsewhere(earliest, avoided, zone, *calendars):
    """Return the first open moment, in another part of the day where that is possible.

    Another part may make the call up to a day later; else the plain moment stands.

    :param avoided: aware datetime of the attempt whose part of the day is left
    :param zone: pytz zone of the person
    """
    plain = first_open(earliest, *calendars)
    if plain is None:
        return None
    limit = plain + PART_PATIENCE
    others = get_other_parts(zone, avoided, plain, limit)
    return first_open(plain, others, *calendars) or plain


def respect_limit(earliest, attempts, most, days=None):
    """Return the first moment from `earliest` on with fewer than `most` attempts.

    :param earliest: datetime
    :param attempts: datetimes of all attempts so far
    :param int most: attempts allowed in any `days` rolling days; 0 is no limit
    :param days: length of the window, else `ATTEMPT_WINDOW`
    """
    if not most:
        return earliest
    window = ATTEMPT_WINDOW if days is None else timedelta(days=days)
    counted = sorted(attempt for attempt in attempts if attempt > earliest - window)
    if len(counted) < most:
        return earliest
    return max(earliest, counted[-most] + window)


# === ZONES ===


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
