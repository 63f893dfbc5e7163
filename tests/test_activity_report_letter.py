import base64
import io
import re
import subprocess
from datetime import timedelta
from unittest import SkipTest
from unittest.mock import patch

from PIL import Image

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.base.models.ir_actions_report import IrActionsReport

from .activity_report import ActivityReportCase
from .common import NOW

LATER = NOW + timedelta(days=7)
UMLAUTS = "Große Küche, schöner Fußboden"
CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy"
CYRILLIC = "Съешь ещё этих мягких французских булок"


@freeze_time(LATER)
@tagged("activity_report")
class TestActivityReportLetter(ActivityReportCase):
    """The document itself, as wkhtmltopdf prints it and a person reads it."""

    def _print(self, report):
        """Return the PDF that the owner gets of a report."""
        with self._real_pdfs():
            report.with_user(self.agent).action_send()
        report.invalidate_recordset()
        return report.pdf_attachment_id.raw

    def _get_info(self, content):
        """Return what pdfinfo tells of a PDF: name -> value."""
        told = subprocess.run(
            ["pdfinfo", "-"], input=content, capture_output=True, check=True
        ).stdout.decode()
        return dict(line.split(":", 1) for line in told.splitlines() if ":" in line)

    def _get_images(self, content):
        told = subprocess.run(
            ["pdfimages", "-list", "-"], input=content, capture_output=True, check=True
        ).stdout.decode()
        return told.splitlines()[2:]

    def test_a_letter_that_is_not_printed_fails_the_test_instead_of_skipping_it(self):
        """T12: Odoo turns an error of wkhtmltopdf into a skip; here it is a failure."""
        report = self._create_report()
        broken = patch.object(
            IrActionsReport, "_run_wkhtmltopdf", side_effect=SkipTest("no Qt")
        )
        with broken, self.assertRaisesRegex(AssertionError, "wkhtmltopdf failed"):
            self._print(report)

    def test_several_reports_printed_at_once_are_one_file_with_all_their_pages(self):
        """T12: wkhtmltopdf takes one document at a time; no page may get lost."""
        reports = self._create_report() | self._create_report()
        with self._real_pdfs():
            printer = self.env["ir.actions.report"].with_user(self.agent)
            content, _kind = printer._render_qweb_pdf(
                "crm_real_estate.action_report_activity", reports.ids
            )
        self.assertEqual(int(self._get_info(content)["Pages"]), 2)

    def test_after_a_week_the_owner_has_one_mail_with_a_letter_he_can_read(self):
        """M2: the job makes one report and mails one PDF, in every script of Europe.

        T12: with a real `%PDF`, its pages counted.
        """
        for day, comment in enumerate((UMLAUTS, CZECH, CYRILLIC)):
            self._tell("note", day=day, owner_comment=comment)
        with self._real_pdfs():
            self.cron.method_direct_trigger()
            self.cron.method_direct_trigger()
        self.env.invalidate_all()
        report = self._get_reports()
        self.assertEqual(len(report), 1)
        self.assertEqual(report.error, False)
        mail = self._get_mails()
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.attachment_ids.mimetype, "application/pdf")
        content = mail.attachment_ids.raw
        text = self._squeeze(self._read_pdf(content))
        for words in (UMLAUTS, CZECH, CYRILLIC, "Olga Owner", "Dlouhá 1, 110 00 Praha"):
            self.assertIn(words, text)
        self.assertEqual(int(self._get_info(content)["Pages"]), 1)

    def test_three_lists_with_date_kind_and_text_and_nothing_else(self):
        """M6: actions, viewing reports, comments in date order; no chart, no figure."""
        self._tell("documentation_sent", day=3)
        self._tell("enquiry", day=1)
        self._tell("viewing_done", day=2, summary="They liked the kitchen")
        self._tell("note", day=4, owner_comment="Please paint the hall")
        content = self._print(self._create_report())
        text = self._squeeze(self._read_pdf(content))
        self.assertRegex(
            text,
            r"What we did 03/05/2026 Enquiry A seeker asked about the property "
            r"03/07/2026 Documentation sent The documentation was sent to a seeker "
            r"Viewing reports 03/06/2026 Viewing carried out They liked the kitchen "
            r"Our comments 03/08/2026 Note Please paint the hall "
            r"Do you have questions",
        )
        self.assertFalse(self._get_images(content))

    def test_a_comment_is_printed_and_an_internal_note_is_not(self):
        """M8: what is marked for the owner is in the document, a note is not."""
        self._tell("note", owner_comment="Paint the hall", internal_note="Too dear")
        text = self._read_pdf(self._print(self._create_report()))
        self.assertIn("Paint the hall", text)
        self.assertNotIn("Too dear", text)

    def test_two_properties_have_each_their_part_of_one_document(self):
        """M7: one document, for each property its address, state and lists."""
        second = self._create_property(
            owner_ids=self.owner, state="reserved", street="Krátká 2", deal_type="rent"
        )
        self._tell("enquiry", day=1)
        self._tell("documentation_sent", day=2, prop=second)
        report = self._create_report(
            property_ids=[Command.set([self.prop.id, second.id])]
        )
        text = self._squeeze(self._read_pdf(self._print(report)))
        parts = re.split(r"(?=Apartment, )", text)
        parts = {part.split(",")[1].strip(): part for part in parts[1:]}
        self.assertIn("The property is on the market, for sale.", parts["Dlouhá 1"])
        self.assertIn("A seeker asked about the property", parts["Dlouhá 1"])
        self.assertIn("The property is reserved.", parts["Krátká 2"])
        self.assertIn("The documentation was sent to a seeker", parts["Krátká 2"])
        self.assertNotIn("A seeker asked", parts["Krátká 2"])

    def test_what_is_open_is_told_at_the_end(self):
        """M5: state in words and the open next steps."""
        lead = self._create_seeker_lead(self.prop)
        self._create_viewing(lead, start=LATER + timedelta(days=1))
        text = self._squeeze(self._read_pdf(self._print(self._create_report())))
        self.assertIn("The property is on the market, for sale.", text)
        self.assertRegex(
            text,
            r"What comes next 03/11/2026 Answer the enquiry "
            r"An enquiry is being answered 03/12/2026 Viewing A viewing is arranged",
        )
        self.assertNotIn("Sam", text)

    def test_a_quiet_week_is_told_kindly(self):
        text = self._squeeze(self._read_pdf(self._print(self._create_report())))
        self.assertIn("It was quiet around this property", text)

    def test_dates_are_written_as_the_reader_writes_them(self):
        cases = {
            "de_DE": ("4. März 2026", "05.03.2026"),
            "fr_FR": ("4 mars 2026", "05/03/2026"),
            "cs_CZ": ("4. března 2026", "05.03.2026"),
            "ru_RU": ("4 марта 2026", "05.03.2026"),
        }
        self._tell("enquiry", day=1)
        for code, words in cases.items():
            self.env["res.lang"]._activate_lang(code)
            self.owner.lang = code
            with self.subTest(code):
                text = self._squeeze(self._read_pdf(self._print(self._create_report())))
                for word in words:
                    self.assertIn(word, text)

    def test_words_are_those_of_the_reader(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.owner.lang = "de_DE"
        self._tell("enquiry", day=1)
        head = self.env.ref("crm_real_estate.report_activity_head")
        head.update_field_translations(
            "arch_db", {"de_DE": {"Activity report": "Tätigkeitsbericht"}}
        )
        kind = self.env["estate.interaction.type"]._get("enquiry")
        kind.with_context(lang="de_DE").write(
            {"name": "Anfrage", "owner_text": "Ein Interessent fragte an"}
        )
        text = self._squeeze(self._read_pdf(self._print(self._create_report())))
        self.assertIn("Tätigkeitsbericht", text)
        self.assertIn("05.03.2026 Anfrage Ein Interessent fragte an", text)

    def test_the_letter_has_the_paper_of_the_company(self):
        for name, size in (("euro", "595 x 842"), ("us", "612 x 792")):
            self.company.paperformat_id = self.env.ref(f"base.paperformat_{name}")
            with self.subTest(name):
                info = self._get_info(self._print(self._create_report()))
                self.assertIn(size, info["Page size"])

    def test_no_line_is_torn_and_no_heading_stands_alone(self):
        for number in range(60):
            self._tell(
                "viewing_done" if number % 2 else "enquiry",
                day=number / 10,
                summary=f"Visit {number} begins\nand goes on\nand ends {number}.",
            )
        content = self._print(self._create_report())
        pages = self._read_pdf(content).split("\f")[:-1]
        self.assertEqual(len(pages), int(self._get_info(content)["Pages"]))
        self.assertGreater(len(pages), 2)
        for number in range(1, 60, 2):
            page = next(page for page in pages if f"Visit {number} begins" in page)
            self.assertIn(f"and ends {number}.", page)
        for page in pages:
            last = page.strip().splitlines()[-1].strip()
            self.assertNotIn(last, ("What we did", "Viewing reports"))
        # The greeting does not stand on a page of its own.
        self.assertRegex(pages[-1], r"^\s*\d\d/\d\d/\d{4}")

    def test_a_picture_of_the_property_and_the_logo_are_printed(self):
        image = io.BytesIO()
        Image.new("RGB", (640, 480), "green").save(image, "PNG")
        picture = base64.b64encode(image.getvalue())
        self.prop.image_1920 = picture
        self.company.logo = picture
        content = self._print(self._create_report())
        self.assertEqual(len(self._get_images(content)), 2)

    def test_the_letter_wears_the_colour_of_the_agency(self):
        """A colour and nothing else: what an administrator types is no style."""
        report = self._create_report()
        printer = self.env["ir.actions.report"]
        for color, is_worn in (("#8a2f3c", True), ("red;}*{display:none", False)):
            self.company.primary_color = color
            html, _kind = printer._render_qweb_html(
                "crm_real_estate.report_activity", report.ids
            )
            self.assertEqual(f"border-color: {color}" in html.decode(), is_worn)
            self.assertEqual(f"color: {color}" in html.decode(), is_worn)

    def test_opening_words_take_the_place_of_the_standard_sentence(self):
        report = self._create_report(opening="Thank you for the key.")
        text = self._squeeze(self._read_pdf(self._print(report)))
        self.assertIn("Thank you for the key.", text)
        self.assertNotIn("here is what we did", text)
