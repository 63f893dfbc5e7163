"""Enquiries are read from forms and letters, and nothing about them is invented."""

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import enquiry_mail
from ..tools.neutral import IntakeError, Problem
from .enquiry_mails import PORTAL, build_feedback, build_mail

PROFILE = settings(derandomize=True, deadline=None, database=None)


def read(raw, country="DE"):
    return enquiry_mail.read_mail(raw, country)


def read_one(*arguments, **options):
    (enquiry,) = read(build_mail(*arguments, **options))
    return enquiry


FORMS = {
    "de": """Neue Anfrage über Portal Eins

Objekt-Nr.: OB/17
Vorname: Jana
Nachname: Malá
Telefon: 030 23125001
Mobil:
E-Mail: jana@example.com
Nachricht: Guten Tag,
bitte um Termin.""",
    "en": """First Name: Jana
Last Name:  Malá
Phone Number: 030 23125001
Email Address: jana@example.com <mailto:jana@example.com>
Property ID: OB/17
Message:
Guten Tag,
bitte um Termin.""",
    "fr": """*Prénom :* Jana
*Nom :* Malá
*Téléphone :* 030 23125001
*Courriel :* jana@example.com
*Référence :* OB/17
*Message :* Guten Tag,
bitte um Termin.""",
    "cs": """Číslo zakázky: OB/17
Jméno: Jana
Příjmení: Malá
Telefon: 030 23125001
E-mail: jana@example.com
Zpráva: Guten Tag,
bitte um Termin.""",
    "ru": """Объект: OB/17
Имя: Jana
Фамилия: Malá
Телефон: 030 23125001
Эл. почта: jana@example.com
Сообщение: Guten Tag,
bitte um Termin.""",
}


@tagged("post_install", "-at_install", "crm_real_estate")
class TestForms(BaseCase):
    def test_labels_are_read_in_five_languages(self):
        for language, body in FORMS.items():
            with self.subTest(language):
                enquiry = read_one(body, sender=PORTAL)
                contact = enquiry.contact
                self.assertEqual(
                    (contact.first_name, contact.last_name), ("Jana", "Malá")
                )
                self.assertEqual(contact.emails, ("jana@example.com",))
                self.assertEqual(contact.phones, ("030 23125001",))
                self.assertEqual(enquiry.references[0], "OB/17")
                self.assertEqual(enquiry.message, "Guten Tag,\nbitte um Termin.")
                self.assertEqual(
                    (enquiry.portal, enquiry.problems), ("portal.example", ())
                )

    def test_a_table_of_html_is_read_like_lines(self):
        rows = "".join(
            f"<tr><td><b>{label}</b></td><td>{value}</td></tr>"
            for label, value in (
                ("Vorname", "Jana"),
                ("Nachname:", "Mal&aacute;"),
                ("Telefon", ""),
                ("E-Mail", "<a href='mailto:x'>jana@example.com</a>"),
                ("Nachricht", "Guten Tag,<br>bitte"),
            )
        )
        page = f"<html><style>p {{}}</style><table>{rows}</table></html>"
        enquiry = read_one("Bitte HTML ansehen", html=page, sender=PORTAL)
        self.assertEqual(enquiry.contact.name, "Jana Malá")
        self.assertEqual(enquiry.contact.phones, ())
        self.assertEqual(enquiry.message, "Guten Tag,\nbitte")

    def test_an_empty_label_does_not_swallow_the_next_line(self):
        body = "Name: Jana\nPhone Number:\nBitte um Rückruf\nEmail: jana@example.com"
        self.assertEqual(read_one(body, sender=PORTAL).contact.phones, ())

    def test_no_phone_stays_no_phone(self):
        for value in ("", "no phone", "k. A.", "-"):
            with self.subTest(value):
                body = f"Name: Jana\nPhone: {value}\nEmail: jana@example.com"
                self.assertEqual(read_one(body, sender=PORTAL).contact.phones, ())

    def test_the_portals_address_never_becomes_the_seekers(self):
        body = "Name: Jana Malá\nTelefon: 030 23125001"
        for sender, emails in (
            (PORTAL, ()),
            ("Portal <leads@portal.example>", ()),
            ("Portal <x1@convo.portal.example>", ()),
            ("Website <kontakt@agency.example>", ()),
            ("Jana Malá <jana@example.com>", ("jana@example.com",)),
        ):
            with self.subTest(sender):
                self.assertEqual(read_one(body, sender=sender).contact.emails, emails)

    def test_neither_phone_nor_mail_is_a_problem(self):
        enquiry = read_one("Ein Interessent wünscht Rückruf.", sender=PORTAL)
        self.assertEqual(enquiry.problems, (Problem("missing", "contact"),))
        self.assertTrue(enquiry.contact.is_empty)

    def test_what_is_no_phone_and_no_mail_is_named(self):
        enquiry = read_one("Name: J\nTelefon: 030 23\nE-Mail: keine", sender=PORTAL)
        self.assertEqual(
            enquiry.problems,
            (
                Problem("unreadable", "contact.emails", "keine"),
                Problem("invalid_phone", "contact.phones", "030 23"),
            ),
        )

    def test_the_value_of_a_reference_may_be_words_or_an_address(self):
        for value, references in (
            ("Wohnung OB/17", ("OB/17",)),
            ("4711 (Wohnung)", ("4711",)),
            ("schöne Wohnung", ()),
            (
                "https://portal.example/expose/7654321",
                ("https://portal.example/expose/7654321", "7654321"),
            ),
        ):
            with self.subTest(value):
                body = f"Name: Jana\nE-Mail: jana@example.com\nObjekt: {value}"
                enquiry = read_one(body, sender=PORTAL)
                self.assertEqual(enquiry.references, references)

    def test_a_forwarded_form_is_read(self):
        head = "fyi\n\n---- Forwarded Message ----\nFrom: x@portal.example\nDate: y"
        enquiry = read_one(f"{head}\n\n{FORMS['de']}", Subject="Fwd: Anfrage")
        self.assertEqual(enquiry.contact.emails, ("jana@example.com",))


