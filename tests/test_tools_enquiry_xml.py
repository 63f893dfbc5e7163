"""Enquiries that portals attach as XML or meta tags are read as they are."""

from email.message import EmailMessage

from odoo.tests import BaseCase, tagged

from ..tools import enquiry_mail
from ..tools.neutral import Problem
from .enquiry_mails import IMMOWELT, METADATA, PORTAL, build_feedback, build_mail


def read(raw, country="DE"):
    return enquiry_mail.read_mail(raw, country)


def read_one(*arguments, **options):
    (enquiry,) = read(build_mail(*arguments, **options))
    return enquiry


@tagged("post_install", "-at_install", "crm_real_estate")
class TestAttachedXml(BaseCase):
    def test_a_feedback_holds_what_the_portal_says(self):
        enquiry = read_one("See file", sender=PORTAL, parts=[build_feedback()])
        contact = enquiry.contact
        self.assertEqual((contact.first_name, contact.last_name), ("Jana", "Müller"))
        self.assertEqual(contact.emails, ("jana@example.com",))
        self.assertEqual(contact.phones, ("030 23125001", "0171 3920012"))
        self.assertEqual(
            enquiry.references, ("OB/17", "77", "U-1", "https://portal.example/77")
        )
        self.assertEqual(enquiry.message, "Guten Tag,\nist es frei?")
        self.assertEqual(
            (enquiry.portal, enquiry.wishes), ("Portal Eins", ("viewing", "call"))
        )
        self.assertEqual(enquiry.problems, ())

    def test_namespace_encoding_and_transport_make_no_difference(self):
        expected = read_one(parts=[build_feedback()])
        for data in (
            build_feedback(namespace=' xmlns="http://www.openimmo.de"'),
            build_feedback(encoding="ISO-8859-15"),
            build_feedback(encoding="UTF-16"),
            build_feedback()
            .replace(b"UTF-8", b"ISO-8859-1")
            .replace(b"\xc3\xbc", b"\xfc"),
        ):
            with self.subTest(data[:60]):
                self.assertEqual(read_one(parts=[data]), expected)

    def test_a_wrong_declaration_is_mended_by_the_charset_of_the_part(self):
        body = build_feedback().replace(b"\xc3\xbc", b"\xfc")
        head = b"From: a@portal.example\nContent-Type: text/xml; charset=iso-8859-1\n\n"
        (enquiry,) = read(head + body)
        self.assertEqual(enquiry.contact.last_name, "Müller")

    def test_each_person_asks_about_each_object(self):
        data = build_feedback(("A-1", "A-2", "A-3"), ("Weiß", "Malá"))
        enquiries = read(build_mail(parts=[data]))
        self.assertEqual(
            [(one.references[0], one.contact.last_name) for one in enquiries],
            [
                (number, name)
                for number in ("A-1", "A-2", "A-3")
                for name in ("Weiß", "Malá")
            ],
        )

    def test_an_empty_number_falls_back_to_the_portals(self):
        enquiry = read_one(parts=[build_feedback(("",))])
        self.assertEqual(enquiry.references, ("77", "U-1", "https://portal.example/77"))

    def test_without_any_number_the_subject_is_asked(self):
        person = "<objekt><interessent><tel>1</tel></interessent></objekt>"
        data = f"<openimmo_feedback>{person}</openimmo_feedback>".encode()
        enquiry = read_one(parts=[data], Subject="Objekt  4711")
        self.assertEqual(enquiry.references, ("4711",))

    def test_immowelts_own_format_comes_first(self):
        for parts in (
            [IMMOWELT.encode()],
            [build_feedback(), IMMOWELT.encode()],
            [b"<objektanfrage><broken>", IMMOWELT.encode()],
        ):
            with self.subTest(len(parts)):
                enquiry = read_one(parts=parts)
                self.assertEqual(enquiry.references, ("OB/17", "2ABC"))
                self.assertEqual(enquiry.contact.name, "Jana Malá")
                self.assertEqual(enquiry.message, "Hallo")

    def test_a_broken_or_hostile_part_leaves_the_body(self):
        entity = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        for data in (build_feedback()[:-5], entity + build_feedback()[38:]):
            with self.subTest(data[:30]):
                enquiry = read_one("Name: Jan\nTelefon: 030 23125001", parts=[data])
                self.assertEqual(enquiry.contact.name, "Jan")

    def test_a_mail_forwarded_as_an_attachment_is_read(self):
        inner = build_mail(sender=PORTAL, parts=[build_feedback()])
        mail = EmailMessage()
        mail["From"] = "agent@agency.example"
        mail.set_content("fyi")
        mail.add_attachment(inner.decode(), subtype="plain")
        raw = mail.as_bytes().replace(b"text/plain", b"message/rfc822")
        raw = raw.replace(b"message/rfc822", b"text/plain", 1)
        (enquiry,) = read(raw)
        self.assertEqual(enquiry.contact.last_name, "Müller")

    def test_meta_tags_of_leadmetadata_are_read(self):
        enquiry = read_one("x", html=METADATA.format(more=""), sender=PORTAL)
        self.assertEqual(enquiry.contact.name, "Sam O'Hara")
        self.assertEqual(enquiry.contact.emails, ("sam@example.com",))
        self.assertEqual((enquiry.references, enquiry.portal), (("M-12",), "Portal"))
        self.assertEqual((enquiry.message, enquiry.problems), ("Hello", ()))

    def test_a_sellers_lead_is_for_a_person_to_sort(self):
        seller = '<meta name="lead_type" content="Seller">'
        enquiry = read_one("x", html=METADATA.format(more=seller), sender=PORTAL)
        self.assertEqual(enquiry.problems, (Problem("ambiguous", "kind", "Seller"),))
