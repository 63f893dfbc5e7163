"""The law of a country, against an oracle that knows nothing of how it is computed."""

from bisect import bisect_right
from datetime import date, datetime, timedelta, timezone
from random import Random
from zoneinfo import ZoneInfo

import pytz

from odoo.tests import BaseCase, tagged

from ..tools import calling

QUARTER = timedelta(minutes=15)
START = datetime(2026, 1, 1, tzinfo=timezone.utc)
DAYS = 730
ZONES = (
    "Europe/Paris",
    "Indian/Reunion",
    "America/Guadeloupe",
    "America/Martinique",
    "America/Cayenne",
    "Indian/Mayotte",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "Europe/Berlin",
    "Europe/Prague",
    "Europe/Moscow",
    "Europe/London",
)
FRANCE = calling.Rule(
    days=(((600, 780), (840, 1200)),) * 5
    + ((), ())
    + (((600, 780), (840, 1200)),) * 5
    + ((), ()),
    holidays=calling.parse_holidays(
        "01-01, easter+1, 05-01, 05-08, easter+39, easter+50, 07-14, 08-15, 11-01, "
        "11-11, 12-25"
    ),
    most_attempts=4,
    silence_days=60,
    needs_consent=True,
    consent_lifts_hours=True,
)
# The French public holidays as the calendars of these years print them.
PRINTED = {
    *(date(2025, 12, 25), date(2026, 1, 1), date(2026, 4, 6), date(2026, 5, 1)),
    *(date(2026, 5, 8), date(2026, 5, 14), date(2026, 5, 25), date(2026, 7, 14)),
    *(date(2026, 8, 15), date(2026, 11, 1), date(2026, 11, 11), date(2026, 12, 25)),
    *(date(2027, 1, 1), date(2027, 3, 29), date(2027, 5, 1), date(2027, 5, 6)),
    *(date(2027, 5, 8), date(2027, 5, 17), date(2027, 7, 14), date(2027, 8, 15)),
    *(date(2027, 11, 1), date(2027, 11, 11), date(2027, 12, 25), date(2028, 1, 1)),
}


def _may_ring_in_france(moment, zone):
    """The oracle: the words of the decree, read on the clock of the person."""
    local = moment.astimezone(zone)
    if local.weekday() >= 5 or local.date() in PRINTED:
        return False
    return 10 <= local.hour < 13 or 14 <= local.hour < 20


def _quarters():
    for number in range(DAYS * 96):
        yield START + number * QUARTER


class RuleCase(BaseCase):
    def _assert_same(self, zone_name, found):
        """Fail with the first moments at which `found` differs from the oracle."""
        zone = ZoneInfo(zone_name)
        odd = [m for m in _quarters() if found(m) != _may_ring_in_france(m, zone)]
        self.assertFalse([m.isoformat() for m in odd[:5]], zone_name)


@tagged("post_install", "-at_install", "crm_real_estate")
class TwoYearsOfQuarters(RuleCase):
    """730 days, every quarter of an hour, twelve zones: 840,960 moments, twice."""

    takes_long = True

    def test_each_moment_is_open_exactly_when_the_decree_says_so(self):
        """M119: the calling window in the time zone of the person called."""
        for name in ZONES:
            zone = pytz.timezone(name)
            self._assert_same(name, lambda m, z=zone: calling.is_open(FRANCE, m, z))

    def test_the_pairs_that_calls_are_planned_by_say_the_same(self):
        for name in ZONES:
            pairs = calling.get_open_pairs(
                FRANCE, pytz.timezone(name), START, START + timedelta(days=DAYS)
            )
            starts = [start for start, _stop in pairs]

            def found(moment, pairs=pairs, starts=starts):
                number = bisect_right(starts, moment) - 1
                return number >= 0 and moment < pairs[number][1]

            self._assert_same(name, found)


@tagged("post_install", "-at_install", "crm_real_estate")
class ChangesOfTheClocks(BaseCase):
    """Windows that the clocks skip or repeat: no minute lost, doubled or invented."""

    SPANS = ((0, 90), (100, 135), (150, 185), (1400, 1440))
    CHANGES = (
        ("Europe/Paris", date(2026, 3, 29)),
        ("Europe/Paris", date(2026, 10, 25)),
        ("Europe/London", date(2026, 3, 29)),
        ("Europe/London", date(2026, 10, 25)),
        ("America/New_York", date(2026, 3, 8)),
        ("America/New_York", date(2026, 11, 1)),
        ("Atlantic/Azores", date(2026, 3, 29)),
        ("Atlantic/Azores", date(2026, 10, 25)),
        ("Australia/Lord_Howe", date(2026, 4, 5)),
        ("Australia/Lord_Howe", date(2026, 10, 4)),
        ("Africa/Cairo", date(2026, 4, 24)),
        ("America/Havana", date(2026, 11, 1)),
    )

    def test_every_minute_around_a_change_is_read_on_the_local_clock(self):
        rule = calling.Rule(days=(self.SPANS,) * 14)
        for name, day in self.CHANGES:
            zone = ZoneInfo(name)
            start = datetime(day.year, day.month, day.day, tzinfo=timezone.utc)
            start, stop = start - timedelta(days=1), start + timedelta(days=2)
            pairs = calling.get_open_pairs(rule, pytz.timezone(name), start, stop)
            for number in range(3 * 24 * 60):
                moment = start + timedelta(minutes=number)
                local = moment.astimezone(zone)
                minute = local.hour * 60 + local.minute
                wanted = sum(a <= minute < b for a, b in self.SPANS)
                found = sum(a <= moment < b for a, b in pairs)
                self.assertEqual(found, wanted, f"{name} {moment}")


