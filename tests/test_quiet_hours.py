"""Nothing automatic wakes a contact; what waited may be overtaken by a person."""

from datetime import datetime, timedelta

from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase
from odoo.addons.sms.tests.common import SMSCase

from ..models import inner
from .common import EstateCase

# A Wednesday, 22:00 in Prague, and 8:00 of the morning after.
NIGHT = datetime(2026, 3, 4, 21, 0)
MORNING = datetime(2026, 3, 5, 7, 0)
BEFORE_DAWN = datetime(2026, 3, 5, 6, 50)


class QuietCase(SMSCase, MailCase, EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"estate_quiet_from": 20, "estate_quiet_to": 8})
        cls.contact = cls._create_contact("Sam Seeker", email="sam@example.com")
        cls.lead = cls._create_seeker_lead(partner=cls.contact)

    def _mail(self, at=NIGHT, partner=None, **words):
        """Let a machine write a mail at some time; it is sent at once if it may."""
        model = inner.say(self.env["mail.mail"], automatic=True, **words)
        with self.mock_datetime_and_now(at), self.mock_mail_gateway():
            mail = model.create(
                {
                    "subject": "News",
                    "body_html": "<p>x</p>",
                    "model": "crm.lead",
                    "res_id": self.lead.id,
                    "recipient_ids": (partner or self.contact).ids,
                }
            )
            mail.send()
        return mail

    def _work_off(self, at):
        with self.mock_datetime_and_now(at), self.mock_mail_gateway():
            self.env["mail.mail"].process_email_queue()
        address = self.contact.email_formatted
        return [mail for mail in self._mails if address in mail["email_to"]]

    def _call(self, at=BEFORE_DAWN, user=None):
        with self.mock_datetime_and_now(at):
            self._log(self.lead, "call_reached", user, occurred_at=at)


@tagged("post_install", "-at_install")
class TestMailsWaitForTheMorning(QuietCase):
    def test_what_is_written_at_22_leaves_at_8(self):
        """M125: of the recipient's morning, not a minute earlier."""
        mail = self._mail()
        self.assertEqual((mail.state, mail.scheduled_date), ("outgoing", MORNING))
        self.assertFalse(self._work_off(MORNING - timedelta(minutes=1)))
        self.assertEqual(len(self._work_off(MORNING)), 1)
        self.assertEqual(mail.state, "sent")

    def test_the_job_is_woken_in_the_morning(self):
        self._mail()
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertIn(MORNING, triggers.mapped("call_at"))

    def test_a_call_at_ten_to_eight_stops_it(self):
        """M125: kept as cancelled, with the reason; the journal takes it back."""
        mail = self._mail()
        self._call()
        self.assertFalse(self._work_off(MORNING))
        self.assertEqual(mail.state, "cancel")
        self.assertIn("Agent", mail.failure_reason)
        told = self.lead.interaction_ids.filtered(
            lambda row: row.type_code == "mail_sent"
        )
        self.assertTrue(told.correction_ids)

    def test_what_a_machine_did_meanwhile_stops_nothing(self):
        mail = self._mail()
        journal = inner.say(self.env["estate.interaction"], automatic=True)
        with self.mock_datetime_and_now(BEFORE_DAWN):
            journal._write_journal([{"type": "mail_sent", "lead_id": self.lead.id}])
        self.assertEqual(len(self._work_off(MORNING)), 1)
        self.assertEqual(mail.state, "sent")

    def test_who_opts_out_at_night_gets_nothing_in_the_morning(self):
        mail = self._mail()
        self.contact.automatic_messages_allowed = False
        self.assertFalse(self._work_off(MORNING))
        self.assertEqual(mail.state, "cancel")

    def test_a_report_leaves_although_somebody_called(self):
        mail = self._mail(purpose="report")
        self._call()
        self.assertEqual(len(self._work_off(MORNING)), 1)
        self.assertEqual(mail.state, "sent")

    def test_the_zone_is_the_recipients(self):
        far = self._create_contact(
            "Mary", email="mary@example.com", country_id=self.env.ref("base.nz").id
        )
        self._mail(partner=far)
        self.assertEqual(len(self._mails), 1)

    def test_by_day_it_leaves_at_once(self):
        self._mail(MORNING + timedelta(hours=2))
        self.assertEqual(len(self._mails), 1)

    def test_the_answer_to_an_enquiry_leaves_at_once_at_night(self):
        self._mail(purpose="answer", at_once=True)
        self.assertEqual(len(self._mails), 1)

    def test_what_a_person_writes_leaves_at_night(self):
        with self.mock_datetime_and_now(NIGHT), self.mock_mail_gateway():
            mail = self.env["mail.mail"].create(
                {"recipient_ids": self.contact.ids, "body_html": "<p>x</p>"}
            )
            mail.send()
        self.assertEqual(len(self._mails), 1)

    def test_colleagues_are_told_at_night(self):
        self._mail(partner=self.agent.partner_id)
        self.assertEqual(len(self._mails), 1)

    def test_equal_hours_switch_it_off(self):
        self.company.write({"estate_quiet_from": 0, "estate_quiet_to": 0})
        self._mail()
        self.assertEqual(len(self._mails), 1)


@tagged("post_install", "-at_install")
class TestTextsWaitForTheMorning(QuietCase):
    def _text(self, at=NIGHT):
        lead = inner.say(self.lead, automatic=True)
        with self.mock_datetime_and_now(at), self.mockSMSGateway():
            lead._message_sms("Come and see", partner_ids=self.contact.ids)
        return self.env["sms.sms"].search([("partner_id", "=", self.contact.id)])

    def _work_off(self, at):
        with (
            self.mock_datetime_and_now(at),
            self.mockSMSGateway(),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("sms.ir_cron_sms_scheduler_action").method_direct_trigger()
        return self._sms

    def test_what_is_written_at_22_leaves_at_8(self):
        """M125: the SMS waits, too, and the job is woken for it."""
        text = self._text()
        self.assertFalse(self._sms)
        self.assertEqual((text.state, text.estate_send_at), ("estate_waiting", MORNING))
        self.assertFalse(self._work_off(MORNING - timedelta(minutes=1)))
        self.assertEqual(len(self._work_off(MORNING)), 1)

    def test_a_call_at_ten_to_eight_stops_it(self):
        text = self._text()
        self._call()
        self.assertFalse(self._work_off(MORNING))
        self.assertEqual(text.state, "canceled")
        self.assertIn("Agent", text.estate_reason)

    def test_by_day_it_leaves_at_once(self):
        self._text(MORNING)
        self.assertEqual(len(self._sms), 1)
