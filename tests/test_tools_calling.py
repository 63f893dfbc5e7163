"""When to ring again: delays, opening hours and limits, against a slow oracle."""

from datetime import datetime, timedelta

import pytz
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.calling import choose_zone, first_open, get_delay, respect_limit

# The same examples in every run.
steady = settings(derandomize=True, deadline=None, max_examples=200)

START = datetime(2026, 3, 4, 9, 0, tzinfo=pytz.utc)
MINUTES = 300


def _at(minutes):
    return START + timedelta(minutes=minutes)


@st.composite
def calendars(draw):
    """Sorted pairs of minutes without overlap, some of them touching."""
    limits = draw(st.lists(st.integers(0, MINUTES), max_size=10, unique=True))
    limits = sorted(limits)
    pairs = list(zip(limits[::2], limits[1::2], strict=False))
    if draw(st.booleans()):
        pairs += [(stop, stop + 5) for _start, stop in pairs[-1:]]
    return [(_at(start), _at(stop)) for start, stop in pairs]


def _scan(earliest, opening):
    """The oracle: try each minute."""
    moment = earliest
    while moment < _at(2 * MINUTES):
        if all(any(a <= moment < b for a, b in pairs) for pairs in opening):
            return moment
        moment += timedelta(minutes=1)
    return None


@tagged("post_install", "-at_install", "crm_real_estate")
class DelaysOfAnOutcome(BaseCase):
    def test_the_nth_time_takes_the_nth_delay(self):
        delays = [15, 30, 60]
        self.assertEqual([get_delay(delays, count) for count in (1, 2, 3)], delays)

    def test_after_the_last_delay_there_is_none(self):
        self.assertIsNone(get_delay([15, 30, 60], 4))

    def test_an_outcome_without_delays_plans_nothing(self):
        self.assertIsNone(get_delay([], 1))


@tagged("post_install", "-at_install", "crm_real_estate")
class FirstOpenMoment(BaseCase):
    def test_an_open_moment_stays_as_it_is(self):
        self.assertEqual(first_open(_at(5), [(_at(0), _at(10))]), _at(5))

    def test_opening_time_is_open(self):
        self.assertEqual(first_open(_at(0), [(_at(0), _at(10))]), _at(0))

    def test_at_closing_time_nobody_is_rung(self):
        pairs = [(_at(0), _at(10)), (_at(60), _at(70))]
        self.assertEqual(first_open(_at(10), pairs), _at(60))

    def test_all_calendars_must_be_open(self):
        office = [(_at(0), _at(10)), (_at(60), _at(90))]
        law = [(_at(20), _at(70)), (_at(80), _at(100))]
        self.assertEqual(first_open(_at(0), office, law), _at(60))
        self.assertEqual(first_open(_at(70), office, law), _at(80))

    def test_calendars_that_never_meet_give_nothing(self):
        self.assertIsNone(first_open(_at(0), [(_at(0), _at(5))], [(_at(5), _at(9))]))

    def test_without_calendars_every_moment_is_open(self):
        self.assertEqual(first_open(_at(3)), _at(3))

    @steady
    @given(st.integers(0, MINUTES), st.lists(calendars(), min_size=1, max_size=3))
    def test_it_is_the_moment_that_a_search_by_minutes_finds(self, minutes, opening):
        earliest = _at(minutes)
        self.assertEqual(first_open(earliest, *opening), _scan(earliest, opening))


@tagged("post_install", "-at_install", "crm_real_estate")
class MostAttemptsInThirtyDays(BaseCase):
    def test_below_the_limit_nothing_moves(self):
        attempts = [_at(0) - timedelta(days=day) for day in (1, 2, 3)]
        self.assertEqual(respect_limit(_at(0), attempts, 4), _at(0))

    def test_at_the_limit_the_oldest_counted_attempt_must_have_passed(self):
        attempts = [_at(0) - timedelta(days=day) for day in (1, 2, 3, 10)]
        self.assertEqual(
            respect_limit(_at(0), attempts, 4), _at(0) + timedelta(days=20)
        )

    def test_zero_is_no_limit(self):
        self.assertEqual(respect_limit(_at(0), [_at(0)] * 99, 0), _at(0))

    @steady
    @given(
        st.lists(st.integers(0, 900), max_size=30),
        st.integers(1, 5),
        st.integers(0, 1000),
    )
    def test_it_is_the_first_moment_with_fewer_attempts(self, ages, most, minutes):
        window = timedelta(minutes=500)
        attempts = [_at(0) - timedelta(minutes=age) for age in ages]
        moment = earliest = _at(minutes)
        while sum(moment - window < attempt <= moment for attempt in attempts) >= most:
            moment += timedelta(minutes=1)
        days = window / timedelta(days=1)
        self.assertEqual(respect_limit(earliest, attempts, most, days), moment)


@tagged("post_install", "-at_install", "crm_real_estate")
class ZoneOfThePersonCalled(BaseCase):
    def test_his_own_zone_counts_inside_his_country(self):
        zone = choose_zone("Atlantic/Canary", "ES", "Europe/Madrid")
        self.assertEqual(zone.zone, "Atlantic/Canary")

    def test_a_zone_outside_his_country_is_that_of_who_entered_him(self):
        zone = choose_zone("Europe/Prague", "FR", "Europe/Prague")
        self.assertEqual(zone.zone, "Europe/Paris")

    def test_of_several_zones_the_office_is_in_the_likely_one(self):
        zone = choose_zone("", "RU", "Europe/Moscow")
        self.assertEqual(zone.zone, "Europe/Moscow")

    def test_without_a_country_the_office_tells(self):
        self.assertEqual(choose_zone("", "", "Europe/Prague").zone, "Europe/Prague")

    def test_when_nothing_is_known_it_is_universal_time(self):
        self.assertEqual(choose_zone("", "").zone, "UTC")
