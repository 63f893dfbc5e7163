"""A mail names a person also where encodings hide it from the eye."""

import base64
from email.message import EmailMessage

from odoo.tests import BaseCase, tagged

from ..tools.mail_search import names

MAIL = "karla@example.com"
PHONE = "+420777909707"


@tagged("post_install", "-at_install", "crm_real_estate")
class TestMailNames(BaseCase):
    def _write(self, body="Hello", cte="base64", **headers):
        mail = EmailMessage()
        mail["From"] = headers.get("sender", "noreply@portal.example.com")
        mail["Subject"] = headers.get("subject", "Enquiry")
        mail.set_content(body, cte=cte)
        return mail

    def _is_named(self, mail):
        raw = mail if isinstance(mail, bytes) else bytes(mail)
        return names(raw, [MAIL], [PHONE])

    def test_found(self):
        attached = self._write()
        attached.add_attachment(
            f"<email>{MAIL}</email>".encode(),
            maintype="application",
            subtype="xml",
            filename="feedback.xml",
        )
        outer = self._write()
        outer.add_attachment(self._write(f"Ring {PHONE}"))
        mails = {
            "mail in a base64 body": self._write(f"I am {MAIL.upper()}, write to me"),
            "phone in a base64 body": self._write("Ring me: +420 777 909 707."),
            "national phone": self._write("Ring me: 777/909-707"),
            "phone with a trunk zero": self._write("Ring me: (0)777.909.707"),
            "quoted-printable": self._write(f"Größe: {MAIL}", cte="quoted-printable"),
            "sender": self._write(sender=f"Karla <{MAIL}>"),
            "encoded subject": self._write(subject=f"Größe {MAIL}"),
            "attached XML": attached,
            "a mail inside": outer,
            "a torn mail": b"no head at all, but karla@example.com",
        }
        for kind, mail in mails.items():
            with self.subTest(kind=kind):
                self.assertTrue(self._is_named(mail))

    def test_not_found(self):
        mails = {
            "nobody": self._write(),
            "a longer address": self._write(f"xkarla@example.com, {MAIL}.br"),
            "another number": self._write("Ring +420 777 909 708"),
            "digits of several numbers": self._write("777 and 909 and 707"),
            "base64 that looks like nothing": base64.b64encode(b"hello" * 100),
        }
        for kind, mail in mails.items():
            with self.subTest(kind=kind):
                self.assertFalse(self._is_named(mail))

    def test_a_short_number_names_nobody(self):
        self.assertFalse(names(bytes(self._write("1234 EUR")), [], ["+4201234"]))

    def test_a_person_without_addresses_is_not_named(self):
        self.assertFalse(names(bytes(self._write()), [], []))
