"""What an administrator is told: what does not work by itself, and what to do."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import EstateCase


@tagged("health")
class TheHealthLine(EstateCase):
    def setUp(self):
        super().setUp()
        crons = self.env["estate.health"]._get_crons()
        crons.write(
            {"nextcall": fields.Datetime.now() + timedelta(days=1), "failure_count": 0}
        )

    def _told(self):
        """Return what the page of the settings says."""
        settings = self.env["res.config.settings"].create({})
        return str(settings.estate_health)

    def _assert_told(self, what, to_do):
        told = self._told()
        self.assertIn(what, told)
        self.assertIn(to_do, told)

    def _get_cron(self):
        return self.env.ref("crm_real_estate.ir_cron_process_intake")

    def test_a_job_that_is_late(self):
        self.assertNotIn("work off the inbox is late", self._told())
        self._get_cron().nextcall = fields.Datetime.now() - timedelta(hours=2)
        self._assert_told("work off the inbox is late", "--max-cron-threads")

    def test_jobs_that_are_late_are_told_together(self):
        late = fields.Datetime.now() - timedelta(hours=2)
        jobs = self._get_cron() | self.env.ref("crm_real_estate.ir_cron_match")
        jobs.nextcall = late
        told = self._told()
        self.assertIn("2 jobs are late", told)
        self.assertEqual(told.count("--max-cron-threads"), 1)
        for job in jobs:
            self.assertIn(job.name, told)

    def test_a_job_that_is_off_until_somebody_wants_it_is_no_finding(self):
        job = self.env.ref("crm_real_estate.ir_cron_geocode")
        job.active = False
        self.assertNotIn(job.name, self._told())
        job.write({"active": True, "failure_count": 2})
        self._assert_told(f"{job.name} has failed 2 times", "log of the server")

    def test_a_job_that_is_switched_off(self):
        self._get_cron().active = False
        self._assert_told("work off the inbox is switched off", "Switch it on")

    def test_a_job_that_fails(self):
        self._get_cron().failure_count = 3
        self._assert_told("has failed 3 times", "log of the server")

    def test_a_database_that_compiles_its_queries(self):
        self.env.cr.execute("SET LOCAL jit = off")
        self.assertNotIn("jit", self._told())
        self.env.cr.execute("SET LOCAL jit = on")
        self._assert_told("(jit)", "postgresql.conf")

    def test_numbers_that_cannot_be_compared(self):
        health = type(self.env["estate.health"])
        with patch.object(health, "_has_library", return_value=False):
            self._assert_told("Phone numbers cannot be compared", "phonenumbers")

    def test_a_company_whose_mail_cannot_arrive(self):
        self.env["estate.intake.source"].create({"name": "Mails", "kind": "mail"})
        self.company.alias_domain_id = False
        self._assert_told("has no alias domain", "Alias Domain")

    def test_a_mailbox_that_cannot_be_reached(self):
        self.env["fetchmail.server"].create(
            {
                "name": "Portal mails",
                "server_type": "imap",
                "error_date": fields.Datetime.now(),
                "error_message": "Connection refused",
            }
        )
        self._assert_told("Portal mails could not be reached: Connection", "Test")

    def test_a_step_that_no_rule_distributes(self):
        self.assertNotIn("No rule distributes", self._told())
        self.rules["enquiry"].active = False
        self._assert_told("No rule distributes: Enquiry", "Distribution rules")

    def test_leads_without_next_task_are_counted(self):
        lead = self._create_seeker_lead()
        lead.activity_ids.unlink()
        self._assert_told("1 leads have no next task", "Without next task")

    def test_the_menu_opens_it_for_the_settings_group_alone(self):
        settings = self._create_user("settings", "group_settings")
        self.rules["enquiry"].active = False
        form = Form(self.env["estate.health"].with_user(settings))
        self.assertIn("No rule distributes", str(form.report))
        with self.assertRaises(AccessError):
            Form(self.env["estate.health"].with_user(self.manager))
