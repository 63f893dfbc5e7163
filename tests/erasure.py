"""What the tests of erasure share: a person, and its canaries in every corner."""

import base64
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

from odoo.fields import Command, Datetime
from odoo.tests import Form
from odoo.tools import SQL, config

from odoo.addons.mail.tests.common import MailCase

from .common import NOW, EstateCase
from .openimmo_files import build_file

# Nobody else is called so, and no word contains it.
CANARY = "kanari7"
NAME = "Karla Kanari7"
MAIL = "kanari7@example.com"
PHONE = "+420 777 909 707"
DIGITS = "777909707"
SPACED = "777 909 707"


class ErasureCase(MailCase, EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Chatters remember changes here, as they do outside of tests.
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": False})
        cls.person = cls.env["res.partner"].browse(
            cls._create_contact(NAME, email=MAIL, phone=PHONE).id
        )
        cls.prop = cls._create_property(state="on_market", agent_id=cls.agent.id)

    def _erase(self, partner=None, user=None, reason="Asked by letter of 3 March"):
        """Open the form "Erase personal data", fill it in and press its button."""
        wizard = self.env["estate.erase.contact"].with_user(user or self.director)
        with Form(
            wizard.with_context(default_partner_id=(partner or self.person).id)
        ) as form:
            form.reason = reason
        with self.mock_mail_gateway():
            form.record.action_erase()
        self._settle()

    def _settle(self):
        self.flush_tracking()
        self.env.flush_all()
        self.env.invalidate_all()


class CanaryCase(ErasureCase):
    """Every text that the product can hold for a person, each with a canary in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_contact("Olga Other", email="olga@example.com")
        cls._seed_contact()
        cls._seed_intake()
        cls._seed_leads()
        cls._seed_messages()
        cls._seed_appointments()
        cls._seed_reports()
        cls.flush_tracking(cls)
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _seed_contact(cls):
        # A lead that is another person's now; its chatter remembers.
        cls.handed_on = cls.env["crm.lead"].create(
            {"name": "x", "partner_id": cls.person.id}
        )
        cls.env.flush_all()
        cls.person.write(
            {
                "street": f"{CANARY} Street 1",
                "street2": CANARY,
                "city": CANARY,
                "zip": CANARY,
                "function": CANARY,
                "website": f"https://{CANARY}.example.com",
                "ref": CANARY,
                "comment": f"<p>{CANARY} likes tea</p>",
                "vat": "/",
                "company_name": CANARY,
                "barcode": CANARY,
                "partner_latitude": 50.1,
                "partner_longitude": 14.4,
                "child_ids": [
                    Command.create({"name": f"{CANARY} invoices", "type": "invoice"})
                ],
                "bank_ids": [Command.create({"acc_number": f"CZ {CANARY}"})],
            }
        )
        cls._attach(cls.person)
        cls.person._record_consent("denied", "call", ("email",), "matching")
        cls.person.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=CANARY,
            note=f"<p>{CANARY}</p>",
            user_id=cls.agent.id,
        )
        cls.env["mail.blacklist"]._add(MAIL)
        cls.env["phone.blacklist"].add(cls.person.phone_sanitized)
        cls.env["res.users"].create(
            {
                "partner_id": cls.person.id,
                "login": MAIL,
                "signature": f"<p>{NAME}</p>",
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )

    @classmethod
    def _attach(cls, record):
        return cls.env["ir.attachment"].create(
            {
                "name": f"{CANARY}.txt",
                "res_model": record._name,
                "res_id": record.id,
                "datas": base64.b64encode(f"{CANARY} {record}".encode()),
            }
        )

    @classmethod
    def _seed_intake(cls):
        """As an owner from a file, and as a seeker by mails, one of them unclear."""
        files = cls.env["estate.intake.source"].create(
            {"name": "Portal", "kind": "openimmo", "contact_role": "owner"}
        )
        person = {
            "first_name": "Karla",
            "last_name": "Kanari7",
            "company": "",
            "email": MAIL,
            "phone": f"{CANARY}?",
            "mobile": "",
        }
        raw = build_file(objects=1, overrides={0: person})
        files._store("file", "list.xml", raw)._process()
        cls.brought = cls.env["estate.property"].search(
            [("intake_source_id", "=", files.id)]
        )
        mails = cls.env["estate.intake.source"].create(
            {"name": "Mails", "kind": "mail", "team_id": cls.office.id}
        )
        cls.messages = cls.env["estate.intake.message"]
        for number, subject in enumerate(
            (cls.prop.reference, cls.prop.reference, "Hello")
        ):
            mail = EmailMessage()
            mail["From"] = f"{NAME} <{MAIL}>"
            mail["To"] = "office@example.com"
            mail["Subject"] = f"{CANARY} {subject}"
            mail["Message-ID"] = f"<{number}@example.com>"
            mail.set_content(f"{CANARY} asks {number} about {subject}, {PHONE}")
            message = mails._store("mail", mail["Subject"], bytes(mail))
            message._process()
            cls.messages |= message

    @classmethod
    def _seed_leads(cls):
        cls.lead = cls.person.estate_lead_ids.filtered(
            lambda lead: lead.property_id == cls.prop
        )
        cls.lead.write(
            {
                "description": f"<p>{CANARY}</p>",
                "email_cc": MAIL,
                "function": CANARY,
                "referred": CANARY,
                "contact_name": NAME,
                "partner_name": CANARY,
            }
        )
        cls._attach(cls.lead)
        cls._log(
            cls,
            cls.lead,
            "note",
            user=cls.env.user,
            summary=f"{CANARY} 1",
            owner_comment=f"{CANARY} 2",
            internal_note=f"{CANARY} 3",
        )
        task = cls.lead.activity_schedule(
            "mail.mail_activity_data_call", summary=CANARY
        )
        task.action_feedback(f"{CANARY} said so")
        cls.lead.activity_schedule("mail.mail_activity_data_call", summary=CANARY)
        cls.owner_lead = cls._create_owner_lead(
            cls._create_property(owner_ids=cls.person)
        )
        cls.owner_lead._register_call(
            cls.env["estate.call.outcome"]._get("no_answer"), f"{CANARY} did not answer"
        )
        cls.own_lead = cls.env["crm.lead"].create(
            {"name": f"{CANARY} boat", "partner_id": cls.person.id, "phone": PHONE}
        )
        cls.loose_lead = cls.env["crm.lead"].create(
            {"name": f"{CANARY} car", "email_from": f"{NAME} <{MAIL}>"}
        )

    @classmethod
    def _seed_messages(cls):
        post = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        cls.person.message_post(body=f"{CANARY} on the contact", **post)
        cls.lead.message_post(
            body=f"Dear {NAME}",
            partner_ids=cls.person.ids,
            **post,
            attachments=[(f"{CANARY}.txt", f"{CANARY} attached")],
        )
        cls.prop.message_post(body=f"Dear {NAME}", partner_ids=cls.person.ids, **post)
        cls.prop.message_post(body=f"{CANARY} writes", author_id=cls.person.id, **post)
        cls.prop.message_post(
            body="To both", partner_ids=(cls.person | cls.other).ids, **post
        )
        cls.lead._message_sms(f"{CANARY} by text", partner_ids=cls.person.ids)
        cls.env["mail.mail"].create(
            {"subject": CANARY, "body_html": CANARY, "email_to": f"{NAME} <{MAIL}>"}
        )
        cls.both = cls.env["mail.mail"].create(
            {"subject": "Both", "email_to": f"{NAME} <{MAIL}>, Olga <olga@example.com>"}
        )
        cls.env["mail.scheduled.message"].create(
            {
                "model": "crm.lead",
                "res_id": cls.lead.id,
                "body": CANARY,
                "author_id": cls.agent.partner_id.id,
                "scheduled_date": Datetime.now() + timedelta(days=1),
            }
        )
        cls.flush_tracking(cls)
        cls.prop.owner_ids = cls.person | cls.other
        cls.flush_tracking(cls)
        cls.prop.owner_ids = cls.other
        cls.handed_on.write(
            {"partner_id": cls.other.id, "email_from": cls.other.email, "phone": False}
        )
        composer = cls.env["mail.compose.message"].with_context(
            default_model="res.partner",
            default_res_ids=cls.person.ids,
            default_composition_mode="mass_mail",
        )
        composer.create(
            {"subject": CANARY, "body": f"<p>{CANARY}</p>"}
        )._action_send_mail()

    @classmethod
    def _seed_appointments(cls):
        cls.viewing = cls._create_viewing(cls.lead, start=NOW)
        cls.viewing.write({"state": "done", "feedback": f"{CANARY} liked the kitchen"})
        cls.viewing.calendar_event_id.write(
            {
                "name": f"Viewing with {NAME}",
                "description": f"<p>{CANARY} brings a dog</p>",
            }
        )
        cls.planned = cls._create_viewing(cls.lead, start=NOW + timedelta(days=900))
        events = cls.env["calendar.event"].with_context(no_mail_to_attendees=True)
        cls.shared = events.create(
            {
                "name": f"Auction with {NAME} and Olga",
                "description": f"<p>Ring {MAIL}</p>",
                "start": NOW,
                "stop": NOW + timedelta(hours=1),
                "partner_ids": [Command.set((cls.person | cls.other).ids)],
            }
        )

    @classmethod
    def _seed_reports(cls):
        reports = cls.env["estate.activity.report"]
        cls.report = reports.create(
            {
                "partner_id": cls.person.id,
                "property_ids": [Command.set(cls.prop.ids)],
                "date_from": NOW,
                "date_to": NOW,
                "opening": f"Dear {NAME}",
                "line_ids": [
                    Command.create({"text": CANARY, "property_id": cls.prop.id})
                ],
            }
        )
        cls.report.pdf_attachment_id = cls._attach(cls.report)
        cls.report._freeze("post", False)
        # What another owner was told of the person's viewing.
        cls.other_report = reports.create(
            {
                "partner_id": cls.other.id,
                "property_ids": [Command.set(cls.prop.ids)],
                "date_from": NOW,
                "date_to": NOW,
            }
        )
        cls.other_report._freeze("post", False)

    # === LOOKING ===

    def _dump(self):
        """Return the tables that hold a word of the person: table -> rows."""
        self.cr.execute(
            "SELECT tablename FROM pg_tables "
            "WHERE schemaname = current_schema ORDER BY 1"
        )
        pattern = f"{CANARY}|{DIGITS}|{SPACED}"
        found = {}
        for (table,) in self.cr.fetchall():
            self.cr.execute(
                SQL(
                    "SELECT substring(whole.*::text from %s) FROM %s AS whole "
                    "WHERE whole.*::text ~* %s",
                    f"(?i).{{0,80}}(?:{pattern}).{{0,40}}",
                    SQL.identifier(table),
                    pattern,
                )
            )
            if rows := [row[0] for row in self.cr.fetchall()]:
                found[table] = rows
        return found

    def _look_into_files(self):
        """Return files of the store that hold a word, after the nightly vacuum."""
        self.env["ir.attachment"]._gc_file_store_unsafe()
        store = Path(config.filestore(self.cr.dbname))
        return [
            path.name
            for path in store.glob("??/*")
            if CANARY.encode() in path.read_bytes().lower()
        ]
