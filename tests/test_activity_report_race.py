from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from odoo.fields import Command, Date
from odoo.tests import tagged

from .databases import DatabaseCase, get_module_template, run_odoo

OWNERS = 5


def create_due_plans(env, count):
    """Make owners whose reports are due now."""
    owners = env["res.partner"].create(
        [
            {"name": f"Owner {number}", "email": f"owner{number}@example.com"}
            for number in range(count)
        ]
    )
    env["estate.property"].create(
        [
            {
                "name": f"House of {owner.name}",
                "deal_type": "sale",
                "state": "on_market",
                "owner_ids": [Command.set(owner.ids)],
            }
            for owner in owners
        ]
    )
    owners.report_plan_ids.start_date = Date.today() - timedelta(days=8)
    return len(owners.report_plan_ids)


RUN = "env['estate.activity.report']._cron_send_activity_reports()\n"
# The process is gone in the middle of a step: the second mail is queued, not committed.
RUN_TO_DEATH = """
import os, signal
reports = type(env['estate.activity.report'])
origin, seen = reports._freeze, []
def die(self, *args):
    seen.append(1)
    origin(self, *args)
    if len(seen) == 2:
        self.env.flush_all()
        os.kill(os.getpid(), signal.SIGKILL)
reports._freeze = die
"""


@tagged("activity_report")
class TestReportRace(DatabaseCase):
    """Real processes, real commits, real kills: each owner still has one mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = cls._create_database(get_module_template())

    def _run_job(self, script=RUN):
        return run_odoo(self.database, "shell", script=script)

    def _wait_an_hour(self):
        with self._cursor(self.database) as cr:
            # Raw SQL: what a rival was busy with is due again later.
            cr.execute(
                """UPDATE estate_activity_report SET retry_at = NULL
                WHERE state = 'draft'"""
            )

    def _assert_one_report_one_mail(self, owners):
        with self._cursor(self.database) as cr:
            # Raw SQL: what is committed, seen from outside.
            cr.execute(
                "SELECT count(*) FROM estate_activity_report WHERE state = 'sent'"
            )
            sent = cr.fetchone()[0]
            cr.execute(
                """SELECT count(*), count(DISTINCT rel.res_partner_id)
                FROM mail_mail mail
                JOIN mail_message message ON message.id = mail.mail_message_id
                JOIN mail_mail_res_partner_rel rel ON rel.mail_mail_id = mail.id
                JOIN message_attachment_rel file ON file.message_id = message.id
                WHERE message.model = 'estate.activity.report'"""
            )
            mails, recipients = cr.fetchone()
        self.assertEqual((sent, mails, recipients), (owners, owners, owners))

    def test_a_killed_worker_and_two_at_once_send_each_report_once(self):
        """M2: one report and one mail, also when a worker dies and two work at once."""
        self.assertEqual(self._call(self.database, create_due_plans, OWNERS), OWNERS)
        self.assertEqual(self._run_job(RUN_TO_DEATH + RUN).status, -9)
        with ThreadPoolExecutor(max_workers=2) as pool:
            runs = [pool.submit(self._run_job) for _worker in range(2)]
        for run in runs:
            self.assertEqual(run.result().status, 0, run.result().output)
        self._wait_an_hour()
        self._run_job()
        self._assert_one_report_one_mail(OWNERS)
