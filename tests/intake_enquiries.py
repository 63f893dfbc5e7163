"""Mails of portals and of seekers, and the gateway they come by."""

from email.message import EmailMessage

from .common import EstateCase

FEEDBACK = """<?xml version="1.0" encoding="UTF-8"?>
<openimmo_feedback>
  <version>1.2.5</version>
  <sender><name>Portal One</name></sender>
  <objekt>
    <oobj_id>{reference}</oobj_id>
    <interessent>
      <vorname>{first}</vorname><nachname>{last}</nachname>
      <tel>{phone}</tel><email>{mail}</email>
      <anfrage>{text}</anfrage>
    </interessent>
  </objekt>
</openimmo_feedback>"""


class EnquiryCase(EstateCase):
    """An agency whose office takes mails as enquiries about one property."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.alias.domain"].search([]).unlink()
        cls.domain = cls.env["mail.alias.domain"].create({"name": "agency.example.com"})
        cls.company.alias_domain_id = cls.domain
        cls.source = cls.env["estate.intake.source"].create(
            {"name": "Enquiries", "kind": "mail", "team_id": cls.office.id}
        )
        cls.office.write({"alias_name": "prague", "alias_domain_id": cls.domain.id})
        cls.office.intake_source_id = cls.source
        cls.prop = cls._create_property(
            state="on_market", agent_id=cls.agent.id, team_id=cls.office.id
        )

    # === HELPERS ===

    def _write_mail(
        self, body, subject="Enquiry", sender="Sam Seeker <sam@example.com>", **headers
    ):
        mail = EmailMessage()
        mail["From"] = sender
        mail["To"] = "prague@agency.example.com"
        mail["Subject"] = subject
        mail["Date"] = "Wed, 04 Mar 2026 09:00:00 +0000"
        mail["Message-ID"] = headers.pop(
            "message_id", f"<{abs(hash(body + subject))}@example.com>"
        )
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(body)
        return mail

    def _write_feedback(self, **values):
        values = {
            "reference": self.prop.reference,
            "first": "Sam",
            "last": "Seeker",
            "phone": "+420 777 555 111",
            "mail": "sam@example.com",
            "text": "I should like to see it.",
            **values,
        }
        mail = self._write_mail(
            "See the attachment.", sender="noreply@portal.example.com"
        )
        mail.add_attachment(
            FEEDBACK.format(**values).encode(),
            maintype="application",
            subtype="octet-stream",
            filename="feedback.xml",
        )
        return mail

    def _deliver(self, mail):
        """Hand a mail to Odoo's gateway, as the mail server does."""
        self.env["mail.thread"].message_process("crm.lead", bytes(mail))

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "crm_real_estate.ir_cron_process_intake"
            ).method_direct_trigger()

    def _messages(self):
        return self.env["estate.intake.message"].search(
            [("source_id", "=", self.source.id)]
        )

    def _leads(self):
        return self.env["crm.lead"].search(
            [("intake_source_id", "=", self.source.id)], order="id"
        )
