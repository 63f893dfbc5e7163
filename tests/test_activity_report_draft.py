import hashlib
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .activity_report import ActivityReportCase
from .common import NOW

LATER = NOW + timedelta(days=7)


@freeze_time(LATER)
@tagged("activity_report")
class TestActivityReportDraft(ActivityReportCase):
    """A draft is edited, printed and sent; a sent report never changes."""

    def _find_break(self):
        """Return the place where the chain of reports is broken, 0 when it holds."""
        reports = self.env["estate.activity.report"]
        head = self.env["estate.ledger.head"].search([("ledger", "=", reports._name)])
        return reports._find_broken_position(head)

    def test_choosing_an_owner_fills_in_properties_and_journal(self):
        self._tell("enquiry")
        with Form(self.env["estate.activity.report"].with_user(self.agent)) as form:
            form.partner_id = self.owner
            form.date_from = NOW.date()
        report = form.record
        self.assertEqual(report.property_ids, self.prop)
        self.assertIn("Enquiry", report.line_ids.mapped("kind"))

    def test_a_report_about_nothing_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "tells about no property"):
            self._create_report(property_ids=[])

    def test_refreshing_keeps_added_lines_and_reads_the_others_again(self):
        self._tell("enquiry")
        report = self._create_report()
        with Form(report) as form, form.line_ids.new() as line:
            line.kind = "Idea"
            line.text = "Paint the hall"
        report.line_ids.filtered(lambda line: line.section == "action").text = "Mended"
        self._tell("documentation_sent", day=2)
        report.action_refresh()
        texts = report.line_ids.mapped("text")
        self.assertIn("Paint the hall", texts)
        self.assertIn("The documentation was sent to a seeker", texts)
        self.assertNotIn("Mended", texts)

    def test_another_period_tells_other_events(self):
        self._tell("enquiry", day=1)
        report = self._create_report()
        report.date_from = NOW.date() + timedelta(days=2)
        self.assertNotIn("Enquiry", report.line_ids.mapped("kind"))

    def test_sending_by_hand_makes_one_mail_and_a_frozen_report(self):
        report = self._create_report()
        report.action_send()
        self.assertEqual(report.state, "sent")
        self.assertEqual(report.mail_id, self._get_mails())
        self.assertEqual(report.mail_id.sudo().attachment_ids, report.pdf_attachment_id)
        self.assertFalse(report.mail_id.sudo().mail_message_id.estate_automatic)
        self.assertEqual(self._codes(self.prop)[-1], "report_sent")
        with self.assertRaisesRegex(UserError, "already sent"):
            report.action_send()
        self.assertEqual(len(self._get_mails()), 1)

    def test_the_answer_to_a_report_goes_to_the_agent(self):
        report = self._create_report()
        report.action_send()
        mail = report.mail_id.sudo()
        self.assertEqual(mail.reply_to, self.agent.email_formatted)
        self.assertEqual(mail.email_from, self.agent.email_formatted)

    def test_an_owner_without_a_mail_address_is_named(self):
        self.owner.email = False
        report = self._create_report()
        with self.assertRaisesRegex(UserError, "Olga Owner has no mail address"):
            report.action_send()

    def test_a_report_delivered_on_paper_is_frozen_without_a_mail(self):
        report = self._create_report()
        action = report.action_deliver()
        self.assertEqual((report.state, report.channel), ("sent", "post"))
        self.assertIn(f"/{report.pdf_attachment_id.id}", action["url"])
        self.assertFalse(self._get_mails())

    def test_a_sent_report_refuses_every_change(self):
        self._tell("enquiry")
        report = self._create_report()
        report.action_send()
        line = report.line_ids[:1]
        attempts = {
            "other words": lambda: report.write({"opening": "Other words"}),
            "other period": lambda: report.write({"date_to": LATER.date()}),
            "other line": lambda: line.write({"text": "Other text"}),
            "one line less": lambda: line.unlink(),
            "deleted": lambda: report.unlink(),
            "refreshed": lambda: report.action_refresh(),
        }
        report, line = report.sudo(), line.sudo()
        for name, attempt in attempts.items():
            with self.subTest(name), self.assertRaises(UserError):
                attempt()

    def test_a_sent_report_takes_no_more_lines(self):
        report = self._create_report()
        report.action_send()
        with self.assertRaisesRegex(UserError, "nothing can be added"):
            self.env["estate.activity.report.line"].create({"report_id": report.id})

    def test_a_property_added_behind_the_back_breaks_the_chain(self):
        report = self._create_report()
        report.action_send()
        self.assertFalse(self._find_break())
        other = self._create_property(owner_ids=self.owner)
        # Raw SQL: the attack the chain is there for.
        self.env.cr.execute(
            """INSERT INTO estate_activity_report_estate_property_rel
            (estate_activity_report_id, estate_property_id) VALUES (%s, %s)""",
            (report.id, other.id),
        )
        self.env.invalidate_all()
        self.assertTrue(self._find_break())

    def test_a_sent_document_is_frozen_and_its_sum_checked_at_download(self):
        """M123: lines and PDF never change, by RPC and as administrator; SHA-256."""
        report = self._create_report()
        report.action_send()
        content = report.sudo().pdf_attachment_id.raw
        self.assertEqual(report.pdf_checksum, hashlib.sha256(content).hexdigest())
        self.assertIn("/web/content/", report.action_print()["url"])
        for attempt in (
            {"date_to": LATER.date()},
            {"line_ids": [Command.create({"text": "More"})]},
            {"pdf_checksum": "0" * 64},
        ):
            with self.subTest(attempt), self.assertRaises(UserError):
                report.with_user(self.env.ref("base.user_admin")).sudo().write(attempt)
        report.sudo().pdf_attachment_id.raw = b"%PDF-1.4 forged"
        with self.assertRaisesRegex(UserError, "is not the one that was sent"):
            report.action_print()

    def test_a_draft_is_reviewed_with_its_differences_from_the_journal(self):
        """M123: draft, review: what a person mended or added is shown."""
        self._tell("note", owner_comment="Paint the hall")
        report = self._create_report()
        self.assertFalse(report.review)
        report.line_ids.filtered("text")[-1:].text = "Paint the hall white"
        with Form(report) as form, form.line_ids.new() as line:
            line.text = "Thank you"
        for words in ("Paint the hall white", "Mended", "Thank you", "Added"):
            self.assertIn(words, report.review)

    def test_a_correction_is_a_new_report_that_points_at_the_old_one(self):
        """M123: what was sent stays; the correction names what it changes."""
        report = self._create_report()
        report.action_send()
        self._tell("note", owner_comment="Told too late")
        correction = report.browse(report.action_correct()["res_id"])
        self.assertEqual(correction.corrects_id, report)
        self.assertIn("Told too late", correction.review)
        with self._real_pdfs():
            correction.action_send()
        correction.invalidate_recordset()
        text = self._squeeze(self._read_pdf(correction.pdf_attachment_id.raw))
        self.assertIn("takes the place of the one we sent on", text)
        self.assertEqual(report.state, "sent")

    def test_a_report_cannot_be_declared_sent(self):
        report = self._create_report()
        with self.assertRaisesRegex(UserError, "cannot be declared final"):
            report.write({"state": "sent"})

    def test_a_changed_draft_is_printed_anew(self):
        report = self._create_report()
        report.sudo()._print()
        self.assertTrue(report.pdf_attachment_id)
        report.opening = "Thank you for the key"
        self.assertFalse(report.pdf_attachment_id)

    def test_an_agent_may_send_and_an_operator_may_not_read(self):
        report = self._create_report()
        with self.assertRaises(AccessError):
            report.with_user(self.operator).read(["state"])
        report.with_user(self.second_agent).action_send()
        self.assertEqual(report.state, "sent")

    def test_another_companys_agent_sees_no_report(self):
        report = self._create_report()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user(
            "stranger",
            "group_agent",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            report.with_user(stranger).read(["state"])

    def test_erasing_the_owner_deletes_the_document_and_keeps_that_it_was_sent(self):
        self._tell("enquiry")
        report = self._create_report()
        report.action_send()
        self._create_report(date_from=LATER.date(), date_to=LATER.date())
        wizard = (
            self.env["estate.erase.contact"]
            .with_user(self.director)
            .create({"partner_id": self.owner.id, "reason": "Asked by letter"})
        )
        wizard.action_erase()
        self.assertEqual(self._get_reports(), report)
        self.assertFalse(report.pdf_attachment_id)
        self.assertFalse(self._get_mails())
        self.assertFalse(set(report.line_ids.mapped("text")) - {"[erased]", False})
        self.assertFalse(self._find_break())
        with self.assertRaisesRegex(UserError, "was erased"):
            report.action_print()

    def test_a_reported_property_is_archived_not_deleted(self):
        report = self._create_report()
        report.action_send()
        with self.assertRaisesRegex(UserError, "Archive the property instead"):
            self.prop.unlink()
        self.prop.active = False
        self.assertEqual(report.property_ids, self.prop)
        self.assertFalse(self._find_break())
