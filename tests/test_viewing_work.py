"""Viewings: planned in three clicks, told in one, signed, asked about, for many."""

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Datetime
from odoo.tests import Form, HttpCase, tagged

from odoo.addons.mail.tests.common import MailCase

from .activity_report import ActivityReportCase
from .common import NOW, EstateCase
from .test_viewings import TOMORROW, ViewingCase

# The smallest picture there is.
PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    b"awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install", "crm_real_estate")
class TestPlanning(ViewingCase):
    def _open(self):
        """Press "Plan a viewing" on the enquiry; return the short form it opens."""
        action = self.lead.with_user(self.agent).action_plan_viewing()
        viewings = self.env["estate.viewing"].with_user(self.agent)
        return Form(
            viewings.with_context(**action["context"]),
            view="crm_real_estate.estate_viewing_view_form_quick",
        )

    @freeze_time("2026-03-04 09:10:00")
    def test_three_clicks_plan_a_viewing_with_an_invitation(self):
        """M118: open, choose a free time, save; the seeker is invited."""
        form = self._open()
        times = [slot["start"] for slot in form.free_slots]
        self.assertEqual(times[0], "2026-03-04 10:30:00")
        form.start = Datetime.to_datetime(times[1])
        with self.mock_mail_gateway():
            viewing = form.save()
        self.assertEqual(viewing.state, "planned")
        mail = self._new_mails.filtered(lambda mail: mail.recipient_ids == self.seeker)
        self.assertEqual(len(mail), 1)
        self.assertFalse(mail.estate_automatic)
        file = mail.attachment_ids
        self.assertEqual(file.name, "invitation.ics")
        self.assertIn(self.seeker.email, file.raw.decode())
        self.assertEqual(file.raw.count(b"ATTENDEE"), 1)

    @freeze_time("2026-03-04 09:10:00")
    def test_the_times_heed_the_calendars_of_agent_and_property(self):
        """M118: what the agent has, and another's viewing of the property, is busy."""
        self._create_viewing(
            self._create_seeker_lead(
                self.prop, self._create_contact("Other"), user_id=self.second_agent.id
            ),
            start=NOW + timedelta(minutes=90),
            agent_id=self.second_agent.id,
        )
        self.env["calendar.event"].create(
            {
                "name": "Dentist",
                "start": NOW + timedelta(hours=4),
                "stop": NOW + timedelta(hours=4, minutes=30),
                "partner_ids": self.agent.partner_id.ids,
            }
        )
        times = [slot["start"][11:16] for slot in self._open().free_slots]
        self.assertNotIn("10:30", times)
        self.assertNotIn("13:00", times)
        self.assertEqual(times[:3], ["12:00", "12:30", "13:30"])

    @freeze_time("2026-03-04 09:10:00")
    def test_a_time_that_is_taken_is_said(self):
        self._create_viewing(self.lead, start=TOMORROW)
        form = self._open()
        form.start = TOMORROW + timedelta(minutes=15)
        self.assertIn(self.agent.name, form.clash)
        form.start = TOMORROW + timedelta(minutes=30)
        self.assertFalse(form.clash)

    def test_without_the_box_nobody_is_mailed(self):
        form = self._open()
        form.send_invitation = False
        form.start = Datetime.now() + timedelta(days=3)
        with self.mock_mail_gateway():
            form.save()
        self.assertFalse(self._new_mails)

    def test_nobody_reads_of_another_seeker(self):
        """M118: each appointment holds one seeker, and the agent."""
        other = self._create_seeker_lead(self.prop, self._create_contact("Other"))
        one, two = (
            self._create_viewing(lead, start=TOMORROW) for lead in (self.lead, other)
        )
        for viewing, stranger in ((one, other.partner_id), (two, self.seeker)):
            self.assertNotIn(stranger, viewing.calendar_event_id.partner_ids)
            self.assertNotIn(stranger.email.encode(), viewing._build_invitation())


