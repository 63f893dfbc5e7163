"""The rule of minimums: which one holds, worked days, pass or fail."""

from datetime import date, datetime, timedelta

import pytz
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import minimums
from ..tools.minimums import Objective

PRAGUE = pytz.timezone("Europe/Prague")
MONDAY = date(2026, 3, 2)
DATES = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def at(day, hour):
    return PRAGUE.localize(datetime(2026, 3, day, hour))


@tagged("post_install", "-at_install", "crm_real_estate")
class TestMinimums(BaseCase):
    def test_the_objective_closest_to_the_person_holds(self):
        company = Objective(1, "calls", "day", 10)
        team = Objective(2, "calls", "day", 20, team=7)
        own = Objective(3, "calls", "day", 5, user=4)
        everything = [company, team, own]
        for user, teams, holds in (
            (4, {7}, own),
            (5, {7}, team),
            (5, {8}, company),
            (4, set(), own),
        ):
            with self.subTest(user=user, teams=teams):
                for order in (everything, everything[::-1]):
                    self.assertEqual(
                        minimums.choose(order, user, teams), {"calls": holds}
                    )

    def test_a_day_counts_whole_half_or_not_at_all(self):
        cases = [(8, 1), (7, 1), (6, 1), (5, 0.5), (3, 0.5), (2, 0.5), (1.5, 0), (0, 0)]
        for hours, share in cases:
            with self.subTest(hours):
                self.assertEqual(minimums.get_share(hours, 8), share)
        self.assertEqual(minimums.get_share(8, 0), 0)

    def test_leaves_are_taken_off_the_hours_of_their_day(self):
        attendances = [(at(day, 9), at(day, 17)) for day in (2, 3, 4)]
        leaves = [(at(2, 0), at(3, 0)), (at(3, 13), at(3, 23))]
        days = minimums.count_days(attendances, leaves, 8)
        self.assertEqual(days, {date(2026, 3, 3): 0.5, date(2026, 3, 4): 1})

    def test_a_minimum_of_a_day_is_asked_for_each_worked_day(self):
        objective = Objective(1, "calls", "day", 20)
        worked = {MONDAY: 1, MONDAY + timedelta(days=1): 0.5}
        days = [MONDAY + timedelta(days=number) for number in range(7)]
        self.assertEqual(minimums.get_minimum(objective, worked, worked, days), 30)

    def test_what_equals_the_minimum_passes(self):
        cases = [(20, 20, "pass"), (19, 20, "fail"), (0, None, None), (0, 0, "pass")]
        for figure, minimum, result in cases:
            with self.subTest(figure=figure, minimum=minimum):
                self.assertEqual(minimums.judge(figure, minimum), result)

    def test_days_still_to_come_ask_for_nothing(self):
        last = MONDAY + timedelta(days=6)
        self.assertEqual(minimums.get_days(MONDAY, last, MONDAY), [MONDAY])
        self.assertEqual(
            minimums.get_days(MONDAY, last, MONDAY - timedelta(days=1)), []
        )
        self.assertEqual(len(minimums.get_days(MONDAY, last, last)), 7)

    @settings(derandomize=True)
    @given(DATES, st.sampled_from(["day", "week", "month"]))
    def test_a_period_holds_its_day_and_periods_follow_each_other(self, day, period):
        first, last = minimums.get_bounds(period, day)
        self.assertLessEqual(first, day)
        self.assertLessEqual(day, last)
        self.assertEqual(minimums.get_bounds(period, first), (first, last))
        following = minimums.get_bounds(period, last + timedelta(days=1))
        self.assertEqual(following[0], last + timedelta(days=1))

    @settings(derandomize=True)
    @given(
        st.dictionaries(
            st.integers(0, 60), st.sampled_from([0.5, 1.0]), min_size=1, max_size=60
        ),
        st.sets(st.integers(0, 60)),
        st.sampled_from(["day", "week", "month"]),
        st.integers(0, 60),
    )
    def test_what_is_asked_of_two_spans_is_asked_of_both_together(
        self, planned, away, period, cut
    ):
        start = date(2026, 1, 1)
        dates = [start + timedelta(days=number) for number in range(61)]
        planned = {start + timedelta(days=k): share for k, share in planned.items()}
        gone = {start + timedelta(days=number) for number in away}
        worked = {day: share for day, share in planned.items() if day not in gone}
        objective = Objective(1, "calls", period, 12)
        whole, first, second = (
            minimums.get_minimum(objective, worked, planned, days)
            for days in (dates, dates[:cut], dates[cut:])
        )
        self.assertAlmostEqual(whole, first + second, places=4)

    def test_a_full_week_asks_for_its_whole_minimum(self):
        objective = Objective(1, "calls", "week", 90)
        week = {MONDAY + timedelta(days=number): 1 for number in range(5)}
        without = {day: 1 for day in week if day != MONDAY}
        self.assertEqual(minimums.get_minimum(objective, week, week, week), 90)
        self.assertEqual(minimums.get_minimum(objective, without, week, week), 72)
        self.assertEqual(minimums.get_minimum(objective, {}, {}, week), 0)