@tagged("post_install", "-at_install", "crm_real_estate")
class TestLetters(BaseCase):
    def test_a_plain_mail_is_the_senders_enquiry(self):
        enquiry = read_one(
            "Guten Tag,\n\nist PR-2024-0012 frei?\n\n-- \nJan\nagency.example"
        )
        self.assertEqual(enquiry.contact.name, "Jan Novák")
        self.assertEqual(enquiry.contact.emails, ("jan@example.com",))
        self.assertEqual(enquiry.message, "Guten Tag,\n\nist PR-2024-0012 frei?")
        self.assertEqual(enquiry.references, ("PR-2024-0012",))
        self.assertEqual(enquiry.portal, "")

    def test_a_labelled_phone_of_a_signature_is_taken(self):
        enquiry = read_one(
            "Ist es frei?\n\nJan\nTel.: 030 23125001\nE-Mail: x@example.com"
        )
        self.assertEqual(enquiry.contact.phones, ("030 23125001",))
        self.assertEqual(enquiry.contact.emails, ("jan@example.com",))

    def test_labels_in_a_letter_leave_its_text(self):
        body = "Ist es frei?\n\nObjekt: OB/17\nTelefon: 030 23125001"
        enquiry = read_one(body)
        self.assertEqual(enquiry.message, body)
        self.assertEqual(enquiry.contact.name, "Jan Novák")
        self.assertEqual(enquiry.contact.emails, ("jan@example.com",))
        self.assertEqual((enquiry.references, enquiry.portal), (("OB/17",), ""))

    def test_quotes_are_cut_and_not_read(self):
        for quote in (
            "Am 3.6.2024 um 10:00 schrieb Eva <eva@example.com>:",
            "On Mon, Jun 3, 2024 at 10:00 AM Eva <eva@example.com>\nwrote:",
            "Le 3 juin 2024 à 10:00, Eva <eva@example.com> a écrit :",
            "Dne 3. 6. 2024 v 10:00 Eva napsal(a):",
            "пн, 3 июн. 2024 г. в 10:00, Eva <eva@example.com> пишет:",
            "-----Ursprüngliche Nachricht-----",
            "Von: Eva\nGesendet: Montag\nAn: Jan",
        ):
            with self.subTest(quote):
                quoted = "> Tel: 030 23125009\nName: Eva\nE-Mail: eva@example.com"
                enquiry = read_one(f"Neu.\n\n{quote}\n{quoted}", Subject="Re: x")
                self.assertEqual(enquiry.message, "Neu.")
                self.assertEqual(enquiry.contact.emails, ("jan@example.com",))
                self.assertEqual(enquiry.contact.phones, ())

    def test_a_forwarded_letter_is_of_who_wrote_it(self):
        head = "fyi\n\nVon: Eva Malá <eva@example.com>\nGesendet: heute\nAn: x"
        body = f"{head}\n\nIst OB/17 frei?"
        enquiry = read_one(body, sender="agent@agency.example", Subject="WG: Frage")
        self.assertEqual(enquiry.contact.name, "Eva Malá")
        self.assertEqual(enquiry.contact.emails, ("eva@example.com",))
        self.assertEqual(
            (enquiry.message, enquiry.references), ("Ist OB/17 frei?", ("OB/17",))
        )

    def test_an_answer_address_of_a_person_is_his(self):
        for reply_to, emails in (
            ("Eva <eva@example.com>", ("eva@example.com",)),
            ("help@portal.example", ()),
            ("noreply@other.example", ()),
        ):
            with self.subTest(reply_to):
                enquiry = read_one("Ist es frei?", sender=PORTAL, Reply_To=reply_to)
                self.assertEqual(enquiry.contact.emails, emails)

    def test_the_name_beside_the_answer_address_comes_first(self):
        for reply_to, name in (
            ("Eva <eva@example.com>", "Eva"),
            ("eva@example.com", "Eva Malá"),
        ):
            with self.subTest(reply_to):
                sender = "Eva Malá <noreply@portal.example>"
                enquiry = read_one("Ist es frei?", sender=sender, Reply_To=reply_to)
                self.assertEqual(enquiry.contact.name, name)

    def test_a_letter_forwarded_as_an_attachment_is_read(self):
        inner = build_mail("Ist OB/17 frei?", sender="Eva <eva@example.com>")
        for subject, body, name in (
            ("WG: Frage", "fyi", "Eva"),
            ("Frage", "", "Eva"),
            ("Frage", "Siehe Anhang.", "Agent"),
        ):
            with self.subTest(subject, body=body):
                raw = b"\n".join(
                    [
                        b"From: Agent <agent@agency.example>",
                        f"Subject: {subject}".encode(),
                        b"Content-Type: multipart/mixed; boundary=q\n\n--q\n",
                        body.encode(),
                        b"--q\nContent-Type: message/rfc822\n",
                        inner,
                        b"--q--",
                    ]
                )
                (enquiry,) = read(raw)
                self.assertEqual(enquiry.contact.name, name)

    def test_notices_of_devices_are_cut(self):
        body = "Ist es frei?\n\nVon meinem iPhone gesendet"
        self.assertEqual(read_one(body).message, "Ist es frei?")

    def test_an_empty_body_leaves_the_subject(self):
        self.assertEqual(
            read_one("", Subject="Ist OB/17 frei?").message, "Ist OB/17 frei?"
        )

    def test_references_come_best_first_and_once(self):
        for text, references in (
            ("Anfrage zu Objekt  12345", ("12345",)),
            ("Wohnung OB/17, Ref. A-9, OB/17", ("A-9", "OB/17")),
            ("PR-2024-0012: ID 77 (ob-18)", ("77", "PR-2024-0012", "ob-18")),
            ("https://portal.example/expose/7654321?x=1", ("7654321",)),
            ("3-Zimmer-Wohnung, 80m2, 12.03.2024, 0171-3920012, ab 5 Uhr", ()),
            ("Objekt in Berlin", ()),
            ("", ()),
        ):
            with self.subTest(text):
                self.assertEqual(enquiry_mail.find_references(text), references)

    @settings(PROFILE, max_examples=300)
    @given(st.integers(0, 1500), st.binary(max_size=8), st.integers(0, 30))
    def test_damaged_mails_are_read_or_refused(self, position, replacement, width):
        raw = build_mail(FORMS["fr"], html="<p>Name: x</p>", parts=[build_feedback()])
        raw = raw[:position] + replacement + raw[position + width :]
        for enquiry in read(raw):
            self.assertEqual(str(enquiry).encode().count(b"\0"), 0)

    @settings(PROFILE, max_examples=200)
    @given(st.binary(max_size=300))
    def test_any_bytes_are_read_or_refused(self, raw):
        try:
            enquiry_mail.is_automatic(raw)
            enquiry_mail.fingerprint(raw)
            read(raw)
        except IntakeError as error:
            self.assertEqual(error.code, "empty")
