from ast import literal_eval
from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .activity_report import ActivityReportCase
from .common import NOW


@tagged("activity_report")
class TestOwnerSilence(ActivityReportCase):
    """An owner was promised news every 14 days; before that breaks the agent knows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("crm_real_estate.ir_cron_warn_of_silence")
        cls.plan.active = False
        with freeze_time(NOW):
            # What happened before belongs to the news of the first day.
            cls.mandate = cls.env["estate.mandate"].create(
                {"property_id": cls.prop.id, "date_start": NOW.date()}
            )

    def _get_tasks(self):
        return self.prop.activity_ids.filtered(
            lambda task: task.activity_type_id
            == self.env.ref("crm_real_estate.mail_activity_type_owner_news")
        )

    def _get_silent(self, days):
        """Return what the list of silent mandates shows to the agent on that day."""
        action = self.env.ref("crm_real_estate.estate_mandate_action_silent")
        self.env.invalidate_all()
        with freeze_time(NOW + timedelta(days=days)):
            mandates = self.env["estate.mandate"].with_user(self.agent)
            return mandates.search(literal_eval(action.domain))

    def test_after_13_of_14_days_the_agent_has_a_task_with_a_draft(self):
        """M132: no news for 13 of 14 days: a task with a draft; the list of silence."""
        self._tell("documentation_sent", day=0)
        self._run_job(days=12)
        self.assertFalse(self._get_tasks())
        self._run_job(days=13)
        self._run_job(days=13, hours=6)
        task = self._get_tasks()
        self.assertEqual(len(task), 1)
        self.assertEqual(task.user_id, self.agent)
        self.assertEqual(task.date_deadline, NOW.date() + timedelta(days=14))
        draft = self._get_reports()
        self.assertEqual(draft.state, "draft")
        self.assertIn("Documentation sent", draft.line_ids.mapped("kind"))
        self.assertIn(f'data-oe-id="{draft.id}"', task.note)
        self.assertFalse(self._get_silent(14))
        self.assertEqual(self._get_silent(15), self.mandate)

    def test_news_begin_the_count_anew(self):
        self._run_job(days=13)
        self._tell("documentation_sent", day=14)
        self.assertFalse(self._get_silent(20))
        self._run_job(days=20)
        self.assertEqual(len(self._get_tasks()), 1)
        self._run_job(days=27)
        self.assertEqual(len(self._get_tasks()), 2)

    def test_the_agent_drafts_the_report_from_the_silent_mandate(self):
        """M132: one click from the list to the draft; again, the same draft opens."""
        self._tell("documentation_sent", day=0)
        mandate = self.mandate.with_user(self.agent)
        with freeze_time(NOW + timedelta(days=20)):
            self.assertTrue(mandate.is_silent)
            opened = [mandate.action_draft_news()["res_id"] for _click in range(2)]
        draft = self._get_reports()
        self.assertEqual(opened, [draft.id, draft.id])
        self.assertIn("Documentation sent", draft.line_ids.mapped("kind"))

    def test_nobody_drafts_a_report_of_a_colleagues_property(self):
        stranger = self._create_user(
            "stranger", "group_agent", self._create_team("Far office")
        )
        with self.assertRaises(AccessError):
            self.mandate.with_user(stranger).action_draft_news()

    def test_the_draft_sent_is_news(self):
        self._run_job(days=13)
        with freeze_time(NOW + timedelta(days=13)):
            self._get_reports().with_user(self.agent).action_send()
        self.assertFalse(self._get_silent(20))

    def test_a_mandate_that_ended_promises_nothing(self):
        self.mandate.date_end = NOW.date() + timedelta(days=5)
        self._run_job(days=13)
        self.assertFalse(self._get_tasks())
        self.assertFalse(self._get_silent(15))

    def test_a_mandate_takes_owner_and_agent_of_its_property(self):
        with Form(self.env["estate.mandate"].with_user(self.agent)) as form:
            form.property_id = self._create_property(agent_id=self.agent.id)
            self.assertEqual(form.agent_id, self.agent)
        self.assertEqual(form.record.owner_ids.name, "Olga Owner")
        self.assertEqual(form.record.news_every_days, 14)

    def test_two_exclusive_mandates_at_a_time_are_refused(self):
        self.mandate.exclusive = True
        with self.assertRaisesRegex(ValidationError, "already has an exclusive"):
            self.mandate.copy()
