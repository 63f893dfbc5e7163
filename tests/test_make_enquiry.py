"""An agency's own leads become enquiries when it says so."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import EstateCase


class MakeEnquiryCase(EstateCase):
    """Leads in Odoo's pipeline that the agent found in CRM."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prop = cls._create_property(state="on_market")
        cls.contact = cls.env["res.partner"].create(
            {"name": "Cora Caller", "email": "cora@example.com"}
        )
        cls.own = cls._create_own_lead(partner_id=cls.contact.id)

    @classmethod
    def _create_own_lead(cls, **values):
        return cls.env["crm.lead"].create(
            {
                "name": "Call back about the flat",
                "type": "opportunity",
                "stage_id": cls.env.ref("crm.stage_lead3").id,
                "user_id": cls.agent.id,
                "team_id": cls.office.id,
                **values,
            }
        )

    def _make(self, leads, user=None, **values):
        """Press "Make it an enquiry" on the leads and fill in the window."""
        action = leads.with_user(user or self.agent).action_make_enquiry()
        wizard = self.env[action["res_model"]].with_user(user or self.agent)
        form = Form(wizard.with_context(**action["context"]))
        for name, value in values.items():
            form[name] = value
        return form.save().action_apply()


@tagged("post_install", "-at_install", "crm_real_estate")
class TestAnOwnLeadBecomesAnEnquiry(MakeEnquiryCase):
    def test_it_stands_in_phase_2_of_the_propertys_deal(self):
        self._make(self.own, property_id=self.prop)
        self.assertEqual(
            (self.own.lead_role, self.own.pipeline, self.own.stage_id),
            ("seeker", "sale", self._phase("sale", 2)),
        )
        self.assertEqual(self.own.probability, self._phase("sale", 2).win_percent)

    def test_it_is_received_now_and_told_in_the_journal(self):
        self._make(self.own, property_id=self.prop)
        self.assertTrue(self.own.received_at)
        self.assertEqual(self._codes(self.own), ["phase_move", "enquiry"])
        move = self.own.interaction_ids.filtered(
            lambda row: row.type_code == "phase_move"
        )
        self.assertEqual((move.phase_from, move.phase_to), (False, "sale/2"))
        self.assertEqual(move.summary, "From Proposition to Enquiry received")

    def test_chatter_and_activities_stay(self):
        message = self.own.message_post(body="Likes gardens")
        self.own.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.agent.id
        )
        self._make(self.own, property_id=self.prop)
        self.assertIn(message, self.own.message_ids)
        self.assertTrue(self.own.activity_ids)

    def test_a_lead_that_was_not_qualified_becomes_one_too(self):
        self.own.type = "lead"
        self._make(self.own, property_id=self.prop)
        self.assertEqual(
            (self.own.type, self.own.stage_id), ("opportunity", self._phase("sale", 2))
        )

    def test_without_a_property_the_deal_is_asked(self):
        self._make(self.own, deal_type="rent")
        self.assertEqual(self.own.stage_id, self._phase("rent", 2))

    def test_an_owner_who_offers_begins_the_acquisition(self):
        self._make(self.own, lead_role="owner")
        self.assertEqual(self.own.stage_id, self._phase("acquisition", 1))
        self.assertFalse(self.own.received_at)

    def test_several_at_once(self):
        other = self._create_own_lead(email_from="otto@example.com", user_id=False)
        action = self._make(self.own + other, property_id=self.prop)
        self.assertEqual((self.own + other).stage_id, self._phase("sale", 2))
        found = self.env["crm.lead"].search(action["domain"])
        self.assertEqual(found, self.own + other)

    def test_its_form_is_ours_from_now_on(self):
        action = self._make(self.own, property_id=self.prop)
        form = self.env.ref("crm_real_estate.crm_lead_view_form_estate")
        self.assertEqual(action["res_id"], self.own.id)
        self.assertEqual(self.own.get_formview_id(), form.id)

    def test_the_scoring_unlearns_nothing(self):
        self.env["ir.config_parameter"].set_param("crm.pls_start_date", "2020-01-01")
        frequencies = self.env["crm.lead.scoring.frequency"]
        before = frequencies.search_read([], ["variable", "value", "won_count"])
        self._make(self.own, property_id=self.prop)
        after = frequencies.search_read([], ["variable", "value", "won_count"])
        self.assertEqual(after, before)


