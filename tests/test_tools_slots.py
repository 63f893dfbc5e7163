"""The next free time for an appointment."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.slots import first_free, free_starts

DAY = datetime(2026, 3, 4)
HALF_HOUR = timedelta(minutes=30)


def at(hour):
    return DAY + timedelta(hours=hour)


@tagged("post_install", "-at_install", "crm_real_estate")
class TestFirstFree(BaseCase):
    def test_the_table_of_cases(self):
        office = [(at(9), at(12)), (at(13), at(18))]
        cases = [
            ("open and free", at(9.75), [], at(10)),
            ("on the step", at(10), [], at(10)),
            ("before opening", at(7), [], at(9)),
            ("over lunch", at(11.75), [], at(13)),
            ("busy", at(10), [(at(10), at(11))], at(11)),
            ("busy off the step", at(10), [(at(9.8), at(10.2))], at(10.5)),
            ("touching is free", at(10), [(at(9), at(10)), (at(10.5), at(12))], at(10)),
            ("nothing free", at(9), [(at(8), at(20))], None),
            ("after closing", at(19), [], None),
        ]
        for name, earliest, busy, expected in cases:
            with self.subTest(name):
                self.assertEqual(
                    first_free(earliest, HALF_HOUR, office, busy), expected
                )

    def test_an_appointment_never_runs_into_closing_time(self):
        self.assertIsNone(
            first_free(at(17.5), timedelta(hours=1), [(at(9), at(18))], [])
        )

    @settings(derandomize=True, deadline=None, max_examples=200)
    @given(
        st.integers(0, 24 * 60),
        st.lists(st.tuples(st.integers(0, 24 * 60), st.integers(1, 300)), max_size=6),
    )
    def test_what_is_offered_is_what_a_scan_of_all_starts_finds(self, minute, spans):
        def moment(minutes):
            return DAY + timedelta(minutes=minutes)

        office = [(moment(540), moment(720)), (moment(780), moment(1080))]
        busy = [(moment(a), moment(a + n)) for a, n in spans]
        starts = [
            start + HALF_HOUR * n
            for start, stop in office
            for n in range((stop - start) // HALF_HOUR)
        ]
        scan = (
            start
            for start in starts
            if start >= moment(minute)
            and not any(a < start + HALF_HOUR and b > start for a, b in busy)
        )
        found = first_free(moment(minute), HALF_HOUR, office, busy)
        self.assertEqual(found, next(scan, None))


@tagged("post_install", "-at_install", "crm_real_estate")
class TestFreeStarts(BaseCase):
    def test_they_follow_one_another_and_spread_over_the_days(self):
        opened = [(at(9 + day * 24), at(12 + day * 24)) for day in range(3)]
        starts = free_starts(at(8), HALF_HOUR, opened, [(at(9.5), at(10))], 5)
        self.assertEqual(starts, [at(9), at(10), at(10.5), at(33), at(33.5)])

    def test_there_are_as_many_as_there_are(self):
        self.assertEqual(
            free_starts(at(8), HALF_HOUR, [(at(9), at(10))], [], 5), [at(9), at(9.5)]
        )
        self.assertEqual(free_starts(at(8), HALF_HOUR, [], [], 5), [])

    @settings(derandomize=True, max_examples=100, deadline=None)
    @given(
        st.lists(st.tuples(st.integers(0, 60), st.integers(1, 6)), max_size=6),
        st.integers(1, 6),
    )
    def test_no_start_is_busy_and_none_overlap(self, busy, count):
        taken = [(at(start), at(start + length)) for start, length in busy]
        opened = [(at(9 + day * 24), at(18 + day * 24)) for day in range(3)]
        starts = free_starts(at(0), HALF_HOUR, opened, taken, count)
        self.assertLessEqual(len(starts), count)
        for start in starts:
            for begin, end in taken:
                self.assertTrue(end <= start or begin >= start + HALF_HOUR)
        for one, other in zip(starts, starts[1:], strict=False):
            self.assertGreaterEqual(other - one, HALF_HOUR)
