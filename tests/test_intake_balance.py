"""The nightly balance: inbox = done + refused + to check, or somebody is told."""

from datetime import timedelta

from odoo.fields import Datetime

from .intake_enquiries import EnquiryCase
from .openimmo_files import build_file


class TestBalance(EnquiryCase):
    def setUp(self):
        super().setUp()
        self.keeper = self._create_user("keeper", "group_settings")
        self._deliver(self._write_feedback())
        self._run_cron()
        self.message = self._messages()

    def _check(self):
        with self.enter_registry_test_mode():
            job = self.env.ref("crm_real_estate.ir_cron_check_inbox")
            job.method_direct_trigger()
        self.env.invalidate_all()
        return self.source.activity_ids.filtered(lambda a: a.user_id == self.keeper)

    def _make_late(self, message):
        message.received_at = Datetime.now() - timedelta(hours=25)

    def test_what_adds_up_is_told_to_nobody(self):
        self._deliver(self._write_mail("Do you have something nice?"))
        self._deliver(self._write_mail("Away.", Auto_Submitted="auto-replied"))
        self._run_cron()
        self.assertEqual(
            sorted(self._messages().mapped("state")), ["done", "refused", "to_check"]
        )
        self.assertFalse(self._check())
        self.assertTrue(self.message.is_balanced)

    def test_what_waits_for_more_than_a_day_is_told_once(self):
        self._deliver(self._write_mail("Hello"))
        waiting = self._messages() - self.message
        self.assertFalse(self._check())
        self._make_late(waiting)
        for _night in range(2):
            task = self._check()
            self.assertEqual(len(task), 1)
            self.assertIn("1 messages wait", task.summary)

    def test_a_source_that_was_archived_with_waiting_mails_is_told(self):
        self._deliver(self._write_mail("Hello"))
        self._make_late(self._messages() - self.message)
        self.source.active = False
        self._run_cron()
        self.assertEqual(len(self._check()), 1)

    def test_a_done_mail_without_its_enquiry_is_told(self):
        self.message.write({"item_count": 2, "is_balanced": False})
        task = self._check()
        self.assertIn("did not make all", task.summary)
        self.assertFalse(self.message.is_balanced)

    def test_the_task_goes_when_all_adds_up_again(self):
        self.message.write({"item_count": 2, "is_balanced": False})
        self.assertTrue(self._check())
        self.message.with_user(self.manager).action_replay()
        self.assertFalse(self._check())

    def test_a_file_with_an_object_left_behind_is_told(self):
        self.source = self.env["estate.intake.source"].create({"name": "Listings"})
        message = self.source._store("file", "a.xml", build_file(objects=2))
        message._process()
        self.assertFalse(self._check())
        message.write({"done_count": 1, "is_balanced": False})
        self.assertTrue(self._check())

    def test_people_of_another_company_are_not_told(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self._create_user(
            "stranger",
            "group_settings",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.message.write({"item_count": 2, "is_balanced": False})
        self.assertTrue(self._check())
        self.assertNotIn(stranger, self.source.activity_ids.user_id)
