"""Quiet hours as a rule of the clock, in any time zone and at its changes."""

from datetime import datetime, timedelta

import pytz
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.quiet_hours import choose_tz, get_leaving, is_quiet

ZONES = ["Europe/Prague", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC"]


@tagged("post_install", "-at_install", "crm_real_estate")
class QuietHours(BaseCase):
    def _leaves(self, *moment, tz="Europe/Prague"):
        return get_leaving(datetime(*moment), tz, 20, 8)

    def test_at_night_it_waits_for_the_morning_of_the_person(self):
        # 22:00 in Prague; in New York it is afternoon, in Auckland 10 in the morning.
        evening = (2026, 3, 4, 21, 0)
        self.assertEqual(self._leaves(*evening), datetime(2026, 3, 5, 7, 0))
        for zone in ("America/New_York", "Pacific/Auckland"):
            self.assertEqual(self._leaves(*evening, tz=zone), datetime(*evening))

    def test_before_dawn_it_waits_for_the_same_morning(self):
        early = self._leaves(2026, 3, 5, 3, 0)
        self.assertEqual(early, datetime(2026, 3, 5, 7, 0))

    def test_the_hours_begin_with_their_first_and_end_before_their_last_second(self):
        self.assertNotEqual(self._leaves(2026, 3, 4, 19, 0), datetime(2026, 3, 4, 19))
        self.assertEqual(self._leaves(2026, 3, 4, 7, 0), datetime(2026, 3, 4, 7, 0))

    def test_it_is_eight_by_the_wall_clock_after_clocks_changed(self):
        # Saturday night; on Sunday Prague is two hours ahead of UTC.
        self.assertEqual(self._leaves(2026, 3, 28, 22, 0), datetime(2026, 3, 29, 6, 0))

    def test_equal_hours_mean_no_quiet_at_all(self):
        midnight = datetime(2026, 3, 5, 0, 0)
        self.assertEqual(get_leaving(midnight, "UTC", 0, 0), midnight)

    def test_the_zone_of_the_card_counts_inside_the_country_alone(self):
        self.assertEqual(choose_tz("America/Chicago", "US", "UTC"), "America/Chicago")
        self.assertEqual(choose_tz("Europe/Prague", "JP", "UTC"), "Asia/Tokyo")
        self.assertEqual(choose_tz("Europe/Prague", "", "UTC"), "Europe/Prague")
        self.assertEqual(choose_tz("", "", "Europe/Paris"), "Europe/Paris")
        self.assertEqual(choose_tz("nowhere", None, "Europe/Paris"), "Europe/Paris")

    @settings(derandomize=True, max_examples=300, deadline=None)
    @given(
        st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)),
        st.sampled_from(ZONES),
        st.integers(0, 47),
        st.integers(0, 47),
    )
    def test_what_leaves_does_so_outside_the_hours_within_a_day(self, at, tz, a, b):
        start, stop = a / 2, b / 2
        leaving = get_leaving(at, tz, start, stop)
        self.assertLessEqual(timedelta(0), leaving - at)
        self.assertLessEqual(leaving - at, timedelta(hours=25))
        local = pytz.utc.localize(leaving).astimezone(pytz.timezone(tz))
        changes = (
            local.utcoffset()
            != (local - timedelta(hours=26)).astimezone(local.tzinfo).utcoffset()
        )
        if not changes:
            hour = local.hour + local.minute / 60 + local.second / 3600
            self.assertFalse(is_quiet(hour, start, stop))
        again = get_leaving(leaving, tz, start, stop)
        self.assertLessEqual(again - leaving, timedelta(hours=25))
