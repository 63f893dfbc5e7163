from datetime import date, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from ..models.outreach.estate_report_plan import get_next_date
from .activity_report import ActivityReportCase
from .common import NOW

WEEK = timedelta(days=7)


@tagged("activity_report")
class TestReportPlan(ActivityReportCase):
    """Who gets reports, and about which days."""

    def _get_periods(self):
        return [(report.date_from, report.date_to) for report in self._get_reports()]

    def _assert_no_gap(self, periods):
        for (_start, end), (start, _end) in zip(periods, periods[1:], strict=False):
            self.assertEqual(start, end + timedelta(days=1))

    def test_an_owner_whose_property_comes_on_the_market_has_a_plan(self):
        """M2: the plan is made by an automated action an admin can see."""
        self.company.estate_report_rhythm = "two_weekly"
        owner = self._create_contact("Otto Owner")
        prop = self._create_property(owner_ids=owner)
        self.assertFalse(owner.report_plan_ids)
        with freeze_time(NOW):
            prop.with_user(self.manager).action_put_on_market()
        plan = owner.report_plan_ids
        self.assertEqual((plan.rhythm, plan.start_date), ("two_weekly", NOW.date()))
        self.assertEqual(plan.next_date, NOW.date() + 2 * WEEK)

    def test_a_rule_sends_the_next_report_now_once(self):
        """M142: the type of action "Send activity report" fires by a rule."""
        rule = self.env["base.automation"].create(
            {
                "name": "Reserved: tell the owner",
                "model_id": self.env["ir.model"]._get_id("estate.property"),
                "trigger": "on_state_set",
                "trigger_field_ids": [
                    self.env["ir.model.fields"]._get("estate.property", "state").id
                ],
                "trg_selection_field_id": self.env.ref(
                    "crm_real_estate.selection__estate_property__state__reserved"
                ).id,
            }
        )
        self.env["ir.actions.server"].create(
            {
                "name": "Send",
                "state": "estate_send_report",
                "model_id": rule.model_id.id,
                "usage": "base_automation",
                "base_automation_id": rule.id,
            }
        )
        self._tell("meeting", day=1)
        with freeze_time(NOW + timedelta(days=3)):
            self.prop.with_user(self.manager).state = "reserved"
        self._run_job(days=3)
        self._run_job(days=3)
        report = self._get_reports()
        self.assertEqual((len(report), report.state), (1, "sent"))
        self.assertEqual(report.date_to, NOW.date() + timedelta(days=2))
        self.assertEqual(len(self._get_mails()), 1)
        # The rhythm goes on from that day.
        self.assertEqual(self.plan.next_date, NOW.date() + timedelta(days=3) + WEEK)

    def test_without_the_automated_action_nobody_gets_a_plan(self):
        self.env.ref("crm_real_estate.automation_plan_report").active = False
        owner = self._create_contact("Otto Owner")
        self._create_property(owner_ids=owner, state="on_market")
        self.assertFalse(owner.report_plan_ids)

    def test_an_owner_whose_plan_was_archived_gets_no_new_one(self):
        self.plan.active = False
        self._create_property(owner_ids=self.owner, state="on_market")
        self.assertFalse(self.owner.report_plan_ids)

    def test_periods_follow_one_another_over_the_change_of_the_clocks(self):
        # Clocks in Prague go forward on 29 March.
        for days in range(7, 36, 7):
            self._run_job(days=days)
        periods = self._get_periods()
        self.assertEqual(len(periods), 5)
        self.assertEqual(periods[0][0], NOW.date())
        self._assert_no_gap(periods)
        moments = [report._get_period() for report in self._get_reports()]
        for (_start, stop), (start, _stop) in zip(moments, moments[1:], strict=False):
            self.assertEqual(stop, start)
        self.assertEqual(moments[3][1] - moments[3][0], WEEK - timedelta(hours=1))

    def test_a_job_that_was_absent_24_days_tells_them_in_one_report(self):
        self._run_job(days=31)
        self.assertEqual(
            self._get_periods(), [(NOW.date(), NOW.date() + timedelta(days=30))]
        )
        self._run_job(days=35)
        periods = self._get_periods()
        self.assertEqual(periods[1][1], NOW.date() + timedelta(days=34))
        self._assert_no_gap(periods)

    def test_nothing_is_made_before_the_day_and_before_the_morning(self):
        self._run_job(days=6)
        # 7:30 in Prague.
        self._run_job(days=7, hours=-2.5)
        self.assertFalse(self._get_reports())
        self._run_job(days=7, hours=-1.9)
        self.assertEqual(len(self._get_reports()), 1)

    def test_each_company_keeps_its_own_time(self):
        self.company.resource_calendar_id.tz = "America/New_York"
        # 4:00 in New York.
        self._run_job(days=7)
        self.assertFalse(self._get_reports())
        self._run_job(days=7, hours=4)
        self.assertEqual(len(self._get_reports()), 1)

    def test_dates_count_whole_steps_from_the_anchor(self):
        cases = [
            ("weekly", date(2026, 3, 4), date(2026, 3, 11), date(2026, 3, 18)),
            ("weekly", date(2026, 3, 4), date(2026, 4, 4), date(2026, 4, 8)),
            ("two_weekly", date(2026, 3, 4), date(2026, 3, 18), date(2026, 4, 1)),
            ("monthly", date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)),
            ("monthly", date(2026, 1, 31), date(2026, 3, 31), date(2026, 4, 30)),
            ("monthly", date(2028, 2, 29), date(2029, 2, 28), date(2029, 3, 29)),
        ]
        for rhythm, anchor, day, expected in cases:
            with self.subTest(rhythm=rhythm, anchor=anchor, day=day):
                self.assertEqual(get_next_date(anchor, rhythm, day), expected)

    def test_a_day_chosen_by_hand_is_where_the_rhythm_goes_on(self):
        self.plan.next_date = date(2026, 3, 9)
        self._run_job(days=5)
        self.assertEqual(self.plan.next_date, date(2026, 3, 16))
        self._assert_no_gap(self._get_periods())

    def test_a_report_cannot_come_before_what_it_tells(self):
        with self.assertRaisesRegex(ValidationError, "must come after"):
            self.plan.next_date = self.plan.start_date

    def test_a_property_no_longer_owned_is_not_told(self):
        second = self._create_property(owner_ids=self.owner, state="on_market")
        self.plan.property_ids = self.prop | second
        second.owner_ids = self._create_contact("Nora New")
        self._run_job()
        self.assertEqual(self._get_reports().property_ids, self.prop)

    def test_an_owner_without_offered_properties_gets_no_report(self):
        self.prop.write({"state": "withdrawn"})
        self.plan.start_date = NOW.date() + timedelta(days=365)
        self._run_job(days=372)
        self.assertFalse(self._get_reports())
        self.assertGreater(self.plan.start_date, NOW.date() + timedelta(days=371))

    def test_an_agent_may_pause_a_plan_and_a_manager_may_delete_it(self):
        plan = self.plan.with_user(self.agent)
        plan.active = False
        with self.assertRaises(AccessError):
            plan.unlink()
        self.plan.with_user(self.manager).unlink()
        self.assertFalse(self.plan.exists())

    def test_of_two_merged_owners_one_plan_stays(self):
        twin = self._create_contact("Olga Owner", email="olga@example.com")
        self._create_property(owner_ids=twin, state="on_market")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.owner | twin).ids, self.owner
        )
        self.assertEqual(self.owner.report_plan_ids, self.plan)
