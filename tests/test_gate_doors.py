"""Every door by which something automatic reaches a contact, and whom it lets through.

A new sender without a line here fails the last test: say who is written to by it.
"""

import ast
from datetime import timedelta
from typing import NamedTuple

from odoo.fields import Command, Datetime
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.mail.tests.common import MailCase
from odoo.addons.sms.tests.common import SMSCase

from .common import EstateCase
from .sources import find_files, parse

OUTREACH = "models/outreach/"
CAMPAIGN = "wizards/estate_report_campaign.py"


class Door(NamedTuple):
    channel: str
    purpose: str
    # file::function of ours that sends; none where Odoo itself does
    sender: str = ""


DOORS = {
    # Ours
    "answer": Door("email", "answer", f"{OUTREACH}estate_responder_answer.py::_post"),
    "offers": Door(
        "email", "matching", f"{OUTREACH}estate_pair_sending.py::_mail_offers"
    ),
    "expiry": Door(
        "email", "matching", f"{OUTREACH}estate_search_expiry.py::_ask_before_expiry"
    ),
    "news": Door("email", "event", f"{OUTREACH}estate_notice.py::_send"),
    "invitations": Door(
        "email", "event", f"{OUTREACH}estate_viewing_group.py::_invite"
    ),
    "feedback": Door(
        "email", "feedback", f"{OUTREACH}estate_viewing_feedback.py::_ask_for_feedback"
    ),
    "reports": Door(
        "email", "report", f"{OUTREACH}estate_activity_report_sending.py::_mail"
    ),
    "campaign_mails": Door("email", "advertising", f"{CAMPAIGN}::_send_mails"),
    "campaign_texts": Door("sms", "advertising", f"{CAMPAIGN}::_send_sms"),
    # Odoo's
    "batch_of_contacts": Door("email", "advertising"),
    "batch_of_leads": Door("email", "all"),
    "texts_to_contacts": Door("sms", "advertising"),
    "texts_to_leads": Door("sms", "all"),
    "posts_on_leads": Door("email", "all"),
    "rule_that_posts": Door("email", "answer"),
    "rule_that_mails": Door("email", "answer"),
    "rule_that_texts": Door("sms", "answer"),
    "reminders": Door("email", "reminder"),
}

# What these send goes to colleagues about their work, not to contacts.
TO_COLLEAGUES = {
    "models/dispatch/crm_lead_announcement.py::_post",
    "models/dispatch/crm_lead_lease.py::_tell_taken_back",
    "models/outreach/estate_alert_sending.py::_mail",
    "models/outreach/estate_alert_sending.py::_push",
    "models/outreach/estate_alert_sending.py::_text",
    "models/outreach/estate_property_owner_page.py::_tell_owner_looked",
    "models/outreach/opt_out_notice.py::_tell_agent_of_wish",
    "models/party/estate_hand_over.py::_mail",
    "models/party/estate_hand_over.py::_text",
}
# These leave nothing: notes for the agency, and words of the seeker himself.
INSIDE = {
    "models/enquiry/estate_intake_enquiry.py::_post_enquiry",
    "models/matching/estate_search_deeds.py::action_take_over_deeds",
    "wizards/estate_call_card.py::action_keep_open",
}
# Somebody presses a button to write to this one person.
BY_HAND = {"models/outreach/estate_viewing_invitation.py::_post_appointment"}

SENDING = {
    *("message_post", "message_notify", "message_post_with_source"),
    *("message_mail_with_source", "send_mail", "send_mail_batch"),
    *("_message_sms", "_message_sms_with_template", "_notify_thread"),
    *("_action_send_mail", "_action_send_sms", "action_send_sms"),
}
QUEUES = ("'mail.mail'", "'sms.sms'", "'mail.push'")


