"""What the tests of activity reports share: an owner, a plan, the job, the letter."""

from datetime import timedelta

from odoo.fields import Command
from odoo.tests import freeze_time

from .common import NOW, EstateCase
from .pdf import PdfCase


class ActivityReportCase(PdfCase, EstateCase):
    """Olga owns an apartment that is on the market; her reports come weekly."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(NOW):
            cls.owner = cls._create_contact("Olga Owner", email="olga@example.com")
            cls.prop = cls._create_property(
                owner_ids=cls.owner, state="on_market", agent_id=cls.agent.id
            )
        cls.plan = cls.owner.report_plan_ids
        cls.cron = cls.env.ref("crm_real_estate.ir_cron_send_activity_reports")

    @classmethod
    def _tell(cls, code, day=1, prop=None, **values):
        """Write an event of the property to the journal, `day` days after NOW."""
        return cls.env["estate.interaction"]._write_journal(
            [
                {
                    "type": code,
                    "property_id": (prop or cls.prop).id,
                    "occurred_at": NOW + timedelta(days=day),
                    **values,
                }
            ]
        )

    @classmethod
    def _create_report(cls, user=None, **values):
        """A draft about the week from NOW on, made by hand."""
        return (
            cls.env["estate.activity.report"]
            .with_user(user or cls.agent)
            .create(
                {
                    "partner_id": cls.owner.id,
                    "property_ids": [Command.set(cls.prop.ids)],
                    "date_from": NOW.date(),
                    "date_to": NOW.date() + timedelta(days=6),
                    **values,
                }
            )
        )

    @classmethod
    def _get_reports(cls, owner=None):
        return cls.env["estate.activity.report"].search(
            [("partner_id", "=", (owner or cls.owner).id)], order="date_from"
        )

    @classmethod
    def _get_mails(cls, owner=None):
        return cls.env["mail.mail"].search(
            [
                ("recipient_ids", "in", (owner or cls.owner).ids),
                ("model", "=", "estate.activity.report"),
            ]
        )

    def _run_job(self, days=7, hours=0):
        """Let Odoo's scheduler run the job, `days` and `hours` after NOW."""
        with (
            freeze_time(NOW + timedelta(days=days, hours=hours)),
            self.enter_registry_test_mode(),
        ):
            self.assertIs(self.cron.method_direct_trigger(), True)
