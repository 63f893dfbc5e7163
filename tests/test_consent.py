"""What a contact allowed is seen at a glance; who is long silent can be erased."""

from ast import literal_eval
from datetime import timedelta

from odoo.fields import Datetime, Domain
from odoo.tests import Form, tagged

from .common import EstateCase


@tagged("post_install", "-at_install")
class TestConsent(EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls._create_contact("Sam Seeker")

    def _tell(self, state, channel, purpose):
        wizard = self.env["estate.consent.tell"].with_user(self.agent)
        form = Form(wizard.with_context(default_partner_id=self.contact.id))
        form.state = state
        form.purpose = purpose
        form.source = "On the phone"
        for name in ("email", "sms", "phone", "post"):
            setattr(form, f"by_{name}", name == channel)
        form.save().action_record()
        self.contact.invalidate_recordset()

    def test_each_purpose_and_channel_is_seen_with_its_proof(self):
        """M124: unknown, given, denied; who, when and how."""
        self._tell("given", "email", "advertising")
        self._tell("denied", "sms", "matching")
        page = self.contact.with_user(self.agent).consent_overview
        self.assertEqual(page.count("Given"), 1)
        self.assertEqual(page.count("Denied"), 1)
        self.assertIn("Unknown", page)
        self.assertIn("On the phone", page)
        self.assertIn(self.agent.name, page)

    def test_a_denied_channel_blocks_that_channel_only(self):
        """M124: no SMS about matches; mails about them go on, and other SMS do."""
        self._tell("denied", "sms", "matching")
        passes = self.contact._may_receive_automatic
        self.assertFalse(passes("sms", "matching"))
        self.assertTrue(passes("email", "matching"))
        self.assertTrue(passes("sms", "reminder"))

    def test_who_is_long_silent_is_listed_for_erasure(self):
        """M124: past retention; who has an open enquiry or heard of us is not.

        A director chooses them in the list and erases them at once.
        """
        busy, recent = (self._create_contact(name) for name in ("Busy", "Recent"))
        self._create_seeker_lead(partner=busy)
        self.env["estate.interaction"]._write_journal(
            [{"type": "note", "partner_id": recent.id}]
        )
        everybody = self.contact | busy | recent
        self.env.flush_all()
        # Raw SQL: nobody can write when a contact was created.
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = %s WHERE id IN %s",
            [Datetime.now() - timedelta(days=6 * 365), tuple(everybody.ids)],
        )
        self.env.invalidate_all()
        list_action = self.env.ref("crm_real_estate.res_partner_action_retention")
        domain = Domain(literal_eval(list_action.domain))
        listed = self.env["res.partner"].with_user(self.director).search(domain)
        found = listed & everybody
        self.assertEqual(found, self.contact)
        self.assertTrue(self.contact.is_past_retention)
        self.assertFalse(busy.retention_date)
        self.assertFalse(recent.is_past_retention)
        wizard = self.env["estate.erase.contact"].with_user(self.director)
        chosen = {"active_model": "res.partner", "active_ids": found.ids}
        with Form(wizard.with_context(**chosen)) as form:
            form.reason = "Kept for too long"
        form.record.action_erase()
        self.assertNotIn(self.contact, listed.search(domain))
        self.assertFalse(self.contact.active or self.contact.email)
