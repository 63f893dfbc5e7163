"""What the tests of the response clock share: moments, enquiries and their answers."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

import pytz

from odoo.fields import Command
from odoo.tests import Form, freeze_time

from odoo.addons.mail.tests.common import MailCase
from odoo.addons.sms.tests.common import SMSCase

from .common import EstateCase

PARTS = (
    *("response_unrouted_minutes", "response_unseen_minutes"),
    *("response_undone_minutes", "response_outside_minutes"),
)


def local(text, zone="Europe/Prague"):
    """Return a moment, written as the clock on the wall shows it, in naive UTC."""
    moment = pytz.timezone(zone).localize(datetime.fromisoformat(text))
    return moment.astimezone(pytz.utc).replace(tzinfo=None)


class ResponseCase(SMSCase, MailCase, EstateCase):
    """Enquiries at an office that is open on weekdays, 9 to 12 and 13 to 18."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.properties = {
            deal: cls._create_property(deal_type=deal, price=price, state="on_market")
            for deal, price in (("sale", 5_000_000), ("rent", 20_000))
        }

    @classmethod
    @contextmanager
    def _at(cls, moment):
        """Let it be some moment, for the database too."""
        with freeze_time(moment), patch.object(cls.env.cr, "now", lambda: moment):
            yield

    @classmethod
    def _receive(cls, moment, deal="sale", **values):
        """An enquiry that was received at a moment, by default for the agent."""
        with cls._at(moment):
            lead = cls._create_seeker_lead(
                cls.properties[deal],
                values.pop("partner", None) or cls._create_contact(),
                **values,
            )
            lead.flush_recordset()
        return lead

    def _answer(self, lead, moment, user=None, code="letter", told_at=None):
        """Log an answer by hand; told at once unless said otherwise."""
        with self._at(told_at or moment):
            self._log(lead, code, user=user, occurred_at=moment)

    def _correct(self, lead):
        """Take the first answer back, by the button of the journal."""
        row = lead.first_response_id.with_user(self.manager)
        action = row.action_correct()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
        )
        with Form(wizard) as form:
            form.reason = "It was another client"
        form.record.action_apply()

    def _get_parts(self, lead):
        return [lead[name] for name in PARTS]

    def _create_rule_of_urgent_leads(self, **action):
        """An administrator lets something happen when a lead is marked urgent."""
        values = {
            "name": "Urgent",
            "model_id": self.env["ir.model"]._get_id("crm.lead"),
            "usage": "base_automation",
            **action,
        }
        self.env["base.automation"].create(
            {
                "name": "Urgent leads",
                "model_id": values["model_id"],
                "trigger": "on_create_or_write",
                "filter_domain": "[('priority', '=', '2')]",
                "action_server_ids": [Command.create(values)],
            }
        )


def minutes(number):
    return timedelta(minutes=number)