@tagged("post_install", "-at_install", "crm_real_estate")
class TestEveryDoor(SMSCase, MailCase, EstateCase):
    """Four seekers who own something, too: only two of them may be written to.

    Wilma said nothing, Rolf wants nothing automatic, Nora forbade what the door is for,
    Otto something else. All of them once agreed to advertising.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prop = cls._create_property(state="on_market", agent_id=cls.agent.id)
        cls.people = cls.env["res.partner"].union(
            *(
                cls._create_contact(name, email=f"{name.lower()}@example.com")
                for name in ("Wilma", "Rolf", "Nora", "Otto")
            )
        )
        cls.wilma, cls.rolf, cls.nora, cls.otto = cls.people
        for channels in (("email",), ("sms",)):
            cls.people._record_consent("given", "form", channels, "advertising")
        cls.leads = cls.env["crm.lead"].union(
            *(
                cls._create_seeker_lead(
                    cls.prop, partner, received_at=Datetime.now(), priority="1"
                )
                for partner in cls.people
            )
        )
        cls.rolf.automatic_messages_allowed = False

    # === THE DOORS ===

    def _through_answer(self):
        with Form(self.env["estate.responder"].with_user(self.manager)) as form:
            form.property_id = self.prop
        self.leads._answer_automatically(form.record)

    def _through_offers(self):
        self._create_searches()
        fresh = self._create_property(state="on_market", agent_id=self.agent.id)
        self.env.cr.flush()
        action = fresh.with_user(self.agent).action_write_to_matches()
        wizard = self.env[action["res_model"]].with_user(self.agent)
        Form(wizard.with_context(**action["context"])).save().action_send()

    def _create_searches(self, **values):
        return self.env["estate.search"].create(
            [
                {
                    "partner_id": partner.id,
                    "agent_id": self.agent.id,
                    "deal_type": "sale",
                    "price_max": 6_000_000,
                    **values,
                }
                for partner in self.people
            ]
        )

    def _through_expiry(self):
        self._create_searches(expires_on=Datetime.add(Datetime.today(), days=10).date())
        self._run("ir_cron_ask_before_expiry")

    def _run(self, job):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"crm_real_estate.{job}").method_direct_trigger()
        self.env.invalidate_all()

    def _through_news(self):
        self.leads.stage_id = self._phase("sale", 5)
        self.env.ref("crm_real_estate.automation_price_news").active = True
        self.prop.with_user(self.agent).price = 4_800_000
        self._run("ir_cron_send_notices")

    def _through_invitations(self):
        groups = self.env["estate.viewing.group"].with_user(self.agent)
        start = Datetime.now() + timedelta(days=3)
        groups.create(
            {"property_id": self.prop.id, "start": start, "places": 9}
        ).action_invite()

    def _through_feedback(self):
        start = Datetime.now() - timedelta(hours=3)
        viewings = [self._create_viewing(lead, start) for lead in self.leads]
        for viewing in viewings:
            viewing.with_user(self.agent).action_carried_out()

    def _through_reports(self):
        self._give_properties()
        owners = self.people.filtered("report_plan_ids")
        self.assertEqual(owners, self.people)
        with freeze_time(Datetime.now() + timedelta(days=7)):
            self._run("ir_cron_send_activity_reports")

    def _give_properties(self):
        for partner in self.people:
            self._create_property(
                owner_ids=partner, state="on_market", agent_id=self.agent.id
            )

    def _open_campaign(self, **values):
        self._give_properties()
        campaigns = self.env["estate.report.campaign"].with_user(self.agent)
        campaigns = campaigns.with_context(
            active_model="res.partner", active_ids=self.people.ids
        )
        with Form(campaigns) as form:
            for name, value in values.items():
                setattr(form, name, value)
        form.record.action_send()

    def _through_campaign_mails(self):
        self._open_campaign(subject="Spring", body="<p>Greetings</p>")

    def _through_campaign_texts(self):
        self._open_campaign(channel="sms", sms_text="Greetings")

    def _compose(self, records, mode="mass_mail", **values):
        composers = self.env["mail.compose.message"].with_user(self.agent)
        composer = composers.with_context(
            default_model=records._name,
            default_res_ids=records.ids,
            default_composition_mode=mode,
        ).create({"subject": "News", "body": "<p>Come and see</p>", **values})
        composer._action_send_mail()

    def _through_batch_of_contacts(self):
        self._compose(self.people)

    def _through_batch_of_leads(self):
        self._compose(self.leads)

    def _through_posts_on_leads(self):
        for lead in self.leads:
            lead.message_subscribe(lead.partner_id.ids)
        comment = self.env.ref("mail.mt_comment").id
        self._compose(self.leads, "comment", composition_batch=True, subtype_id=comment)

    def _through_texts_to_contacts(self):
        self._text(self.people)

    def _through_texts_to_leads(self):
        self._text(self.leads)

    def _text(self, records):
        composers = self.env["sms.composer"].with_user(self.agent)
        composers.with_context(
            default_res_model=records._name,
            default_res_ids=records.ids,
            default_composition_mode="mass",
        ).create({"body": "Come and see"})._action_send_sms()

    def _let_rule(self, **action):
        """Let an automated action of an admin do something with the leads."""
        for lead in self.leads:
            lead.message_subscribe(lead.partner_id.ids)
        model = self.env["ir.model"]._get_id("crm.lead")
        action = {"name": "Tell the seeker", "model_id": model, **action}
        self.env["base.automation"].create(
            {
                "name": "Tell the seeker",
                "model_id": model,
                "trigger": "on_create_or_write",
                "filter_domain": "[('priority', '=', '2')]",
                "action_server_ids": [Command.create(action)],
            }
        )
        self.leads.write({"priority": "2"})

    def _mail_by_rule(self, method):
        template = self.env["mail.template"].create(
            {
                "name": "News",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "subject": "News",
                "body_html": "<p>Come and see</p>",
                "partner_to": "{{ object.partner_id.id }}",
                "auto_delete": False,
            }
        )
        self._let_rule(
            state="mail_post", mail_post_method=method, template_id=template.id
        )

    def _through_rule_that_posts(self):
        self._mail_by_rule("comment")

    def _through_rule_that_mails(self):
        self._mail_by_rule("email")

    def _through_rule_that_texts(self):
        template = self.env["sms.template"].create(
            {
                "name": "News",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "body": "Come and see",
            }
        )
        self._let_rule(state="sms", sms_method="sms", sms_template_id=template.id)

    def _through_reminders(self):
        template = self.env.ref("calendar.calendar_template_meeting_reminder")
        alarm = self.env["calendar.alarm"].create(
            {
                "name": "Mail",
                "alarm_type": "email",
                "duration": 1,
                "interval": "hours",
                "mail_template_id": template.id,
            }
        )
        start = Datetime.now() + timedelta(minutes=30)
        quiet = self.env["calendar.event"].with_context(no_mail_to_attendees=True)
        quiet.create(
            {
                "name": "Talk",
                "start": start,
                "stop": start + timedelta(hours=1),
                "partner_ids": [Command.set(self.people.ids)],
                "alarm_ids": [Command.set(alarm.ids)],
            }
        )
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("calendar.ir_cron_scheduler_alarm").method_direct_trigger()
        self.env.invalidate_all()

    # === WHO IS REACHED ===

    def _check(self, name):
        """M95: allowed and blocked go through one door together."""
        door = DOORS[name]
        other = "prospecting"
        self.nora._record_consent("denied", "call", (door.channel,), door.purpose)
        self.otto._record_consent("denied", "call", (door.channel,), other)
        with self.mock_mail_gateway(), self.mockSMSGateway():
            getattr(self, f"_through_{name}")()
            reached = self._get_reached(door.channel)
        self.assertEqual(reached.mapped("name"), ["Wilma", "Otto"])

    def _get_reached(self, channel):
        if channel == "sms":
            texts = self._new_sms.exists()
            texts = texts.filtered(lambda text: text.state != "canceled")
            numbers = {*texts.mapped("number"), *(text["number"] for text in self._sms)}
            return self.people.filtered(lambda p: p.phone_sanitized in numbers)
        mails = self._new_mails.exists().filtered(lambda mail: mail.state != "cancel")
        gone = str([mail["email_to"] for mail in self._mails])
        told = gone + str(mails.mapped("email_to"))
        return self.people.filtered(
            lambda p: p in mails.recipient_ids or p.email_normalized in told
        )

    # === NO DOOR IS FORGOTTEN ===

    def test_each_sender_has_a_line_in_the_table(self):
        """M95: whoever adds a sender says whom it writes to, and tests it."""
        senders = set()
        for path in find_files("models", "wizards", "controllers", "report"):
            for node in ast.walk(parse(path)):
                if isinstance(node, ast.FunctionDef) and self._sends(node):
                    senders.add(f"{path}::{node.name}")
        known = {door.sender for door in DOORS.values()} - {""}
        known |= TO_COLLEAGUES | INSIDE | BY_HAND
        self.assertEqual(sorted(senders - known), [], "senders without a line")
        self.assertEqual(sorted(known - senders), [], "lines without a sender")

    def _sends(self, function):
        """Tell whether a function itself posts, mails or texts."""
        for node in ast.walk(function):
            if not isinstance(node, ast.Call) or not isinstance(
                node.func, ast.Attribute
            ):
                continue
            about = ast.unparse(node.func.value)
            if node.func.attr in SENDING and not about.startswith("super("):
                return True
            if node.func.attr == "create" and any(queue in about for queue in QUEUES):
                return True
        return False


def _make_test(name):
    def test(self):
        self._check(name)

    test.__doc__ = f"M95: {name}: who said no to it gets nothing, who may gets it."
    return test


for _name in DOORS:
    setattr(TestEveryDoor, f"test_{_name}", _make_test(_name))
