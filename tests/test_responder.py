"""Enquiries are answered by the machine: once, in their language, no machine ever."""

from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.fields import Command, Datetime
from odoo.tests import Form, tagged

from odoo.addons.mail.tests.common import MailCase

from .common import EstateCase
from .intake_enquiries import EnquiryCase


@tagged("post_install", "-at_install", "crm_real_estate")
class ResponderCase(MailCase, EnquiryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "info@agency.example.com"

    def _set_up(self, **values):
        """Fill in the form of an automatic answer as a manager does."""
        responders = self.env["estate.responder"].with_user(self.manager)
        with Form(responders) as form:
            for name, value in values.items():
                setattr(form, name, value)
        return form.record

    def _ask(self, **values):
        """Let a seeker ask by a portal; return the lead."""
        known = self._leads()
        self._deliver(self._write_feedback(**values))
        self._run_cron()
        return self._leads() - known

    def _send(self, fails=False):
        """Let the mail queue send; return the subjects of mails to people outside."""
        with self.mock_mail_gateway():
            if fails:
                self.send_email_mocked.side_effect = ConnectionError("No server")
            mails = self.env["mail.mail"].search([("state", "=", "outgoing")])
            mails.send(raise_exception=False)
        self.outside = [
            mail
            for mail in self._mails
            if not any("@agency.example.com" in address for address in mail["email_to"])
        ]
        return [mail["subject"] for mail in self.outside]

    def _get_answers(self, lead):
        return self.env["estate.responder.answer"].search([("lead_id", "=", lead.id)])


class TestResponder(ResponderCase):
    def test_a_portal_enquiry_gets_one_answer(self):
        """M110: sender, subject, text, signature and attachment as set, once."""
        files = self.env["ir.attachment"].with_user(self.manager)
        file = files.create({"name": "Plan.pdf", "raw": b"plan"})
        responder = self._set_up(
            property_id=self.prop,
            sender="sales@agency.example.com",
            subject="We have got your enquiry",
            signature="<p>Office Prague</p>",
        )
        responder.attachment_ids = [Command.link(file.id)]
        lead = self._ask()
        self._send()
        (mail,) = self.outside
        self.assertEqual(mail["email_from"], "sales@agency.example.com")
        self.assertEqual(mail["subject"], "We have got your enquiry")
        self.assertIn("sam@example.com", mail["email_to"][0])
        self.assertIn(self.prop.name, mail["body"])
        self.assertIn("Office Prague", mail["body"])
        self.assertEqual([name for name, *_rest in mail["attachments"]], ["Plan.pdf"])
        self.assertIn("auto-", mail["headers"]["Auto-Submitted"])
        self.assertEqual(self._get_answers(lead).state, "sent")
        self.assertEqual(responder.answer_count, 1)
        # The job runs again, the seeker asks again: there is one answer.
        self._run_cron()
        self._ask(text="I forgot to say that I have a dog.")
        self.assertFalse(self._send())

    def test_without_an_answer_set_up_nothing_leaves(self):
        self._ask()
        self.assertFalse(self._send())

    def test_the_phase_is_set_when_the_answer_was_sent(self):
        """M111: not before, and with the cause in the journal."""
        self._set_up(property_id=self.prop, stage_id=self._phase("sale", 3))
        lead = self._ask()
        self.assertEqual(lead.phase_number, 2)
        self._send()
        self.assertEqual(lead.phase_number, 3)
        move = lead.interaction_ids.filtered(lambda r: r.type_code == "phase_move")
        self.assertEqual(move[:1].cause, "rule")

    def test_an_answer_that_could_not_be_sent_moves_nothing(self):
        """M111: the phase stays when sending failed."""
        self._set_up(property_id=self.prop, stage_id=self._phase("sale", 3))
        lead = self._ask()
        self._send(fails=True)
        answer = self._get_answers(lead)
        self.assertEqual((answer.state, answer.reason), ("failed", "mail_failed"))
        self.assertEqual(lead.phase_number, 2)
        self.assertNotIn("auto_answer", self._codes(lead))
        # Somebody mends the server and sends the mail again.
        self.env["mail.mail"].search([("state", "=", "exception")]).mark_outgoing()
        self._send()
        self.assertEqual((answer.state, lead.phase_number), ("sent", 3))

    def test_it_never_stops_the_clock(self):
        """M110: the answer is automatic, and no response of a person."""
        self._set_up(property_id=self.prop)
        lead = self._ask()
        self._send()
        row = lead.interaction_ids.filtered(lambda r: r.type_code == "auto_answer")
        self.assertTrue(row.is_automatic)
        self.assertFalse(row.type_id.is_response)
        responses = lead.interaction_ids.filtered(
            lambda r: r.type_id.is_response and not r.is_automatic
        )
        self.assertFalse(responses)
        self.assertEqual(lead.phase_number, 2)

    def test_it_ends_at_its_date_and_can_be_switched_on_again(self):
        """M112: after the end, and while it is off, nobody gets an answer."""
        now = Datetime.now()
        responder = self._set_up(
            property_id=self.prop,
            date_start=now - timedelta(days=2),
            date_end=now - timedelta(minutes=1),
        )
        self.assertEqual(responder.status, "ended")
        self._ask(mail="one@example.com", phone="+420 777 555 001")
        self.assertFalse(self._send())
        responder.action_switch_on()
        self.assertEqual(responder.status, "running")
        self._ask(mail="two@example.com", phone="+420 777 555 002")
        self.assertEqual(len(self._send()), 1)
        responder.action_switch_off()
        self.assertEqual(responder.status, "off")
        self._ask(mail="three@example.com", phone="+420 777 555 003")
        self.assertFalse(self._send())
        responder.action_switch_on()
        self._ask(mail="four@example.com", phone="+420 777 555 004")
        self.assertEqual(len(self._send()), 1)

    def test_it_does_not_begin_before_its_date(self):
        responder = self._set_up(
            property_id=self.prop, date_start=Datetime.now() + timedelta(days=1)
        )
        self.assertEqual(responder.status, "planned")
        self._ask()
        self.assertFalse(self._send())

    def test_the_answer_is_in_the_language_of_the_enquiry(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("crm_real_estate.mail_template_responder")
        template.with_context(lang="fr_FR").subject = "Votre demande"
        self._set_up(property_id=self.prop)
        lead = self._ask(text="Bonjour, je suis intéressé par votre bien. Merci.")
        self.assertEqual(lead.partner_id.lang, "fr_FR")
        self.assertEqual(self._send()[0], "Votre demande")

    def test_who_opted_out_gets_none_and_is_noted(self):
        self._set_up(property_id=self.prop)
        seeker = self._create_contact("Sam Seeker", email="sam@example.com")
        seeker.automatic_messages_allowed = False
        lead = self._ask()
        self.assertFalse(self._send())
        answer = self._get_answers(lead)
        self.assertEqual((answer.state, answer.reason), ("left_out", "opted_out"))

    def test_machines_and_our_own_addresses_get_none(self):
        self._set_up(property_id=self.prop)
        for mail, reason in (
            ("no-reply@portal.example.com", "machine"),
            ("mailer-daemon@example.com", "machine"),
            ("agent@agency.example.com", "own_address"),
            ("info@agency.example.com", "own_address"),
        ):
            with self.subTest(mail):
                lead = self._create_seeker_lead(
                    self.prop, self._create_contact(mail, email=mail)
                )
                lead._answer_automatically()
                self.assertEqual(self._get_answers(lead).reason, reason)
        self.assertFalse(self._send())

    def test_an_automatic_mail_is_no_enquiry_and_gets_no_answer(self):
        self._set_up(property_id=self.prop)
        self._deliver(
            self._write_mail(
                f"I am out of office. {self.prop.reference}",
                Auto_Submitted="auto-replied",
            )
        )
        self._run_cron()
        self.assertFalse(self._leads())
        self.assertFalse(self._send())

    def test_a_loop_ends(self):
        self._set_up()
        seeker = self._create_contact("Sam Seeker")
        for number in range(11):
            lead = self._create_seeker_lead(
                self._create_property(state="on_market", name=f"Flat {number}"), seeker
            )
            lead._answer_automatically()
        self.assertEqual(self._get_answers(lead).reason, "loop")
        self.assertEqual(len(self._send()), 10)

    def test_the_propertys_own_answer_comes_before_one_with_a_filter(self):
        self._set_up(name="All", subject="All")
        self._set_up(name="Rent", subject="Rent", domain="[('deal_type','=','rent')]")
        own = self._set_up(property_id=self.prop, subject="Own")
        self._ask()
        self.assertEqual(self._send()[0], "Own")
        own.action_switch_off()
        self._ask(mail="two@example.com", phone="+420 777 555 002")
        self.assertEqual(self._send()[0], "All")

    def test_an_enquiry_entered_by_hand_is_left_to_its_agent(self):
        self._set_up()
        self._create_seeker_lead(self.prop)
        self.assertFalse(self._send())

    def test_a_text_that_cannot_be_made_loses_no_enquiry(self):
        template = self.env["mail.template"].create(
            {
                "name": "Torn",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "subject": "{{ object.nonsense }}",
            }
        )
        self._set_up(property_id=self.prop, template_id=template)
        lead = self._ask()
        self.assertEqual(self._get_answers(lead).reason, "text_failed")

    def test_what_cannot_work_is_refused_with_a_sentence(self):
        for values in (
            {"sender": "nobody"},
            {"domain": "[('nonsense', '=', 1)]"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._set_up(**values)

    def test_an_admin_archives_the_rule_and_it_stops(self):
        """M141: the answer is an automated action."""
        self._set_up(property_id=self.prop)
        self.env.ref("crm_real_estate.automation_responder").active = False
        self._ask()
        self.assertFalse(self._send())


@tagged("post_install", "-at_install", "crm_real_estate")
class TestWhoSetsUpAnswers(EstateCase):
    def test_agents_set_up_those_of_their_properties(self):
        mine = self._create_property(agent_id=self.agent.id)
        other = self._create_property(agent_id=self.second_agent.id, team_id=False)
        responders = self.env["estate.responder"]
        own = responders.create({"property_id": mine.id})
        foreign = responders.create({"property_id": other.id})
        everywhere = responders.create({})
        with freeze_time():
            for responder, expected in (
                (own, True),
                (foreign, False),
                (everywhere, False),
            ):
                record = responder.with_user(self.agent)
                self.assertEqual(record.has_access("write"), expected)
                self.assertTrue(responder.with_user(self.manager).has_access("write"))
