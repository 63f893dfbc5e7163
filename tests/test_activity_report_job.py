from datetime import timedelta
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from odoo.addons.base.models.ir_cron import IrCron

from .activity_report import ActivityReportCase
from .common import NOW

WEEK = timedelta(days=7)


class Killed(BaseException):
    """The worker is gone: no handler of the product sees it."""


@tagged("activity_report")
class TestReportJob(ActivityReportCase):
    """One report and one mail for each owner and period, whatever happens."""

    def _assert_one_report_one_mail(self, owner=None):
        report = self._get_reports(owner)
        self.assertEqual(len(report), 1)
        self.assertEqual(report.state, "sent")
        mail = self._get_mails(owner)
        self.assertEqual(len(mail), 1)
        self.assertEqual(report.mail_id, mail)
        self.assertEqual(mail.attachment_ids, report.pdf_attachment_id)
        self.assertEqual(len(self._find_journal(owner)), 1)

    def _find_journal(self, owner=None):
        return self.env["estate.interaction"].search(
            [
                ("partner_id", "=", (owner or self.owner).id),
                ("type_code", "=", "report_sent"),
            ]
        )

    def _fail(self, step, error, owner=None):
        """Let `step` raise `error` for the reports of `owner`, else for all."""
        reports = type(self.env["estate.activity.report"])
        origin = getattr(reports, step)

        def fail(records, *args, **kwargs):
            if not owner or owner in records.partner_id:
                raise error
            return origin(records, *args, **kwargs)

        return patch.object(reports, step, fail)

    def test_a_job_that_runs_twice_sends_once(self):
        """M2: after a week one report in one mail, also when the job runs twice."""
        self._run_job()
        self._run_job()
        self._run_job(hours=1)
        self._assert_one_report_one_mail()
        self.assertTrue(self._get_mails().mail_message_id.estate_automatic)
        self.assertTrue(self._find_journal().is_automatic)

    def test_a_worker_killed_in_any_step_leaves_one_report_and_one_mail(self):
        steps = ("_fill_lines", "_print", "_mail", "_freeze", "_write_report_journal")
        for number, step in enumerate(steps):
            for moment in ("before", "after"):
                with self.subTest(step=step, moment=moment):
                    owner = self._create_contact(f"Owner {number} {moment}")
                    with freeze_time(NOW):
                        self._create_property(owner_ids=owner, state="on_market")
                    with self._kill_at(step, moment):
                        self._run_job_to_its_death()
                    self._run_job()
                    self._assert_one_report_one_mail(owner)

    def _run_job_to_its_death(self):
        """Run the job until it is killed; what it committed stays."""
        # Odoo's assertRaises would roll back the commits, too.
        try:
            self._run_job()
        except Killed:
            return
        self.fail("The job was not killed.")

    def _kill_at(self, step, moment):
        reports = type(self.env["estate.activity.report"])
        origin = getattr(reports, step)

        def kill(records, *args, **kwargs):
            if moment == "after":
                origin(records, *args, **kwargs)
            raise Killed

        return patch.object(reports, step, kill)

    def test_a_worker_killed_at_any_commit_leaves_one_report_and_one_mail(self):
        commits = self._count_commits()
        self.assertGreaterEqual(commits, 4)
        for number in range(commits):
            for moment in ("before", "after"):
                with self.subTest(commit=number, moment=moment):
                    owner = self._create_contact(f"Owner {number} {moment}")
                    with freeze_time(NOW):
                        self._create_property(owner_ids=owner, state="on_market")
                    with self._kill_at_commit(number, moment):
                        self._run_job_to_its_death()
                    self._run_job()
                    self._assert_one_report_one_mail(owner)

    def _count_commits(self):
        origin, counted = IrCron._commit_progress, []

        def count(cron, *args, **kwargs):
            counted.append(1)
            return origin(cron, *args, **kwargs)

        with patch.object(IrCron, "_commit_progress", count):
            self._run_job()
        return len(counted)

    def _kill_at_commit(self, number, moment):
        origin, seen = IrCron._commit_progress, []

        def kill(cron, *args, **kwargs):
            seen.append(1)
            if len(seen) <= number:
                return origin(cron, *args, **kwargs)
            if moment == "after":
                origin(cron, *args, **kwargs)
            raise Killed

        return patch.object(IrCron, "_commit_progress", kill)

    def test_one_failing_report_does_not_stop_the_others(self):
        for step in ("_fill_lines", "_print", "_mail"):
            with self.subTest(step):
                owners = [
                    self._create_contact(f"{step} {number}") for number in range(3)
                ]
                with freeze_time(NOW):
                    for owner in owners:
                        self._create_property(owner_ids=owner, state="on_market")
                with self._fail(step, ValueError("no paper"), owners[1]):
                    self._run_job()
                self._assert_one_report_one_mail(owners[0])
                self._assert_one_report_one_mail(owners[2])
                failed = self._get_reports(owners[1])
                self.assertEqual(failed.state, "draft")
                self.assertEqual(failed.error, "ValueError: no paper")
                self._run_job(days=8)
                self._assert_one_report_one_mail(owners[1])

    def test_a_report_that_fails_is_tried_five_times_and_then_waits(self):
        attempts = []
        with self._fail("_print", ValueError("no paper")):
            for hours in (0, 0.1, 1, 3, 10, 40, 80, 120):
                self._run_job(hours=hours)
                attempts.append(self._get_reports().attempts)
        self.assertEqual(attempts, [1, 1, 2, 3, 4, 5, 5, 5])
        report = self._get_reports()
        self.assertIn("It failed 5 times", report.held_back_reason)
        self.assertIn("no paper", report.held_back_reason)
        report.with_user(self.agent).action_try_again()
        self._run_job(hours=121)
        self._assert_one_report_one_mail()

    def test_an_owner_who_wants_no_automatic_mail_gets_none(self):
        self.owner.automatic_messages_allowed = False
        self._run_job()
        report = self._get_reports()
        self.assertEqual(report.state, "draft")
        self.assertIn(
            "Olga Owner does not want automatic mails", report.held_back_reason
        )
        self.assertFalse(self._get_mails())
        with freeze_time(NOW + timedelta(days=8)):
            report.with_user(self.agent).action_send()
        self._assert_one_report_one_mail()
        self.assertFalse(self._get_mails().mail_message_id.estate_automatic)

    def test_an_owner_who_opts_out_between_printing_and_mailing_gets_no_mail(self):
        with self._kill_at("_mail", "before"):
            self._run_job_to_its_death()
        self.assertTrue(self._get_reports().pdf_attachment_id)
        self.owner.automatic_messages_allowed = False
        self._run_job()
        self.assertFalse(self._get_mails())

    def test_an_owner_without_an_address_is_a_task_not_an_error(self):
        self.owner.email = False
        self._run_job()
        report = self._get_reports()
        self.assertIn("has no mail address", report.held_back_reason)
        self.assertFalse(report.error)
        self.owner.email = "olga@example.com"
        report.with_user(self.agent).action_try_again()
        self._run_job(hours=1)
        self._assert_one_report_one_mail()

    def test_a_draft_of_an_archived_plan_is_not_sent(self):
        self.owner.automatic_messages_allowed = False
        self._run_job()
        self.plan.active = False
        self.owner.automatic_messages_allowed = True
        self._get_reports().action_try_again()
        self._run_job(hours=1)
        self.assertEqual(self._get_reports().state, "draft")

    def test_the_number_of_queries_does_not_follow_the_number_of_events(self):
        few = self._count_queries(events=1, street="Krátká")
        many = self._count_queries(events=30, street="Dlouhá")
        self.assertLessEqual(many, few)

    def _count_queries(self, events, street):
        """Return the queries that preparing ten reports takes."""
        owners = self.env["res.partner"]
        for number in range(10):
            with freeze_time(NOW):
                owner = self._create_contact(f"{street} {number}")
                prop = self._create_property(owner_ids=owner, state="on_market")
            with freeze_time(NOW + timedelta(days=5)):
                for event in range(events):
                    self._tell("enquiry", day=event % 5, prop=prop)
            owners |= owner
        plans = self.env["estate.report.plan"]
        (plans.search([]) - owners.report_plan_ids).active = False
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        with freeze_time(NOW + WEEK):
            self.assertEqual(plans._make_due_reports(10), 10)
            self.assertEqual(
                self.env["estate.activity.report"]._fill_due_reports(10), 10
            )
            self.env.flush_all()
        return self.env.cr.sql_log_count - before
