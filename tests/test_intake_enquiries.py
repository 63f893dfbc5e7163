"""Enquiries come in by mail: stored first, then read, each exactly once."""

import base64
from collections import Counter
from unittest.mock import patch

from odoo.tests import tagged

from ..tools import enquiry_mail
from .intake_enquiries import FEEDBACK, EnquiryCase


@tagged("post_install", "-at_install", "crm_real_estate")
class TestIntakeEnquiries(EnquiryCase):
    # === THE WAY OF AN ENQUIRY ===

    def test_a_mail_is_stored_before_anybody_reads_it(self):
        self._deliver(self._write_feedback())
        message = self._messages()
        self.assertEqual((message.state, message.kind), ("received", "mail"))
        self.assertFalse(self._leads())

    def test_a_portal_enquiry_becomes_a_lead_in_phase_two(self):
        """M102: a portal enquiry moves to phase 2 by itself."""
        self._deliver(self._write_feedback())
        self._run_cron()
        lead = self._leads()
        self.assertEqual(self._messages().state, "done")
        self.assertEqual((lead.property_id, lead.phase_number), (self.prop, 2))
        self.assertEqual(lead.partner_id.email_normalized, "sam@example.com")
        self.assertEqual(lead.received_at, self._messages().received_at)

    def test_an_enquiry_goes_to_the_agent_of_the_property(self):
        self._deliver(self._write_feedback())
        self._run_cron()
        self.assertEqual(self._leads().user_id, self.agent)
        self.assertEqual(self._leads().activity_ids.user_id, self.agent)

    def test_an_enquiry_goes_by_the_rules_when_the_agent_is_paused(self):
        member = self.agent.crm_team_member_ids
        member.assignment_optout = True
        self._deliver(self._write_feedback())
        self._run_cron()
        self.assertEqual(self._leads().user_id, self.second_agent)

    def test_a_plain_mail_finds_the_property_by_its_reference(self):
        self._deliver(
            self._write_mail(
                f"Hello, is {self.prop.reference} still free? Sam", subject="Flat"
            )
        )
        self._run_cron()
        self.assertEqual(self._leads().property_id, self.prop)

    def test_a_mail_without_a_known_property_waits_for_a_person(self):
        self._deliver(self._write_mail("Do you have something nice?"))
        self._run_cron()
        message = self._messages()
        self.assertEqual(message.state, "to_check")
        self.assertFalse(self._leads())
        message.with_user(self.manager).property_id = self.prop
        message.with_user(self.manager).action_process()
        self.assertEqual(message.state, "done")
        self.assertEqual(self._leads().property_id, self.prop)

    def test_an_automatic_answer_is_no_enquiry(self):
        self._deliver(self._write_mail("I am away.", Auto_Submitted="auto-replied"))
        self._run_cron()
        self.assertFalse(self._leads())

    def test_a_known_seeker_is_found_not_doubled(self):
        known = self._create_contact("Sam Seeker", email="sam@example.com")
        self._deliver(self._write_feedback())
        self._run_cron()
        self.assertEqual(self._leads().partner_id, known)

    def test_a_differing_phone_does_not_overwrite_the_contact(self):
        known = self._create_contact(
            "Sam Seeker", email="sam@example.com", phone="+420777000999"
        )
        self._deliver(self._write_feedback(phone="+420 777 555 111"))
        self._run_cron()
        self.assertEqual(known.phone_sanitized, "+420777000999")

    def test_a_repeated_enquiry_is_a_line_of_the_open_lead(self):
        self._deliver(self._write_feedback())
        self._deliver(self._write_feedback(text="Me again, please answer."))
        self._run_cron()
        lead = self._leads()
        self.assertEqual(len(lead), 1)
        self.assertEqual(self._codes(lead).count("enquiry"), 2)

    def test_after_a_refusal_a_new_enquiry_begins_a_new_lead(self):
        self._deliver(self._write_feedback())
        self._run_cron()
        first = self._leads()
        first.action_set_lost()
        self._deliver(self._write_feedback(text="I thought about it again."))
        self._run_cron()
        self.assertEqual(len(self._leads()), 1)
        self.assertNotEqual(self._leads(), first)

    # === ASSOCIATION ===

    def test_an_enquiry_of_a_known_address_is_linked_and_given_in_one_run(self):
        """M48: contact, property and responsible person are there, without a human."""
        known = self._create_contact("Sam Seeker", email="sam@example.com")
        self._deliver(self._write_feedback(phone=""))
        self._run_cron()
        lead = self._leads()
        self.assertEqual(lead.partner_id, known)
        self.assertEqual(lead.property_id, self.prop)
        self.assertEqual(lead.user_id, self.agent)
        self.assertEqual(lead.decision_ids.reasons["how"], "property_agent")

    def test_without_the_agent_the_rules_say_who_is_responsible(self):
        """M48: the member of the office whom the property suits."""
        self.prop.agent_id = False
        self.agent.crm_team_member_ids.deal_type = "rent"
        self._deliver(self._write_feedback())
        self._run_cron()
        self.assertEqual(self._leads().user_id, self.second_agent)
        self.assertEqual(self._leads().decision_ids.rule_id, self.rules["enquiry"])

    def test_when_nobody_is_there_the_last_resort_is_responsible(self):
        """M48: the agent is away and nobody of the office fits."""
        self.rules["enquiry"].last_resort_id = self.manager
        self.office.crm_team_member_ids.assignment_optout = True
        self._deliver(self._write_feedback())
        self._run_cron()
        self.assertEqual(self._leads().user_id, self.manager)
        self.assertEqual(self._leads().decision_ids.reasons["how"], "last_resort")

    def test_an_unknown_property_waits_for_a_person_and_names_its_number(self):
        """M48: nothing is guessed; the contact is not made either."""
        self._deliver(self._write_feedback(reference="X-999"))
        self._run_cron()
        self.assertFalse(self._leads())
        self.assertEqual(self._messages().state, "to_check")
        self.assertIn("X-999", self._messages().error)

    def test_of_several_contacts_with_the_address_one_gets_the_enquiry(self):
        """M48: whose name agrees, every time, and nobody is made anew."""
        _older, named = (
            self._create_contact(name, email="sam@example.com", phone=False)
            for name in ("Olga Seeker", "Sam Seeker")
        )
        self._deliver(self._write_feedback(phone=""))
        self._deliver(self._write_feedback(phone="", text="Me again."))
        self._run_cron()
        lead = self._leads()
        self.assertEqual(len(lead), 1)
        self.assertEqual(lead.partner_id, named)
        self.assertEqual(self._count_contacts(), 2)

    def _count_contacts(self):
        return self.env["res.partner"].search_count(
            [("email_normalized", "=", "sam@example.com")]
        )

    def test_two_properties_in_one_document_are_two_enquiries(self):
        """M48: as a portal writes them that collects."""
        other = self._create_property(state="on_market", agent_id=self.second_agent.id)
        first, second = (
            FEEDBACK.format(
                reference=prop.reference,
                first="Sam",
                last="Seeker",
                phone="",
                mail="sam@example.com",
                text="Free?",
            )
            for prop in (self.prop, other)
        )
        start, stop = second.index("<objekt>"), second.index("</openimmo_feedback>")
        both = first.replace("</openimmo_feedback>", second[start:])
        self.assertIn(second[start:stop], both)
        mail = self._write_mail("See the attachment.")
        mail.add_attachment(
            both.encode(), maintype="text", subtype="xml", filename="both.xml"
        )
        self._deliver(mail)
        self._run_cron()
        leads = self._leads()
        self.assertEqual(leads.property_id, self.prop | other)
        self.assertEqual(
            [lead.user_id for lead in leads], [self.agent, self.second_agent]
        )

    def test_two_documents_in_one_mail_are_two_enquiries(self):
        """M48: each about its property, with its agent, of one contact."""
        other = self._create_property(
            state="on_market", agent_id=self.second_agent.id, team_id=self.office.id
        )
        mail = self._write_feedback()
        content = FEEDBACK.format(
            reference=other.reference,
            first="Sam",
            last="Seeker",
            phone="+420 777 555 111",
            mail="sam@example.com",
            text="And this one.",
        )
        mail.add_attachment(
            content.encode(),
            maintype="application",
            subtype="octet-stream",
            filename="second.xml",
        )
        self._deliver(mail)
        self._run_cron()
        leads = self._leads()
        self.assertEqual(leads.property_id, self.prop | other)
        self.assertEqual(len(leads.partner_id), 1)
        self.assertEqual(
            [lead.user_id for lead in leads], [self.agent, self.second_agent]
        )

    # === NOTHING LOST, NOTHING TWICE ===

    def test_the_same_mail_with_another_message_id_is_stored_once(self):
        """T4: providers rewrite Message-IDs; the content tells."""
        for number in range(5):
            mail = self._write_feedback()
            mail.replace_header("Message-ID", f"<{number}@rewritten.example.com>")
            self._deliver(mail)
        self.assertEqual(len(self._messages()), 1)
        self.assertEqual(self._messages().duplicate_count, 4)

    def test_an_error_at_any_step_loses_nothing_and_a_replay_makes_it_once(self):
        """T2: a parser bug keeps the mail; a replay makes the enquiry exactly once."""
        steps = [
            (enquiry_mail, "read_mail"),
            (enquiry_mail, "is_automatic"),
            (type(self.env["res.partner"]), "_find_or_create_estate_contacts"),
            (type(self.env["estate.intake.message"]), "_find_property"),
            (type(self.env["crm.lead"]), "_post_enquiry"),
            (type(self.env["estate.interaction"]), "_write_journal"),
            (type(self.env["crm.lead"]), "_dispatch"),
        ]
        self._deliver(self._write_feedback())
        message = self._messages()
        for target, name in steps:
            with (
                self.subTest(step=name),
                patch.object(target, name, side_effect=ValueError("boom")),
                self.assertLogs("odoo.addons.crm_real_estate", "ERROR"),
            ):
                message.with_user(self.manager).action_process()
            self.assertEqual((message.state, len(self._leads())), ("failed", 0), name)
        message.with_user(self.manager).action_replay()
        self.assertEqual((message.state, len(self._leads())), ("done", 1))
        message.with_user(self.manager).action_replay()
        self.assertEqual(len(self._leads()), 1)
        self.assertEqual(self._codes(self._leads()).count("enquiry"), 1)

    def test_five_hundred_mails_of_one_portal_are_kept_and_none_is_bounced(self):
        """T1: Odoo bounces the 21st mail of a sender; the inbox takes them all.

        That all of them become enquiries is shown by `./dev bench mails`.
        """
        bounces = self.env["mail.mail"].search_count([])
        self._deliver_of_one_portal(500)
        self.assertEqual(self._messages().mapped("state"), ["received"] * 500)
        self.assertEqual(self.env["mail.mail"].search_count([]), bounces)

    def test_more_mails_of_one_portal_than_odoo_takes_are_enquiries(self):
        """T1: each of them, worked off by the job."""
        self._deliver_of_one_portal(25)
        # A round ends when its time is over, which on a busy machine is soon.
        for _round in range(50):
            if not self._messages().filtered(lambda m: m.state == "received"):
                break
            self._run_cron()
        outcomes = Counter((m.state, m.error) for m in self._messages())
        self.assertEqual(outcomes, {("done", False): 25})
        self.assertEqual(len(self._leads()), 25)

    def _deliver_of_one_portal(self, count):
        for number in range(count):
            self._deliver(
                self._write_feedback(
                    mail=f"seeker{number}@example.com",
                    phone="",
                    text=f"Question {number}",
                )
            )

    def test_replaying_the_inbox_into_an_empty_database_gives_the_same_leads(self):
        for number in range(6):
            self._deliver(
                self._write_feedback(
                    mail=f"s{number % 4}@example.com",
                    phone=f"+420 777 555 11{number % 4}",
                    text=str(number),
                )
            )
        kept = [
            (message.name, base64.b64decode(message.raw), message.received_at)
            for message in self._messages().sorted("id")
        ]
        self._run_cron()
        before = self._tell_leads()
        with self.env.cr.savepoint() as savepoint:
            self._empty_the_agency()
            for name, raw, received_at in kept:
                self.source._store(
                    "mail", name, raw, enquiry_mail.fingerprint(raw), received_at
                )
            self._run_cron()
            after = self._tell_leads()
            savepoint.rollback()
        self.assertEqual(len(after), 4)
        self.assertEqual(after, before)

    def _empty_the_agency(self):
        """Start anew with another source: leads and contacts of the first are gone."""
        self.source = self.source.copy({"name": "After the fire"})
        leads = self.env["crm.lead"].search([("property_id", "=", self.prop.id)])
        contacts = leads.partner_id
        leads.unlink()
        contacts.write({"email": False, "phone": False, "active": False})

    def _tell_leads(self):
        """Return what the leads of the source say, without ids of the database."""
        return sorted(
            (
                lead.partner_id.email,
                lead.property_id.reference,
                lead.phase_number,
                lead.user_id.login,
                lead.received_at,
                tuple(self._codes(lead)),
            )
            for lead in self._leads()
        )