@tagged("post_install", "-at_install", "crm_real_estate")
class WhatForbidsACall(BaseCase):
    """Attempts, refusals, consent: which of them speaks, and until when."""

    ZONE = pytz.timezone("Europe/Paris")
    OPEN = datetime(2026, 3, 4, 9, 0, tzinfo=timezone.utc)

    def _closure(self, moment=OPEN, rule=FRANCE, **person):
        person = calling.Person(**person)
        return calling.get_closure(rule, person, moment, self.ZONE)

    def test_within_the_hours_nothing_forbids_it(self):
        self.assertIsNone(self._closure())

    def test_at_night_it_is_closed_until_the_morning(self):
        night = datetime(2026, 3, 6, 21, 0, tzinfo=timezone.utc)
        monday = datetime(2026, 3, 9, 9, 0, tzinfo=timezone.utc)
        self.assertEqual(self._closure(night), calling.Closure("hours", monday))

    def test_who_agreed_before_may_be_rung_at_any_hour(self):
        night = datetime(2026, 3, 6, 21, 0, tzinfo=timezone.utc)
        self.assertIsNone(self._closure(night, has_consent=True))

    def test_consent_does_not_lift_the_number_of_attempts(self):
        attempts = tuple(self.OPEN - timedelta(days=day) for day in (1, 2, 3, 10))
        self.assertEqual(
            self._closure(attempts=attempts, has_consent=True),
            calling.Closure("attempts", self.OPEN + timedelta(days=20)),
        )

    def test_sixty_days_after_a_refusal_are_silent(self):
        refused = self.OPEN - timedelta(days=59)
        until = refused + timedelta(days=60)
        self.assertEqual(
            self._closure(refused_at=refused), calling.Closure("silence", until)
        )
        self.assertIsNone(self._closure(refused_at=refused - timedelta(days=1)))

    def test_nobody_is_canvassed_who_did_not_agree(self):
        self.assertEqual(self._closure(basis="prospecting").reason, "consent")
        self.assertIsNone(self._closure(basis="prospecting", has_consent=True))

    def test_a_running_mandate_stands_for_the_consent(self):
        self.assertIsNone(self._closure(basis="prospecting", has_mandate=True))

    def test_who_asked_is_answered_whatever_was_before(self):
        attempts = (self.OPEN,) * 9
        self.assertIsNone(
            self._closure(basis="asked", attempts=attempts, refused_at=self.OPEN)
        )

    def test_who_does_not_want_calls_gets_none_even_where_there_is_no_rule(self):
        for rule in (FRANCE, None):
            closure = self._closure(rule=rule, is_blocked=True, basis="asked")
            self.assertEqual(closure, calling.Closure("do_not_call"))

    def test_a_hundred_thousand_attempts_never_break_the_limits(self):
        """M119: most attempts in 30 days, silence after a refusal; a fixed seed."""
        chance = Random(19)
        total = 0
        while total < 100_000:
            attempts, refused_at, moment = [], None, START
            for _attempt in range(50):
                person = calling.Person(tuple(attempts[-9:]), refused_at)
                moment = calling.get_earliest(
                    FRANCE,
                    person,
                    moment + timedelta(minutes=chance.choice((15, 120, 1440, 9999))),
                )
                recent = [a for a in attempts if a > moment - timedelta(days=30)]
                self.assertLess(len(recent), 4)
                if refused_at:
                    self.assertGreaterEqual(moment - refused_at, timedelta(days=60))
                attempts.append(moment)
                if chance.random() < 0.02:
                    refused_at = moment
                total += 1


@tagged("post_install", "-at_install", "crm_real_estate")
class PublicHolidays(BaseCase):
    def test_fixed_and_moving_holidays_are_read(self):
        self.assertEqual(
            calling.parse_holidays(" 12-25,Easter , easter+39,easter-2,"),
            ((12, 25), (0, 0), (0, 39), (0, -2)),
        )

    def test_what_is_no_holiday_is_named(self):
        for text in ("01-01, Christmas", "13-01", "02-30", "easter+x", "1"):
            with self.subTest(text), self.assertRaises(ValueError) as refused:
                calling.parse_holidays(text)
            self.assertEqual(str(refused.exception), text.split(", ")[-1])


@tagged("post_install", "-at_install", "crm_real_estate")
class AnotherPartOfTheDay(BaseCase):
    ZONE = pytz.timezone("Europe/Prague")

    def _find(self, attempt_hour, earliest_hour, hours=(9, 18)):
        """Return (day of March, local hour) of the call after one on 3 March."""
        tried = self.ZONE.localize(datetime(2026, 3, 3, attempt_hour))
        earliest = self.ZONE.localize(datetime(2026, 3, 4, earliest_hour))
        opening = [
            tuple(self.ZONE.localize(datetime(2026, 3, day, hour)) for hour in hours)
            for day in range(3, 9)
        ]
        found = calling.first_open_elsewhere(earliest, tried, self.ZONE, opening)
        found = found.astimezone(self.ZONE)
        return found.day, found.hour

    def test_after_a_morning_it_is_the_afternoon(self):
        """M119: the same hour of the next day would meet the same empty home."""
        self.assertEqual(self._find(10, 10), (4, 12))

    def test_after_an_afternoon_it_is_the_evening(self):
        self.assertEqual(self._find(15, 15), (4, 17))

    def test_after_an_evening_it_is_the_next_morning(self):
        self.assertEqual(self._find(17, 17), (5, 9))

    def test_where_the_window_has_no_other_part_the_plain_moment_stands(self):
        self.assertEqual(self._find(10, 10, hours=(9, 12)), (4, 10))
