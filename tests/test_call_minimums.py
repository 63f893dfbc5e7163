"""Least calls and results asked of each operator."""

from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Datetime
from odoo.tests import freeze_time

from .call_figures import FiguresCase
from .common import NOW


@freeze_time(NOW)
class TestMinimums(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.processed = cls._create_objective("processed_calls", 20)
        cls.positive = cls._create_objective("positive_calls", 3)

    @classmethod
    def _create_objective(cls, metric, minimum, **values):
        return cls.env["estate.objective"].create(
            {
                "metric": metric,
                "minimum": minimum,
                "team_id": cls.call_centre.id,
                **values,
            }
        )

    def _results(self, line):
        return line.processed_calls_result, line.positive_calls_result

    def _leave(self, start, stop, user=None):
        resource = self.env["resource.resource"].search(
            [("user_id", "=", (user or self.operator).id)]
        )
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": resource.id,
                "calendar_id": resource.calendar_id.id,
                "date_from": start,
                "date_to": stop,
            }
        )

    def test_eighteen_and_four_against_twenty_and_three_fail_and_pass(self):
        """M42: minimum 20/3; employee with 18/4 shows fail/pass."""
        self._note_calls(self.operator, 14)
        self._note_calls(self.operator, 4, "agreed")
        self._note_calls(self.operator, 7, "no_answer")
        figures = self._open_figures(period="today", team_id=self.call_centre)
        line = self._line(figures, self.operator)
        self.assertEqual(
            (line.calls, line.processed_calls, line.positive_calls), (25, 18, 4)
        )
        self.assertEqual(
            (line.processed_calls_minimum, line.positive_calls_minimum), (20, 3)
        )
        self.assertEqual(self._results(line), ("fail", "pass"))

    def test_exactly_the_minimum_passes(self):
        self._note_calls(self.operator, 17)
        self._note_calls(self.operator, 3, "agreed")
        figures = self._open_figures(period="today")
        self.assertEqual(
            self._results(self._line(figures, self.operator)), ("pass", "pass")
        )

    def test_who_did_nothing_is_shown_as_failed(self):
        figures = self._open_figures(period="today")
        self.assertEqual(
            self._results(self._line(figures, self.second_operator)), ("fail", "fail")
        )

    def test_over_a_period_the_minimum_is_that_of_the_worked_days_so_far(self):
        # Monday to Wednesday; Thursday and Friday are still to come.
        figures = self._open_figures(period="week")
        line = self._line(figures, self.operator)
        self.assertEqual((line.work_days, line.processed_calls_minimum), (3, 60))
        figures = self._open_figures(period="last_week")
        line = self._line(figures, self.operator)
        self.assertEqual((line.work_days, line.processed_calls_minimum), (5, 100))

    def test_a_leave_asks_for_nothing_and_half_a_day_for_half(self):
        # Monday off, Tuesday afternoon off (Prague is one hour ahead of UTC).
        self._leave(datetime(2026, 3, 1, 23), datetime(2026, 3, 2, 22, 59, 59))
        self._leave(datetime(2026, 3, 3, 11), datetime(2026, 3, 3, 22))
        figures = self._open_figures(period="week")
        line = self._line(figures, self.operator)
        self.assertEqual((line.work_days, line.processed_calls_minimum), (1.5, 30))
        other = self._line(figures, self.second_operator)
        self.assertEqual(other.work_days, 3)

    def test_a_holiday_asks_nobody_for_anything(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": datetime(2026, 3, 2, 23),
                "date_to": datetime(2026, 3, 3, 22, 59),
            }
        )
        figures = self._open_figures(period="week")
        self.assertEqual(figures.line_ids.mapped("work_days"), [2.0, 2.0])

    def test_the_hours_of_the_person_decide_about_his_days(self):
        part_time = self._create_calendar(name="Mondays")
        part_time.attendance_ids.filtered(lambda a: a.dayofweek != "0").unlink()
        resource = self.env["resource.resource"].search(
            [("user_id", "=", self.operator.id)]
        )
        resource.calendar_id = part_time
        figures = self._open_figures(period="week")
        self.assertEqual(self._line(figures, self.operator).work_days, 1)
        self.assertEqual(self._line(figures, self.second_operator).work_days, 3)

    def test_day_by_day_each_day_has_its_own_result(self):
        self._note_calls(self.operator, 20, moment=NOW - timedelta(days=1))
        self._note_calls(self.operator, 19)
        figures = self._open_figures(period="week", by_day=True)
        mine = figures.line_ids.filtered(lambda line: line.user_id == self.operator)
        self.assertEqual(
            [(line.day.day, line.processed_calls_result) for line in mine],
            [(2, "fail"), (3, "pass"), (4, "fail")],
        )

    def test_work_on_a_day_off_is_shown_and_asks_for_nothing(self):
        saturday = datetime(2026, 2, 28, 10)
        self._note_calls(self.operator, 2, moment=saturday)
        figures = self._open_figures(period="last_week", by_day=True)
        line = self._line(figures, self.operator, date(2026, 2, 28))
        self.assertEqual((line.processed_calls, line.work_days), (2, 0))
        self.assertEqual(line.processed_calls_result, "pass")

    def test_a_persons_own_minimum_comes_before_that_of_his_office(self):
        self._create_objective(
            "processed_calls", 5, user_id=self.operator.id, team_id=False
        )
        figures = self._open_figures(period="today")
        self.assertEqual(self._line(figures, self.operator).processed_calls_minimum, 5)
        self.assertEqual(
            self._line(figures, self.second_operator).processed_calls_minimum, 20
        )

    def test_a_weekly_minimum_shrinks_with_the_leave_in_its_week(self):
        self.processed.write({"period": "week", "minimum": 100})
        self._leave(datetime(2026, 2, 22, 23), datetime(2026, 2, 23, 22, 59))
        figures = self._open_figures(period="last_week")
        self.assertEqual(self._line(figures, self.operator).processed_calls_minimum, 80)

    def test_viewings_and_mandates_are_asked_for_in_the_same_way(self):
        for metric in ("viewings", "mandates"):
            self._create_objective(metric, 1, team_id=self.office.id)
        self._create_viewing(start=NOW - timedelta(hours=1), state="done")
        lead = self._create_lead(user=self.agent, team_id=self.office.id)
        lead.stage_id = self._phase("acquisition", 7)
        lead.date_closed = Datetime.now()
        figures = self._open_figures(period="today", team_id=self.office)
        line = self._line(figures, self.agent)
        self.assertEqual((line.viewings, line.mandates), (1, 1))
        self.assertEqual((line.viewings_result, line.mandates_result), ("pass", "pass"))

    def test_an_operator_sees_his_own_figures_a_manager_those_of_all(self):
        self._note_calls(self.operator, 1)
        self._note_calls(self.second_operator, 1)
        both = self.operator | self.second_operator
        self.assertEqual(
            self._open_figures(self.operator).line_ids.user_id, self.operator
        )
        self.assertEqual(self._open_figures(self.manager).line_ids.user_id, both)

    def test_nobody_reads_the_screen_of_somebody_else(self):
        figures = self._open_figures(self.manager)
        found = self.env["estate.call.figures.line"].with_user(self.operator)
        self.assertFalse(found.search([("id", "in", figures.line_ids.ids)]))
        with self.assertRaises(AccessError):
            figures.line_ids.with_user(self.operator).read(["calls"])

    def test_the_list_is_exported_by_odoos_own_export(self):
        self._note_calls(self.operator, 18)
        figures = self._open_figures(period="today", team_id=self.call_centre)
        action = figures.action_open_list()
        lines = self.env[action["res_model"]].with_user(self.manager)
        lines = lines.search(action["domain"])
        data = lines.export_data(
            ["user_id", "processed_calls", "processed_calls_minimum"]
            + ["processed_calls_result"]
        )["datas"]
        self.assertIn(["Operator", 18, 20.0, "Fail"], data)

    def test_there_is_one_objective_of_each_kind(self):
        with self.assertRaisesRegex(ValidationError, "already an objective"):
            self._create_objective("processed_calls", 30, period="week")

    def test_days_in_the_wrong_order_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "first day that is not after"):
            self.env["estate.call.figures"].with_user(self.manager).create(
                {
                    "period": "custom",
                    "date_from": date(2026, 3, 4),
                    "date_to": date(2026, 3, 3),
                }
            )

    def test_another_time_zone_has_other_days(self):
        self.operator.tz = "Asia/Tokyo"
        # 20:00 UTC is 5:00 of the next day in Tokyo.
        evening = (NOW - timedelta(days=1)).replace(hour=20)
        self._note_calls(self.operator, 1, moment=evening)
        figures = self._open_figures(period="week", by_day=True)
        line = self._line(figures, self.operator, date(2026, 3, 4))
        self.assertEqual(line.processed_calls, 1)

    def test_more_people_cost_no_more_queries(self):
        team = self._create_team("Large")
        self._create_objective("calls", 10, team_id=team.id)
        people = [
            self._create_user(f"member{number}", "group_operator", team)
            for number in range(12)
        ]
        for user in people:
            self._note_calls(user, 2)
        users = self.env["res.users"].union(*people)
        counts = []
        for some in (users[:2], users):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["estate.figures"]._get_figures(
                some, self.company, date(2026, 3, 2), date(2026, 3, 8), NOW.date()
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
        self.assertLessEqual(counts[0], 25)
