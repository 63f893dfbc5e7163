"""One open lead for a contact, a property and a role; what is alike may be merged."""

from datetime import datetime

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import NOW, EstateCase


class MergeCase(EstateCase):
    """Two enquiries about one property by two contacts, who may turn out to be one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prop = cls._create_property(state="on_market")
        cls.lead = cls._create_seeker_lead(cls.prop)
        cls.twin = cls._create_seeker_lead(
            cls.prop, cls._create_contact("Sam S. Seeker")
        )

    def _merge(self, leads):
        """Merge through the wizard that CRM offers in its lists."""
        wizard = self.env["crm.merge.opportunity"].with_context(active_ids=leads.ids)
        action = wizard.create({"user_id": self.agent.id}).action_merge()
        return self.env["crm.lead"].browse(action["res_id"])


@tagged("post_install", "-at_install", "crm_real_estate")
class TestOnlyTwinsAreMerged(MergeCase):
    def _assert_refused(self, other):
        with self.assertRaisesRegex(UserError, "about the same property"):
            self._merge(self.lead + other)
        self.assertTrue(other.exists())

    def test_another_property_is_refused(self):
        self._assert_refused(self._create_seeker_lead(partner=self.twin.partner_id))

    def test_another_role_is_refused(self):
        self._assert_refused(self._create_owner_lead(self.prop))

    def test_a_lead_of_odoo_is_refused(self):
        own = {"name": "Own", "type": "opportunity", "property_id": self.prop.id}
        self._assert_refused(self.env["crm.lead"].create(own))

    def test_one_property_and_role_are_merged(self):
        merged = self._merge(self.lead + self.twin)
        self.assertEqual(len((self.lead + self.twin).exists()), 1)
        self.assertEqual(merged.stage_id, self._phase("sale", 2))

    def test_the_further_one_wins(self):
        self.twin.stage_id = self._phase("sale", 6)
        self.assertEqual(self._merge(self.lead + self.twin), self.twin)

    def test_a_cancelled_one_never_wins(self):
        self.twin.action_set_lost()
        merged = self._merge(self.lead + self.twin)
        self.assertEqual((merged, merged.won_status), (self.lead, "pending"))

    def test_the_clock_runs_from_the_first_enquiry(self):
        first = datetime(2026, 1, 2)
        self.lead.stage_id = self._phase("sale", 3)
        self.lead.received_at = NOW
        self.twin.received_at = first
        self.assertEqual(self._merge(self.lead + self.twin).received_at, first)

    def test_an_office_without_the_phase_gets_no_stage_of_odoo(self):
        self._phase("sale", 2).team_ids = self.office
        other = self._create_team("Office Brno")
        wizard = self.env["crm.merge.opportunity"].create(
            {"opportunity_ids": (self.lead + self.twin).ids, "team_id": other.id}
        )
        merged = self.env["crm.lead"].browse(wizard.action_merge()["res_id"])
        self.assertEqual(merged.stage_id.pipeline, "sale")

    def test_journal_calls_viewings_and_decisions_move_along(self):
        self.lead.stage_id = self._phase("sale", 6)
        self._log(self.twin, "note", summary="Prefers the third floor")
        viewing = self._create_viewing(self.twin)
        self.twin.user_id = False
        self.twin.with_user(self.manager)._dispatch("enquiry")
        self.twin.action_call_outcome("no_answer")
        rows = self.twin.interaction_ids
        calls, decisions = self.twin.call_ids, self.twin.decision_ids
        self.assertTrue(rows and calls and decisions)
        merged = self._merge(self.lead + self.twin)
        self.assertLessEqual(rows, merged.interaction_ids)
        self.assertEqual(viewing.lead_id, merged)
        self.assertEqual(calls.lead_id, merged)
        self.assertEqual(decisions.lead_id, merged)

    def test_contacts_that_are_merged_merge_their_open_leads(self):
        contacts = self.lead.partner_id + self.twin.partner_id
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": contacts.ids, "dst_partner_id": contacts[0].id}
        )
        wizard.action_merge()
        left = (self.lead + self.twin).exists()
        self.assertEqual((len(left), left.partner_id), (1, contacts[0]))


@tagged("post_install", "-at_install", "crm_real_estate")
class TestOnlyTwinsAreProposed(MergeCase):
    def test_duplicates_are_the_leads_of_the_contact_about_the_property(self):
        self.lead.action_set_lost()
        again = self._create_seeker_lead(self.prop, self.lead.partner_id)
        self._create_seeker_lead(partner=self.lead.partner_id)
        self.env["crm.lead"].create(
            {"name": "Own", "partner_id": self.lead.partner_id.id}
        )
        self.assertEqual(again.duplicate_lead_ids, self.lead + again)
        self.assertEqual(again.duplicate_lead_count, 1)

    def test_a_conversion_does_not_propose_estate_leads(self):
        mail = self.lead.partner_id.email
        raw = self.env["crm.lead"].create(
            {"name": "Raw", "type": "lead", "email_from": mail}
        )
        wizard = Form(
            self.env["crm.lead2opportunity.partner"].with_context(active_id=raw.id)
        ).save()
        self.assertEqual(wizard.duplicated_lead_ids, raw)


@tagged("post_install", "-at_install", "crm_real_estate")
class TestOneOpenLeadForAContactAPropertyAndARole(MergeCase):
    def _create_again(self):
        """Enter the same enquiry once more, as the agent does on the phone."""
        form = Form(
            self.env["crm.lead"]
            .with_user(self.agent)
            .with_context(default_lead_role="seeker"),
            view="crm_real_estate.crm_lead_view_form_estate",
        )
        form.name = "Again"
        form.partner_id = self.lead.partner_id
        form.property_id = self.prop
        return form.save()

    def test_a_second_one_is_refused_with_a_sentence(self):
        with self.assertRaisesRegex(ValidationError, "already has an open lead about"):
            self._create_again()

    def test_a_second_one_of_a_colleague_is_refused_too(self):
        self.lead.user_id = self.second_agent
        with self.assertRaisesRegex(ValidationError, "already has an open lead about"):
            self._create_again()

    def test_a_lead_is_not_given_the_contact_of_a_colleagues_one(self):
        self.lead.user_id = self.second_agent
        with self.assertRaisesRegex(ValidationError, "already has an open lead about"):
            self.twin.with_user(self.agent).partner_id = self.lead.partner_id

    def test_after_the_cancelled_one_a_new_one_begins(self):
        self.lead.action_set_lost()
        self.assertEqual(self._create_again().stage_id, self._phase("sale", 2))

    def test_after_the_won_one_a_new_one_begins(self):
        self.lead.action_set_won()
        self.assertEqual(self._create_again().stage_id, self._phase("sale", 2))

    def test_the_cancelled_one_is_not_restored_beside_the_new_one(self):
        self.lead.action_set_lost()
        self._create_again()
        with self.assertRaisesRegex(ValidationError, "already has an open lead about"):
            self.lead.action_restore()

    def test_the_owner_of_one_property_may_seek_another(self):
        owner = self.lead.partner_id
        self.prop.owner_ids = owner
        self.assertTrue(self._create_owner_lead(self.prop))

    def test_general_demands_may_be_several(self):
        vals = {"name": "Any flat", "lead_role": "seeker", "deal_type": "sale"}
        vals["partner_id"] = self.lead.partner_id.id
        self.assertEqual(len(self.env["crm.lead"].create([vals, dict(vals)])), 2)
