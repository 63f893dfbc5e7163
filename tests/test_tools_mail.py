"""A mail is known again, a machine's mail is known as such, every charset is read."""

import base64
import quopri

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import enquiry_mail, mail_parts
from ..tools.mail_nature import is_machine
from ..tools.neutral import IntakeError
from .enquiry_mails import PORTAL, build_feedback, build_mail

PROFILE = settings(derandomize=True, deadline=None, database=None)
FORM = "Name: Jana\nE-Mail: jana@example.com"


@tagged("post_install", "-at_install", "crm_real_estate")
class TestAutomaticMails(BaseCase):
    def test_answers_and_bounces_are_automatic(self):
        for options in (
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "auto-replied (vacation)"},
            {"X_Autoreply": "yes"},
            {"Precedence": "auto_reply"},
            {"X_Failed_Recipients": "x@example.com"},
            {"sender": "Mail Delivery <MAILER-DAEMON@example.com>"},
            {"Subject": "Automatische Antwort: Anfrage"},
            {"Subject": "Re: Out of office"},
            {"Subject": "Automatická odpověď: x"},
        ):
            with self.subTest(options):
                raw = build_mail("Ich bin nicht da.", **options)
                self.assertTrue(enquiry_mail.is_automatic(raw))

    def test_a_report_is_automatic(self):
        raw = b"From: a@b.example\nContent-Type: multipart/report; boundary=q\n\n--q--"
        self.assertTrue(enquiry_mail.is_automatic(raw))

    def test_newsletters_and_notices_are_automatic(self):
        for options in (
            {"Auto_Submitted": "auto-generated"},
            {"Return_Path": "<>"},
            {"sender": PORTAL, "Precedence": "bulk"},
            {"sender": PORTAL, "List_Unsubscribe": "<https://portal.example/off>"},
        ):
            with self.subTest(options):
                raw = build_mail("Neue Objekte zu Ihrer Suche", **options)
                self.assertTrue(enquiry_mail.is_automatic(raw))

    def test_a_portal_that_hands_on_an_enquiry_is_not(self):
        for options in (
            {"Auto_Submitted": "auto-generated"},
            {"Precedence": "bulk", "List_Unsubscribe": "<https://portal.example/off>"},
        ):
            for content in ({"body": FORM}, {"parts": [build_feedback()]}):
                with self.subTest(options):
                    raw = build_mail(sender=PORTAL, **content, **options)
                    self.assertFalse(enquiry_mail.is_automatic(raw))

    def test_what_a_person_wrote_is_not(self):
        for options in (
            {},
            {"Auto_Submitted": "no"},
            {"X_Auto_Response_Suppress": "All"},
            {"Precedence": "list", "List_Id": "<info.agency.example>"},
        ):
            with self.subTest(options):
                raw = build_mail("Ist OB/17 frei?", **options)
                self.assertFalse(enquiry_mail.is_automatic(raw))

    def test_machines_are_told_from_persons(self):
        for address, expected in (
            ("no-reply@x.example", True),
            ("noreply123@x.example", True),
            ("nicht-antworten@x.example", True),
            ("ne-pas-repondre@x.example", True),
            ("bounces+1@x.example", True),
            ("leads@x.example", True),
            ("abc@convo.portal.example", True),
            ("", True),
            ("roberta@x.example", False),
            ("pleads@x.example", False),
            ("info@message.example", False),
        ):
            with self.subTest(address):
                self.assertEqual(is_machine(address), expected)