@tagged("post_install", "-at_install", "crm_real_estate")
class TestOneClick(ViewingCase):
    def test_each_outcome_is_one_click(self):
        """M118: carried out, no-show, cancelled with who."""
        for button, state, who in (
            ("action_carried_out", "done", False),
            ("action_no_show", "no_show", False),
            ("action_cancelled_by_seeker", "cancelled", "seeker"),
            ("action_cancelled_by_owner", "cancelled", "owner"),
            ("action_cancelled_by_agency", "cancelled", "agency"),
        ):
            with self.subTest(button):
                viewing = self._plan()
                with self.mock_mail_gateway():
                    getattr(viewing.with_user(self.agent), button)()
                self.assertEqual((viewing.state, viewing.cancelled_by), (state, who))
                rows = self._get_rows(viewing)
                # Less than a day before it is late, when the seeker does it.
                late = "_late" if who == "seeker" else ""
                self.assertEqual(rows[-1:].type_code, f"viewing_{state}{late}")
                with self.assertRaises(UserError):
                    getattr(viewing.with_user(self.agent), button)()

    def test_another_time_is_proposed(self):
        """M118: rescheduled: the next free time is filled in."""
        viewing = self._plan(Datetime.now() + timedelta(days=1))
        action = viewing.with_user(self.agent).action_reschedule()
        wizard = self.env["estate.viewing.outcome"].with_user(self.agent)
        with Form(wizard.with_context(**action["context"])) as form:
            self.assertTrue(form.new_start)
        form.record.action_apply()
        self.assertEqual(viewing.state, "rescheduled")
        self.assertEqual(len(self.lead.viewing_ids), 2)

    def test_who_was_invited_is_told_when_the_agency_calls_it_off(self):
        viewing = self._plan()
        with self.mock_mail_gateway():
            viewing.with_user(self.agent).action_invite()
            viewing.with_user(self.agent).action_cancelled_by_agency()
        mails = self._new_mails.filtered(lambda m: m.recipient_ids == self.seeker)
        files = [mail.attachment_ids.raw for mail in mails.sorted("id")]
        self.assertIn(b"METHOD:REQUEST", files[0])
        self.assertIn(b"METHOD:CANCEL", files[1])

    def test_the_second_viewing_is_recognised(self):
        """M118: the number says which one it is; a no-show does not count."""
        first = self._plan()
        first.with_user(self.agent).action_no_show()
        second = self._plan(TOMORROW + timedelta(days=1))
        self.assertEqual(second.number, 1)
        second.with_user(self.agent).action_carried_out()
        third = self._plan(TOMORROW + timedelta(days=2))
        self.assertEqual((second.number, third.number), (1, 2))
        self.assertEqual(self.lead.phase_number, 5)
        third.with_user(self.agent).action_carried_out()
        self.assertEqual(self.lead.phase_number, 6)

    def test_the_report_can_follow_and_stands_in_the_journal(self):
        viewing = self._plan()
        viewing.with_user(self.agent).action_carried_out()
        action = viewing.with_user(self.agent).action_report()
        wizard = self.env["estate.viewing.outcome"].with_user(self.agent)
        with Form(wizard.with_context(**action["context"])) as form:
            form.feedback = "The kitchen pleased"
        form.record.action_apply()
        self.assertEqual(viewing.feedback, "The kitchen pleased")
        row = self._get_rows(viewing)[-1]
        self.assertEqual(row.type_code, "viewing_report")
        self.assertEqual(row._get_owner_text(), "The kitchen pleased")
        with self.assertRaises(UserError):
            viewing.with_user(self.agent).action_report()


@tagged("post_install", "-at_install", "crm_real_estate")
class TestSlip(ViewingCase):
    def _sign(self, viewing):
        with Form(viewing.with_user(self.agent)) as form:
            form.slip_name = "Sam Seeker"
            form.slip_signature = PIXEL
        return form.record

    def test_the_seeker_signs_once_and_the_journal_tells(self):
        """M118: signed on the phone, stored, never changed."""
        viewing = self._plan()
        self._sign(viewing)
        self.assertTrue(viewing.slip_signed_at)
        rows = self.env["estate.interaction"].search(
            [("origin", "=", f"estate.viewing.slip,{viewing.id}")]
        )
        self.assertEqual(rows.type_code, "slip_signed")
        for vals in (
            *({"slip_signature": PIXEL}, {"slip_name": "Somebody else"}),
            *({"slip_signature": False}, {"slip_name": False}),
            {"slip_signed_at": False},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                viewing.with_user(self.agent).write(vals)

    def test_only_a_signature_dates_a_slip(self):
        viewing = self._plan()
        forged = {
            "slip_signed_at": "2020-01-01 10:00:00",
            "slip_attachment_id": self.env["ir.attachment"].create({"name": "a"}).id,
        }
        viewing.with_user(self.agent).write(forged)
        copies = viewing.with_user(self.agent).copy(forged)
        for one in viewing | copies:
            self.assertFalse(one.slip_signed_at or one.slip_attachment_id)
        viewing.with_user(self.agent).write({**forged, "slip_signature": PIXEL})
        self.assertGreater(viewing.slip_signed_at.year, 2020)
        signed = viewing.with_user(self.agent).copy({"slip_signature": PIXEL})
        self.assertTrue(signed.slip_signed_at)
        rows = self.env["estate.interaction"].search(
            [("origin", "=", f"estate.viewing.slip,{signed.id}")]
        )
        self.assertEqual(rows.type_code, "slip_signed")

    def test_its_pdf_is_made_once_and_kept(self):
        viewing = self._sign(self._plan())
        reports = self.registry["ir.actions.report"]
        answer = (b"%PDF-", "pdf")
        with patch.object(reports, "_render_qweb_pdf", return_value=answer) as made:
            first = viewing.action_print_slip()
            again = viewing.action_print_slip()
        self.assertEqual(first["url"], again["url"])
        made.assert_called_once()
        self.assertEqual(viewing.slip_attachment_id.raw, b"%PDF-")

    def test_it_names_property_seeker_and_signature(self):
        viewing = self._sign(self._plan())
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "crm_real_estate.report_viewing_slip", viewing.ids
        )
        for text in (self.prop.name, "Sam Seeker"):
            self.assertIn(text, html.decode())
        self.assertIn("data:image/png", html.decode())

    def test_erasing_the_person_deletes_signature_and_slip(self):
        viewing = self._sign(self._plan())
        self.env["estate.erase.contact"].with_user(self.director).create(
            {"partner_id": self.seeker.id, "reason": "He asked for it"}
        ).action_erase()
        self.assertFalse(viewing.slip_signature or viewing.slip_name)
        self.assertTrue(viewing.slip_signed_at)


