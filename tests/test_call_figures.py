"""The call centre in figures: the funnel of its leads, and who reached his minimum."""

from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Datetime
from odoo.tests import Form, freeze_time

from .common import NOW, EstateCase


class FiguresCase(EstateCase):
    """Two operators who ring owners on Wednesday, 4 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls._create_contact("Olga Owner")
        cls.manager.group_ids += cls.env.ref("base.group_allow_export")

    @classmethod
    def _create_lead(cls, user=None, received=NOW, **values):
        """An owner lead of the call centre, received at a moment."""
        lead = cls.env["crm.lead"].create(
            {
                "name": "Owner",
                "lead_role": "owner",
                "property_id": cls._create_property(owner_ids=cls.owner).id,
                "partner_id": cls.owner.id,
                "user_id": (user or cls.operator).id,
                "team_id": cls.call_centre.id,
                **values,
            }
        )
        cls._receive(lead, received)
        return lead

    @classmethod
    def _receive(cls, leads, moment):
        # Raw SQL: the moment of creation is Odoo's own, which the clock of a test
        # does not reach.
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = ANY(%s)",
            (moment, leads.ids),
        )
        cls.env.invalidate_all()

    def _call(self, lead, code, user=None):
        """Note a call by the button that an operator presses."""
        lead.with_user(user or self.operator).action_call_outcome(code)

    def _note_calls(self, user, count, code="refused", moment=NOW):
        """Store attempts of one person, as many as a day has."""
        outcome = self.env["estate.call.outcome"]._get(code)
        self.env["estate.call"].create(
            [
                {
                    "user_id": user.id,
                    "started_at": moment,
                    "outcome_id": outcome.id,
                    "company_id": self.company.id,
                }
                for _number in range(count)
            ]
        )

    def _open_figures(self, user=None, **values):
        """Open the screen as its menu does, and choose something on it."""
        menu = self.env.ref("crm_real_estate.estate_call_figures_action")
        action = menu.with_user(user or self.manager).run()
        figures = self.env[action["res_model"]].browse(action["res_id"])
        with Form(figures.with_user(user or self.manager)) as form:
            for name, value in values.items():
                setattr(form, name, value)
        return figures.with_user(user or self.manager)

    def _line(self, figures, user, day=None):
        return figures.line_ids.filtered(
            lambda line: line.user_id == user and (not day or line.day == day)
        )


@freeze_time(NOW)
class TestFunnel(FiguresCase):
    def _create_ten(self):
        """Ten leads of one day: 2 agreed, 3 spoken to, 1 given up, 4 open."""
        leads = self.env["crm.lead"]
        for _number in range(10):
            leads |= self._create_lead()
        for lead, code in zip(
            leads,
            ("agreed", "agreed", "refused", "wrong_number", "reached"),
            strict=False,
        ):
            self._call(lead, code)
        for _attempt in range(4):
            self._call(leads[5], "no_answer")
        for lead, code in zip(leads[6:], ("no_answer", "busy"), strict=False):
            self._call(lead, code)
        self.assertTrue(leads[5].stage_id.is_cancellation, "it was given up")
        return leads

    def test_ten_in_six_processed_two_agreed_are_sixty_and_thirty_three_percent(self):
        """M41: 10 in, 6 processed, 2 agreed: 10/6/2 and 60 % / 33 % for the period."""
        self._create_ten()
        for period in ("today", "week", "month"):
            figures = self._open_figures(period=period, team_id=self.call_centre)
            with self.subTest(period):
                self.assertEqual(
                    (figures.received, figures.called, figures.processed),
                    (10, 8, 6),
                )
                self.assertEqual((figures.positive, figures.mandate), (2, 0))
                self.assertEqual(round(100 * figures.processed_share), 60)
                self.assertEqual(round(100 * figures.positive_share), 33)

    def test_the_pivot_adds_up_and_its_shares_are_those_of_the_whole(self):
        """M41: in the pivot too, by operator and in total."""
        self._create_ten()
        other = self._create_lead(user=self.second_operator)
        self._call(other, "agreed", self.second_operator)
        self.env.flush_all()
        report = self.env["estate.funnel.report"].with_user(self.manager)
        measures = ["received:sum", "processed:sum", "positive:sum"]
        measures += ["processed_share:avg", "positive_share:avg"]
        domain = [("team_id", "=", self.call_centre.id)]
        rows = dict(
            (row[0], row[1:])
            for row in report._read_group(domain, ["operator_id"], measures)
        )
        self.assertEqual(rows[self.operator][:3], (10, 6, 2))
        self.assertEqual(rows[self.second_operator], (1, 1, 1, 1.0, 1.0))
        total = report._read_group(domain, [], measures)[0]
        self.assertEqual(total[:3], (11, 7, 3))
        self.assertAlmostEqual(total[3], 7 / 11)
        self.assertAlmostEqual(total[4], 3 / 7)

    def test_a_lead_counts_in_the_days_in_which_it_was_received(self):
        self._create_lead(received=NOW - timedelta(days=40))
        late = self._create_lead(received=NOW - timedelta(days=1))
        self._call(late, "agreed")
        figures = self._open_figures(period="today", team_id=self.call_centre)
        self.assertEqual(figures.received, 0)
        figures = self._open_figures(period="yesterday", team_id=self.call_centre)
        self.assertEqual((figures.received, figures.positive), (1, 1))

    def test_the_day_begins_at_midnight_of_who_looks(self):
        # 23:30 UTC on the 3rd is half past midnight on the 4th in Prague.
        self._create_lead(received=datetime(2026, 3, 3, 23, 30))
        self._create_lead(received=datetime(2026, 3, 4, 23, 30))
        figures = self._open_figures(period="today", team_id=self.call_centre)
        self.assertEqual(figures.received, 1)

    def test_who_got_the_agreement_keeps_it_when_an_agent_calls_later(self):
        lead = self._create_lead(user=self.second_operator)
        self._call(lead, "no_answer", self.second_operator)
        lead.user_id = self.operator
        self._call(lead, "agreed")
        self.env.flush_all()
        agent = lead.user_id
        self.assertNotEqual(agent, self.operator, "it was handed over")
        lead.with_user(agent).action_call_outcome("reached")
        self.env.flush_all()
        row = self.env["estate.funnel.report"].browse(lead.id)
        self.assertEqual(
            (row.operator_id, row.team_id), (self.operator, self.call_centre)
        )

    def test_a_lead_cancelled_without_a_call_is_not_processed(self):
        lead = self._create_lead()
        lead.action_set_lost()
        self.env.flush_all()
        row = self.env["estate.funnel.report"].browse(lead.id)
        self.assertEqual((row.called, row.processed), (0, 0))

    def test_a_mandate_counts_when_its_phase_is_reached(self):
        lead = self._create_lead()
        lead.stage_id = self._phase("acquisition", 7)
        self.env.flush_all()
        row = self.env["estate.funnel.report"].browse(lead.id)
        self.assertEqual((row.mandate, row.mandate_at), (1, lead.date_closed))

    def test_a_number_opens_the_leads_it_counts(self):
        leads = self._create_ten()
        figures = self._open_figures(period="today", team_id=self.call_centre)
        action = figures.with_context(estate_step="positive").action_open_funnel()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(rows.lead_id, leads[:2])
        opened = rows[0].with_user(self.manager).action_open_lead()
        self.assertEqual(
            (opened["res_model"], opened["res_id"]), ("crm.lead", rows[0].lead_id.id)
        )

    def test_everybody_sees_his_own_leads_and_a_manager_all(self):
        mine = self._create_lead()
        other = self._create_lead(user=self.second_operator)
        self.env.flush_all()
        report = self.env["estate.funnel.report"]
        among = [("lead_id", "in", (mine | other).ids)]
        for user, seen in (
            (self.operator, mine),
            (self.agent, mine.browse()),
            (self.manager, mine | other),
        ):
            with self.subTest(user.login):
                found = report.with_user(user).search(among)
                self.assertEqual(set(found.ids), set(seen.ids))
        with self.assertRaises(AccessError):
            report.browse(other.id).with_user(self.operator).action_open_lead()

    def test_an_operator_has_his_own_funnel_on_the_screen(self):
        self._create_lead()
        self._create_lead(user=self.second_operator)
        self.assertEqual(self._open_figures(self.operator).received, 1)
        self.assertEqual(self._open_figures(self.manager).received, 2)

    def test_the_filters_and_groups_of_the_report_work(self):
        self._create_ten()
        report = self.env["estate.funnel.report"].with_user(self.operator)
        for domain in (
            [("team_id.crm_team_member_ids.user_id", "=", self.operator.id)],
            [("received_at", ">=", "today =week_start")],
            [("received_at", ">=", "today =1d")],
        ):
            with self.subTest(domain):
                self.assertEqual(report.search_count(domain), 10)
        for group in ("intake_source_id", "source_id", "type_id", "deal_type"):
            with self.subTest(group):
                self.assertTrue(
                    report.formatted_read_group([], [group], ["received:sum"])
                )


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
