"""Open time by bisection, against Odoo's calendars and a slow oracle."""

from datetime import datetime, timedelta

import pytz
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.fields import Command
from odoo.tests import BaseCase, TransactionCase, tagged

from ..tools.clock import (
    ALWAYS,
    MINUTE,
    add_open_time,
    get_hours,
    get_open_time,
    get_opening,
    measure,
    spread,
)

# The same examples in every run.
steady = settings(derandomize=True, deadline=None, max_examples=200)

START = datetime(2026, 3, 4, 9, 0)
ZONES = (
    *("Europe/Prague", "America/New_York", "Pacific/Auckland"),
    *("Asia/Kathmandu", "Australia/Lord_Howe", "UTC"),
)


def _at(minutes):
    return START + timedelta(minutes=minutes)


@st.composite
def some_pairs(draw):
    """Pairs in any order, overlapping, touching or empty."""
    pairs = draw(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200))))
    return [(_at(start), _at(stop)) for start, stop in pairs]


def _is_open(pairs, moment):
    return any(start <= moment < stop for start, stop in pairs)


@tagged("post_install", "-at_install", "crm_real_estate")
class OpenTime(BaseCase):
    def test_the_end_before_the_start_gives_nothing(self):
        hours = get_hours([(_at(0), _at(60))])
        self.assertEqual(get_open_time(hours, _at(30), _at(10)), timedelta(0))
        self.assertEqual(get_open_time(ALWAYS, _at(30), _at(10)), timedelta(0))

    def test_at_closing_time_the_next_opening_counts(self):
        hours = get_hours([(_at(0), _at(10)), (_at(60), _at(70))])
        self.assertEqual(get_opening(hours, _at(0)), _at(0))
        self.assertEqual(get_opening(hours, _at(10)), _at(60))
        self.assertIsNone(get_opening(hours, _at(70)))

    def test_an_office_without_hours_never_closes(self):
        self.assertEqual(get_opening(ALWAYS, _at(5)), _at(5))
        self.assertEqual(get_open_time(ALWAYS, _at(5), _at(65)), timedelta(hours=1))

    @steady
    @given(some_pairs(), st.integers(-10, 210), st.integers(-10, 210))
    def test_it_is_what_a_count_by_minutes_finds(self, pairs, start, stop):
        hours = get_hours(pairs)
        counted = sum(_is_open(pairs, _at(n)) for n in range(start, stop))
        self.assertEqual(get_open_time(hours, _at(start), _at(stop)) / MINUTE, counted)
        opening = next(
            (_at(n) for n in range(start, 211) if _is_open(pairs, _at(n))), None
        )
        self.assertEqual(get_opening(hours, _at(start)), opening)

    @steady
    @given(some_pairs(), st.integers(-10, 210), st.integers(1, 100))
    def test_what_was_added_is_counted_again(self, pairs, start, minutes):
        hours = get_hours(pairs)
        end = add_open_time(hours, _at(start), minutes * MINUTE)
        if end is None:
            left = get_open_time(hours, _at(start), _at(1000))
            self.assertLess(left, minutes * MINUTE)
        else:
            open_time = get_open_time(hours, _at(start), end)
            self.assertEqual(open_time, minutes * MINUTE)
            self.assertTrue(_is_open(pairs, end - MINUTE), "the earliest such moment")


@tagged("post_install", "-at_install", "crm_real_estate")
class WhereTheMinutesWent(BaseCase):
    """M129: four parts of the time from reception to response."""

    hours = get_hours([(_at(0), _at(60)), (_at(120), _at(180))])

    def test_each_part_is_open_time_and_the_rest_is_outside_hours(self):
        took = measure(self.hours, _at(10), _at(150), _at(40), _at(130))
        parts = (took.unrouted, took.unseen, took.undone, took.outside)
        self.assertEqual(parts, (30, 30, 20, 60))
        self.assertEqual((took.minutes, took.working_minutes), (140, 80))

    def test_outside_hours_the_clock_starts_at_opening(self):
        took = measure(self.hours, _at(80), _at(125), _at(80))
        self.assertEqual(took.started_at, _at(120))
        self.assertEqual((took.minutes, took.working_minutes), (5, 5))
        self.assertEqual((took.undone, took.outside), (5, 40))

    def test_an_answer_before_opening_took_no_time(self):
        took = measure(self.hours, _at(80), _at(90), _at(80))
        self.assertEqual((took.minutes, took.working_minutes), (0, 0))
        self.assertEqual(took.outside, 10)

    def test_who_is_responsible_only_after_the_response_was_not_before(self):
        took = measure(self.hours, _at(0), _at(10), _at(99), _at(100))
        self.assertEqual((took.unrouted, took.unseen, took.undone), (10, 0, 0))

    @steady
    @given(
        some_pairs(),
        st.integers(0, 200),
        st.integers(0, 90),
        st.none() | st.integers(-20, 220),
        st.none() | st.integers(-20, 220),
    )
    def test_the_parts_add_up_to_the_total(self, pairs, start, length, routed, seen):
        routed, seen = (n if n is None else _at(n) for n in (routed, seen))
        took = measure(get_hours(pairs), _at(start), _at(start + length), routed, seen)
        parts = (took.unrouted, took.unseen, took.undone, took.outside)
        self.assertAlmostEqual(sum(parts), length)
        self.assertGreaterEqual(min(parts), 0)