@tagged("post_install", "-at_install", "crm_real_estate")
class TestFeedback(MailCase, EstateCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prop = cls._create_property(state="on_market", agent_id=cls.agent.id)
        cls.seeker = cls._create_contact("Sam Seeker", email="sam@example.com")
        cls.lead = cls._create_seeker_lead(cls.prop, cls.seeker)
        # Nobody is asked about a viewing of long ago.
        now = Datetime.now().replace(microsecond=0)
        cls.viewing = cls._create_viewing(cls.lead, now - timedelta(hours=1))

    def _carry_out(self):
        """The viewing takes place; return the mails to the seeker."""
        with self.mock_mail_gateway():
            self.viewing.with_user(self.agent).action_carried_out()
        return self._new_mails.filtered(lambda m: m.recipient_ids == self.seeker)

    def test_the_seeker_answers_by_a_link_once(self):
        """M118: without login, once; in the journal and for the owner."""
        mail = self._carry_out()
        self.assertEqual(len(mail), 1)
        self.assertTrue(mail.estate_automatic)
        url = self.viewing._get_feedback_url()
        self.assertIn(url, mail.body_html)
        path = url[url.index("/real_estate") :]
        self.assertIn("How did you like it?", self.url_open(path).text)
        self.assertFalse(self.viewing.feedback_given_at)
        answer = {"rating": "4", "interest": "yes", "comment": "A fine kitchen"}
        self.assertIn("Thank you", self.url_open(path, data=answer).text)
        self.assertIn("Thank you", self.url_open(path).text)
        self.url_open(path, data={**answer, "comment": "Again"})
        self.env.invalidate_all()
        self.assertEqual(self.viewing.seeker_comment, "A fine kitchen")
        row = self.lead.interaction_ids.filtered(
            lambda r: r.type_code == "viewing_feedback"
        )
        self.assertEqual(len(row), 1)
        self.assertEqual(
            row._get_owner_text(),
            "Liked it: Much. Still interested: Yes. A fine kitchen",
        )
        self.assertNotIn("Sam", row._get_owner_text())

    def test_a_forged_link_opens_nothing(self):
        self._carry_out()
        url = self.viewing._get_feedback_url()
        path = url[url.index("/real_estate") :]
        for forged in (f"{path[:-2]}xx", "/real_estate/feedback/1", f"{path}0"):
            with self.subTest(forged):
                self.assertEqual(self.url_open(forged).status_code, 404)
                answer = self.url_open(forged, data={"rating": "1"})
                self.assertEqual(answer.status_code, 404)
        self.env.invalidate_all()
        self.assertFalse(self.viewing.feedback_given_at)

    def test_who_opted_out_is_not_asked(self):
        self.seeker.automatic_messages_allowed = False
        self.assertFalse(self._carry_out())
        self.assertFalse(self.viewing.feedback_asked_at)

    def test_nobody_is_asked_about_a_viewing_of_long_ago(self):
        self.viewing.start -= timedelta(days=15)
        self.assertFalse(self._carry_out())

    def test_who_did_not_come_is_not_asked(self):
        with self.mock_mail_gateway():
            self.viewing.with_user(self.agent).action_no_show()
        self.assertFalse(self._new_mails)

    def test_an_admin_archives_the_rule_and_nobody_is_asked(self):
        """M141: the question is an automated action."""
        rule = self.env.ref("crm_real_estate.automation_feedback")
        rule.active = False
        self.assertFalse(self._carry_out())
        # The registry outlives the test.
        rule.active = True


@tagged("activity_report")
class TestFeedbackInReports(ActivityReportCase):
    def test_the_owner_reads_what_the_seeker_says(self):
        """M118: the answer stands in the owner's report, without a name."""
        lead = self._create_seeker_lead(self.prop)
        viewing = self._create_viewing(lead)
        with freeze_time(NOW + timedelta(hours=1)):
            viewing.action_carried_out()
            viewing._take_feedback("2", "no", "Too loud")
        self._run_job()
        lines = self._get_reports()[-1].line_ids.filtered(
            lambda line: line.section == "viewing"
        )
        self.assertIn(
            "Liked it: A little. Still interested: No. Too loud", lines.mapped("text")
        )
