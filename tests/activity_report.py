"""What the tests of activity reports share: an owner, a plan, the job, the letter."""

import re
import subprocess
from contextlib import contextmanager
from datetime import timedelta
from unittest import SkipTest
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import freeze_time

from odoo.addons.base.models.ir_actions_report import IrActionsReport

from .common import NOW, EstateCase


class ActivityReportCase(EstateCase):
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

    @contextmanager
    def _real_pdfs(self):
        """Make wkhtmltopdf print; a failure that Odoo turns into a skip stays one."""
        render = IrActionsReport._pre_render_qweb_pdf

        def render_for_real(report, *args, **kwargs):
            report = report.with_context(force_report_rendering=True)
            try:
                return render(report, *args, **kwargs)
            except SkipTest as skip:
                raise AssertionError("wkhtmltopdf failed") from skip

        with (
            self.allow_pdf_render(),
            patch.object(IrActionsReport, "_pre_render_qweb_pdf", render_for_real),
        ):
            yield

    def _read_pdf(self, content, *options):
        """Return the text of a PDF as a person sees it, a form feed after each page."""
        self.assertEqual(content[:5], b"%PDF-")
        return subprocess.run(
            ["pdftotext", "-layout", *options, "-", "-"],
            input=content,
            capture_output=True,
            check=True,
        ).stdout.decode()

    def _squeeze(self, text):
        """Return `text` with every run of white space as one space."""
        return re.sub(r"\s+", " ", text)
