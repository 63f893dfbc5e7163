"""The inbox keeps a mail byte for byte, and leaves every other mail to Odoo."""

import base64
from unittest.mock import patch

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


class MailboxCase(MailCase, EstateCase):
    """An agency with an inbox that has an address."""

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


@tagged("post_install", "-at_install")
class TestMailsEnterTheInboxAsTheyCame(MailboxCase):
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


# What Odoo's own parser gives up on, or nobody can read at all.
UNREADABLE = {
    "text in an unknown charset": (
        b"From: x@e.com\nTo: enquiries@agency.example.com\nSubject: s\n"
        b"Message-ID: <1@e>\nContent-Type: text/plain; charset=foo-bar\n\nhello"
    ),
    "HTML in an unknown charset": (
        b"From: x@e.com\nTo: enquiries@agency.example.com\nSubject: s\n"
        b"Message-ID: <2@e>\nContent-Type: text/html; charset=foo-bar\n\n<p>hello</p>"
    ),
    "attached text in an unknown charset": (
        b"From: x@e.com\nCc: The office <enquiries@agency.example.com>\nSubject: s\n"
        b"Message-ID: <3@e>\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n'
        b"Content-Type: text/plain; charset=utf-8\n\nhello\n--b\n"
        b"Content-Type: text/plain; charset=foo-bar\n"
        b'Content-Disposition: attachment; filename="a.txt"\n\nattached\n--b--\n'
    ),
    "a NUL in the subject": (
        b"From: x@e.com\nDelivered-To: enquiries@agency.example.com\n"
        b"Subject: one\x00two\nMessage-ID: <4@e>\n\nhello"
    ),
    "no head but recipients": b"To: ENQUIRIES@agency.example.com",
    "larger than anybody reads": (
        b"From: x@e.com\nTo: enquiries@agency.example.com\nSubject: big\n"
        b"Message-ID: <5@e>\n\n" + b"line\n" * 700_000
    ),
}


@tagged("post_install", "-at_install")
class TestNoMailIsLost(MailboxCase):
    def test_a_mail_that_nobody_can_parse_lies_in_the_inbox(self):
        """T2: Odoo parses a mail before it routes it; the inbox is first."""
        for kind, raw in UNREADABLE.items():
            with self.subTest(kind=kind):
                known = self.source.intake_message_ids
                message = self._deliver(raw) - known
                self.assertEqual(len(message), 1)
                self.assertEqual(base64.b64decode(message.raw), raw)

    def test_a_mail_with_an_unknown_charset_becomes_an_enquiry(self):
        prop = self._create_property(state="on_market")
        raw = UNREADABLE["text in an unknown charset"]
        message = self._deliver(raw.replace(b"hello", prop.reference.encode()))
        message._process()
        self.assertEqual((message.state, message.lead_ids.property_id), ("done", prop))

    def test_a_step_of_the_gateway_that_fails_takes_nothing_out_of_the_inbox(self):
        gateway = type(self.env["mail.thread"])
        for step in ("message_parse", "_detect_loop_headers", "message_route"):
            raw = RAW.replace(b"odd-1", step.encode()).replace(
                b"Subject: ", b"Subject: %s " % step.encode()
            )
            known = self.source.intake_message_ids
            with (
                self.subTest(step=step),
                patch.object(gateway, step, side_effect=ValueError("boom")),
            ):
                self.assertEqual(len(self._deliver(raw) - known), 1)

    def test_a_mail_that_fails_for_somebody_else_is_still_an_error(self):
        raw = UNREADABLE["text in an unknown charset"]
        with self.assertRaises(LookupError):
            self._deliver(raw.replace(b"enquiries@", b"sales@"))

    def test_an_inbox_for_known_senders_stays_closed_to_others(self):
        alias = self.source.alias_id
        alias.alias_contact = "partners"
        self.assertFalse(self._deliver(RAW))
        self._create_contact("Jörg", email="jorg@example.com")
        self.assertEqual(len(self._deliver(RAW.replace(b"odd-1", b"odd-2"))), 1)

    def test_an_address_without_its_source_is_odoos_business(self):
        self.source.alias_id.alias_defaults = "{'source_id': 0}"
        self.assertFalse(self._deliver(RAW))
