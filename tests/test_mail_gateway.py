"""The inbox keeps a mail byte for byte, and leaves every other mail to Odoo."""

import base64

from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .common import EstateCase

# Folded and encoded in ways that Python would not choose; the last byte is no UTF-8.
RAW = (
    b"Received: from   portal.example.com\n"
    b"X-Odd:\tone\n\ttwo\n"
    b"From: =?iso-8859-1?Q?J=F6rg?= <jorg@example.com>\n"
    b"To: enquiries@agency.example.com\n"
    b"Subject: =?utf-8?b?QW5mcmFnZQ==?=\n"
    b"Message-ID: <odd-1@example.com>\n"
    b"Content-Type: text/plain; charset=iso-8859-1\n"
    b"Content-Transfer-Encoding: 8bit\n\n"
    b"Sch\xf6ne Gr\xfc\xdfe\xff"
)


@tagged("post_install", "-at_install")
class TestMailsEnterTheInboxAsTheyCame(MailCase, EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create({"name": "agency.example.com"})
        cls.company.alias_domain_id = cls.domain
        cls.source = cls.env["estate.intake.source"].create(
            {
                "name": "Enquiries",
                "kind": "mail",
                "alias_name": "enquiries",
                "alias_domain_id": cls.domain.id,
            }
        )

    def _deliver(self, raw):
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(False, raw)
        return self.source.intake_message_ids

    def test_a_mail_is_kept_byte_for_byte(self):
        message = self._deliver(RAW)
        self.assertEqual(base64.b64decode(message.raw), RAW)

    def test_a_mail_for_somebody_else_is_odoos_business(self):
        self.env["mail.alias"].create(
            {
                "alias_name": "sales",
                "alias_domain_id": self.domain.id,
                "alias_model_id": self.env["ir.model"]._get_id("crm.lead"),
            }
        )
        before = self.env["crm.lead"].search_count([])
        self.assertFalse(self._deliver(RAW.replace(b"enquiries@", b"sales@")))
        self.assertEqual(self.env["crm.lead"].search_count([]), before + 1)
