"""When enquiries come in, against when offices are open."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .response import ResponseCase, local

NOW = local("2026-03-16 00:00")


@tagged("coverage")
class TestCoverageMap(ResponseCase):
    """M139: hours of the week; the office is open on weekdays 9 to 12 and 13 to 18."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for text in (
            # Wednesday: open twice, at lunch, in the evening; Saturday; Sunday.
            *("2026-03-04 10:00", "2026-03-11 10:59", "2026-03-04 12:30"),
            *("2026-03-04 20:15", "2026-03-07 15:00", "2026-03-08 23:59"),
        ):
            cls._receive(local(text))
        cls.lisbon = cls._create_team(
            "Lisbon", resource_calendar_id=cls._create_calendar(tz="Europe/Lisbon").id
        )
        cls._receive(local("2026-03-04 10:00"), "rent", team_id=cls.lisbon.id)
        cls.env.flush_all()

    def _get_map(self, user=None, **criteria):
        with self._at(NOW):
            coverage = self.env["estate.coverage"].with_user(user or self.manager)
            return coverage.get_map(days=30, **criteria)

    def _get_cells(self, shown):
        return {
            (cell["weekday"], cell["hour"]): (cell["arrivals"], cell["cost"])
            for cell in shown["cells"]
            if cell["arrivals"]
        }

    def test_each_hour_tells_its_enquiries_and_the_minutes_until_opening(self):
        """M139: by hand: 30 minutes of lunch, 12:45 h, 42 h, and 9:01 h."""
        shown = self._get_map(team_id=self.office.id)
        self.assertEqual(
            self._get_cells(shown),
            {
                (2, 10): (2, 0),
                (2, 12): (1, 30),
                (2, 20): (1, 765),
                (5, 15): (1, 42 * 60),
                (6, 23): (1, 541),
            },
        )
        totals = (shown["arrivals"], shown["waited"], shown["cost"])
        self.assertEqual(totals, (6, 4, 3856))

    def test_the_figures_are_those_of_sql_by_hand(self):
        """M139: counted and summed by plain SQL."""
        shown = self._get_cells(self._get_map(team_id=self.office.id))
        self.env.cr.execute(
            """
            SELECT received_at, extract(epoch FROM response_start_at - received_at) / 60
            FROM crm_lead
            WHERE team_id = %s AND lead_role = 'seeker' AND received_at > %s
            """,
            (self.office.id, local("2026-02-14 00:00")),
        )
        expected = {}
        for received_at, cost in self.env.cr.fetchall():
            wall = received_at + timedelta(hours=1)
            key = (wall.weekday(), wall.hour)
            count, costs = expected.get(key, (0, 0))
            expected[key] = (count + 1, costs + float(cost))
        self.assertEqual(shown, expected)

    def test_staffed_hours_are_those_of_the_office(self):
        """M139: 9 to 12 and 13 to 18 on weekdays, nothing else."""
        shown = self._get_map(team_id=self.office.id)
        staffed = {(c["weekday"], c["hour"]) for c in shown["cells"] if c["staffed"]}
        hours = [*range(9, 12), *range(13, 18)]
        self.assertEqual(staffed, {(day, hour) for day in range(5) for hour in hours})

    def test_an_office_elsewhere_reads_its_own_clock(self):
        """M139: 10:00 in Prague is 9:00 in Lisbon."""
        shown = self._get_map(team_id=self.lisbon.id)
        self.assertEqual(self._get_cells(shown), {(2, 9): (1, 0)})

    def test_all_offices_add_up_and_criteria_leave_others_out(self):
        self.assertEqual(self._get_map()["arrivals"], 7)
        self.assertEqual(self._get_map(pipeline="rent")["arrivals"], 1)

    def test_an_office_that_is_none_of_them_means_all_of_them(self):
        """M139: a client may send any id, such as of a team deleted meanwhile."""
        other = self.env["crm.team"].create({"name": "No office"})
        for team_id in (other.id, 0, -1, "x"):
            shown = self._get_map(team_id=team_id)
            self.assertEqual((shown["team_id"], shown["arrivals"]), (False, 7))

    def test_it_is_for_managers(self):
        with self.assertRaises(AccessError):
            self._get_map(user=self.agent)