@tagged("post_install", "-at_install", "crm_real_estate")
class TestItsContactBecomesOurs(MakeEnquiryCase):
    def test_a_contact_that_can_be_reached_is_a_standard_one(self):
        self._make(self.own, property_id=self.prop)
        self.assertEqual(self.contact.estate_kind, "standard")

    def test_a_contact_without_phone_and_mail_is_a_draft(self):
        self.contact.email = False
        self._make(self.own, property_id=self.prop)
        self.assertEqual(self.contact.estate_kind, "draft")

    def test_a_contact_that_has_a_kind_keeps_it(self):
        self.contact.estate_kind = "agency"
        self._make(self.own, property_id=self.prop)
        self.assertEqual(self.contact.estate_kind, "agency")

    def test_a_colleague_does_not_become_a_client(self):
        self.own.partner_id = self.second_agent.partner_id
        self._make(self.own, property_id=self.prop)
        self.assertFalse(self.second_agent.partner_id.estate_kind)

    def test_without_a_contact_the_known_one_is_linked(self):
        lead = self._create_own_lead(email_from="Cora <cora@example.com>")
        self._make(lead, property_id=self.prop)
        self.assertEqual(lead.partner_id, self.contact)

    def test_without_a_contact_a_new_one_is_made_once(self):
        leads = self._create_own_lead(
            email_from="otto@example.com", contact_name="Otto"
        )
        leads += self._create_own_lead(email_from="otto@example.com")
        self._make(leads, deal_type="sale")
        self.assertEqual((len(leads.partner_id), leads.partner_id.name), (1, "Otto"))
        self.assertEqual(leads.partner_id.estate_kind, "standard")


@tagged("post_install", "-at_install", "crm_real_estate")
class TestItsOfficeAndCompany(MakeEnquiryCase):
    def test_who_has_it_keeps_it(self):
        self._make(self.own, property_id=self.prop)
        self.assertEqual(
            (self.own.user_id, self.own.team_id), (self.agent, self.office)
        )

    def test_nobodys_goes_to_the_propertys_agent(self):
        self.prop.agent_id = self.second_agent
        self.own.user_id = False
        self._make(self.own, property_id=self.prop)
        self.assertEqual(self.own.user_id, self.second_agent)

    def test_a_team_that_is_no_office_hands_it_to_one(self):
        self.own.team_id = self.env["crm.team"].create({"name": "Sales"})
        self._make(self.own, property_id=self.prop)
        self.assertEqual(self.own.team_id, self.office)

    def test_it_takes_the_company_of_the_property(self):
        self.own.write({"user_id": False, "team_id": False, "partner_id": False})
        self.own.company_id = False
        self._make(self.own, property_id=self.prop)
        self.assertEqual(self.own.company_id, self.prop.company_id)

    def test_a_salesperson_of_another_company_is_refused(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids += company
        prop = self._create_property(company_id=company.id)
        self.env.user.company_id = company
        with self.assertRaisesRegex(UserError, "company"):
            self._make(self.own, self.env.user, property_id=prop)


@tagged("post_install", "-at_install", "crm_real_estate")
class TestWhatCannotBecomeAnEnquiry(MakeEnquiryCase):
    def test_an_estate_lead(self):
        ours = self._create_seeker_lead(self.prop)
        with self.assertRaisesRegex(UserError, "already is a real estate lead"):
            self._make(self.own + ours, property_id=self.prop)
        self.assertFalse(self.own.lead_role)

    def test_a_closed_one(self):
        for close in ("action_set_won", "action_set_lost"):
            lead = self._create_own_lead(partner_id=self.contact.id)
            getattr(lead, close)()
            with self.assertRaisesRegex(UserError, "is closed"):
                self._make(lead, property_id=self.prop)

    def test_a_second_open_one_of_the_contact(self):
        self._create_seeker_lead(self.prop, self.contact)
        with self.assertRaisesRegex(ValidationError, "already has an open lead"):
            self._make(self.own, property_id=self.prop)

    def test_one_whose_deal_nobody_said(self):
        wizard = self.env["estate.make.enquiry"].create({"lead_ids": self.own.ids})
        with self.assertRaisesRegex(UserError, "buying or renting"):
            wizard.action_apply()

    def test_none_at_all(self):
        with self.assertRaisesRegex(UserError, "Choose the leads first"):
            self.env["estate.make.enquiry"].create({}).action_apply()

    def test_for_a_salesperson_who_is_no_agent(self):
        seller = self._create_user("seller")
        seller.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        with self.assertRaises(AccessError):
            self._make(self.own, seller, property_id=self.prop)