@tagged("post_install", "-at_install", "crm_real_estate")
class HoursOfTheWeek(BaseCase):
    def test_an_opening_is_spread_over_its_local_hours(self):
        zone = pytz.timezone("Europe/Prague")
        pair = (pytz.utc.localize(_at(50)), pytz.utc.localize(_at(140)))
        # Wednesday 10:50 to 12:20 in Prague.
        self.assertEqual(spread([pair], zone), {(2, 10): 10, (2, 11): 60, (2, 12): 20})

    def test_on_the_days_of_the_clocks_an_hour_is_missing_or_comes_twice(self):
        zone = pytz.timezone("Europe/Prague")
        for day, minutes in ((datetime(2026, 3, 29), 0), (datetime(2026, 10, 25), 120)):
            start = zone.localize(day)
            stop = zone.localize(day + timedelta(hours=5))
            self.assertEqual(spread([(start, stop)], zone).get((6, 2), 0), minutes)


# === AGAINST ODOO'S CALENDARS ===


@st.composite
def some_lines(draw):
    """Lines of a week that do not overlap: lunch breaks, nights, Sundays."""
    lines = []
    for day in range(7):
        limits = draw(st.lists(st.integers(0, 96), max_size=6, unique=True).map(sorted))
        lines += [
            (str(day), start / 4, stop / 4)
            for start, stop in zip(limits[::2], limits[1::2], strict=False)
        ]
    return lines


# Quarters of an hour of a year with both changes of the clocks.
quarters = st.integers(0, 365 * 96)


@tagged("post_install", "-at_install", "crm_real_estate")
class LikeOdoosCalendar(TransactionCase):
    """Any calendar, zone and holiday: the same figures as Odoo's own methods."""

    def _create_calendar(self, zone, lines, leaves, two_weeks=False):
        weeks = ("0", "1") if two_weeks else (False,)
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Any",
                "tz": zone,
                "two_weeks_calendar": two_weeks,
                "attendance_ids": [
                    Command.create(
                        {
                            "name": "x",
                            "dayofweek": day,
                            "hour_from": start,
                            "hour_to": stop,
                            "day_period": "morning",
                            "week_type": week,
                        }
                    )
                    for week in weeks
                    for day, start, stop in (lines if week != "1" else lines[::2])
                ],
            }
        )
        self.env["resource.calendar.leaves"].create(
            [
                {
                    "name": "closed",
                    "calendar_id": calendar.id,
                    "date_from": self._moment(start),
                    "date_to": self._moment(start + length),
                }
                for start, length in leaves
            ]
        )
        return calendar

    def _moment(self, quarter):
        return datetime(2026, 1, 1) + timedelta(minutes=15 * quarter)

    @settings(derandomize=True, deadline=None, max_examples=15)
    @given(
        st.sampled_from(ZONES),
        some_lines(),
        st.lists(st.tuples(quarters, st.integers(1, 2000)), max_size=4),
        st.lists(
            st.tuples(quarters, quarters, st.integers(1, 400)), min_size=3, max_size=6
        ),
        st.booleans(),
    )
    def test_the_figures_are_those_of_odoo(self, zone, lines, leaves, asked, weeks):
        calendar = self._create_calendar(zone, lines, leaves, weeks)
        last = self._moment(500 * 96)
        pairs = self.env["estate.clock"]._get_open_pairs(
            calendar, self.env.company, self._moment(0), last
        )
        hours = get_hours(pairs)
        for first, second, span in asked:
            start, stop = self._moment(first), self._moment(second)
            expected = 0
            if start < stop:
                expected = calendar.get_work_hours_count(start, stop) * 60
            minutes = get_open_time(hours, start, stop) / MINUTE
            self.assertAlmostEqual(minutes, expected, 4)
            self._compare_plan(hours, calendar, start, span)

    def _compare_plan(self, hours, calendar, start, span):
        for added in (0, span / 4):
            planned = calendar.plan_hours(added, start, compute_leaves=True)
            ours = add_open_time(hours, start, timedelta(hours=added))
            if ours is None:
                self.assertTrue(not planned or planned > self._moment(500 * 96))
                continue
            # Midnight is a microsecond early in Odoo: a night may end before it.
            between = get_open_time(hours, *sorted((ours, planned)))
            self.assertLess(between, timedelta(milliseconds=1))
            if added == 0:
                self.assertEqual(ours, planned)