@tagged("post_install", "-at_install", "crm_real_estate")
class TestFingerprint(BaseCase):
    def test_what_servers_rewrite_makes_no_difference(self):
        raw = build_mail("Größe?\nJa", parts=[b"file"], Message_ID="<1@example.com>")
        expected = enquiry_mail.fingerprint(raw)
        date = b"Mon, 03 Jun 2024 10:00:00 +0200"
        for other in (
            raw.replace(b"<1@example.com>", b"<2@rewritten.example>"),
            raw.replace(b"Message-ID: <1@example.com>\n", b""),
            b"Received: from a by b\nReturn-Path: <x@example.com>\n" + raw,
            raw.replace(b"\n", b"\r\n"),
            raw.replace(date, b"Mon, 3 Jun 2024 08:00:00 +0000"),
            raw.replace(b"Jan =?utf-8?q?Nov=C3=A1k?=", b"J. N."),
            raw.replace(b"Subject: Anfrage", b"Subject: =?utf-8?q?Anfrage?="),
            raw + b"\n\n",
        ):
            with self.subTest(other[:80]):
                self.assertEqual(enquiry_mail.fingerprint(other), expected)

    def test_the_transfer_encoding_makes_no_difference(self):
        head = b"From: a@example.com\nContent-Type: text/plain; charset=utf-8\n"
        text = "Größe?".encode()
        prints = {
            enquiry_mail.fingerprint(head + body)
            for body in (
                b"\n" + text,
                b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(text),
                b"Content-Transfer-Encoding: quoted-printable\n\n"
                + quopri.encodestring(text),
            )
        }
        self.assertEqual(len(prints), 1)

    def test_the_charset_makes_no_difference(self):
        prints = {
            enquiry_mail.fingerprint(
                f"From: a\nContent-Type: text/plain; charset={charset}\n\nč".encode(
                    charset
                )
            )
            for charset in ("utf-8", "windows-1250", "iso-8859-2")
        }
        self.assertEqual(len(prints), 1)

    def test_whatever_a_person_would_see_makes_a_difference(self):
        mails = [
            build_mail("Hallo"),
            build_mail("Hallo!"),
            build_mail("Hallo", Subject="Andere"),
            build_mail("Hallo", sender="eva@example.com"),
            build_mail("Hallo", parts=[b"a"]),
            build_mail("Hallo", parts=[b"b"]),
            build_mail("Hallo", parts=[b"a", b"b"]),
            build_mail("Hallo", parts=[b"ab"]),
            build_mail("Hallo", parts=[b"a\r\n"]),
            build_mail("Hallo", html="<p>Hallo</p>"),
            build_mail("Hallo").replace(b"10:00:00", b"10:00:01"),
        ]
        self.assertEqual(len(set(map(enquiry_mail.fingerprint, mails))), len(mails))

    def test_a_mail_without_headers_has_one(self):
        self.assertRegex(enquiry_mail.fingerprint(b"\n\nHallo"), "^[0-9a-f]{64}$")

    @settings(PROFILE, max_examples=60)
    @given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1))
    def test_any_other_text_makes_a_difference(self, text):
        one, other = (build_mail(f"{text}{more}") for more in ("", "x"))
        self.assertNotEqual(
            enquiry_mail.fingerprint(one), enquiry_mail.fingerprint(other)
        )


@tagged("post_install", "-at_install", "crm_real_estate")
class TestMailParts(BaseCase):
    def test_texts_are_read_in_their_charset_or_the_one_they_are_in(self):
        text = "Größe č. 5 – 20 €"
        for declared, written in (
            ("utf-8", "utf-8"),
            ("us-ascii", "utf-8"),
            ("iso-8859-1", "utf-8"),
            ("nonsense", "utf-8"),
            ("idna", "utf-8"),
            ("", "utf-8"),
            ("windows-1250", "cp1250"),
            ("utf-16", "utf-16"),
        ):
            with self.subTest(declared=declared, written=written):
                self.assertEqual(
                    mail_parts.decode(text.encode(written), declared), text
                )
        for declared in ("utf-8", "iso-8859-1", "us-ascii", ""):
            with self.subTest(declared):
                data = "Größe – 20 €".encode("cp1252")
                self.assertEqual(mail_parts.decode(data, declared)[:5], "Größe")

    def test_headers_are_decoded_whatever_their_form(self):
        for header, address in (
            (b"Jan <jan@example.com>", ("Jan", "jan@example.com")),
            (
                b"=?utf-8?q?Nov=C3=A1k=2C_Jan?= <J@example.com>",
                ("Novák, Jan", "j@example.com"),
            ),
            ("Novák <j@example.com>".encode(), ("Novák", "j@example.com")),
            ("Müller <j@example.com>".encode("latin-1"), ("Müller", "j@example.com")),
            (b"=?iso-8859-2?q?=C8ech?= <j@example.com>", ("Čech", "j@example.com")),
            (b'"j@example.com" <j@example.com>', ("", "j@example.com")),
            (b"=?utf-8?b?!!?= <j@example.com>", None),
            (b"nobody", ("", "")),
            (b"(" * 5000, ("", "")),
        ):
            with self.subTest(header[:40]):
                mail = mail_parts.open_mail(b"From: " + header + b"\n\nx")
                if address:
                    self.assertEqual(mail.address("from"), address)

    def test_what_takes_too_long_is_refused(self):
        nested = b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
            for n in range(300)
        )
        for raw in (
            b"x" * 11 * 2**20,
            b"\n".join([b"x"] * 700_000),
            b"From: a\n" + nested,
            b"Content-Type: multipart/mixed; boundary=q\n\n" + b"--q\n\n" * 6000,
            b"Content-Type: multipart/mixed; boundary=q\n\n" + b"--q\n\nx\n" * 60,
            b"Content-Type: text/plain; " + b"a=b; " * 1000 + b"\n\nx",
        ):
            with self.subTest(raw[:40]), self.assertRaises(IntakeError) as caught:
                mail_parts.open_mail(raw)
            self.assertEqual(caught.exception.code, "too_large")

    def test_an_empty_mail_is_refused(self):
        for raw in (b"", b"\r\n\r\n"):
            with self.subTest(raw), self.assertRaises(IntakeError) as caught:
                enquiry_mail.read_mail(raw)
            self.assertEqual(caught.exception.code, "empty")
