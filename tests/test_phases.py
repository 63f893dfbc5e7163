"""The phases of a property's seekers: the board, the actions, the drag, the filter."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..models import inner
from .common import EstateCase

SALE_PHASES = [
    "Contacted via matching",
    "Enquiry received",
    "Answered",
    "Documentation sent",
    "First viewing",
    "Second viewing",
    "Negotiation",
    "Reservation",
    "Purchase confirmation",
    "Proof of financing",
    "Contract draft",
    "Land register / notary",
    "Signature",
    "Cancelled enquiry",
]
RENTAL_PHASES = [
    "Contacted via matching",
    "Enquiry received",
    "Answered",
    "Documentation sent",
    "First viewing",
    "Second viewing",
    "Application received",
    "Application checked",
    "Reservation",
    "Lease drafted",
    "Lease signed",
    "Keys handed over",
    "Cancelled enquiry",
]


class PhasesCase(EstateCase):
    """A property for sale and one to let, each with an enquiry of the same contact."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls._create_contact("Sam Seeker")
        cls.prop = cls._create_property(state="on_market", agent_id=cls.agent.id)
        cls.rental = cls._create_property(
            state="on_market", deal_type="rent", price=20_000, agent_id=cls.agent.id
        )
        cls.lead = cls._create_seeker_lead(cls.prop, cls.contact)
        cls.rental_lead = cls._create_seeker_lead(cls.rental, cls.contact)

    def _open_board(self, prop):
        """Press the property's button; return leads in the board's context, domain."""
        action = prop.with_user(self.agent).action_open_board()
        leads = self.env["crm.lead"].with_user(self.agent)
        return leads.with_context(**action["context"]), action["domain"]

    def _get_columns(self, prop):
        """Return (phase, its cards) as the kanban view asks for them."""
        leads, domain = self._open_board(prop)
        board = leads.with_context(read_group_expand=True).web_read_group(
            domain,
            ["stage_id"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification={"partner_id": {}},
        )
        return [
            (
                group["stage_id"][1],
                [card["partner_id"] for card in group.get("__records", [])],
            )
            for group in board["groups"]
        ]

    def _open_log(self, **defaults):
        """Open the window "Log an action" as the agent."""
        context = {f"default_{name}": value for name, value in defaults.items()}
        wizard = self.env["estate.interaction.log"].with_user(self.agent)
        return Form(wizard.with_context(**context))

    def _log_action(self, lead, code, **values):
        """Choose an action in the window that a lead's card opens, and save."""
        form = self._open_log(
            lead_id=lead.id,
            partner_id=lead.partner_id.id,
            property_id=lead.property_id.id,
        )
        form.type_id = self.env["estate.interaction.type"]._get(code)
        for name, value in values.items():
            form[name] = value
        form.save().action_log()

    def _hold_viewing(self, lead):
        """Plan a viewing and note with its button that it took place."""
        viewing = self._create_viewing(lead).with_user(self.agent)
        action = viewing.action_done()
        wizard = self.env[action["res_model"]].with_user(self.agent)
        form = Form(wizard.with_context(**action["context"]))
        form.feedback = "Liked the kitchen"
        form.save().action_apply()

    def _assert_phases(self, lead, pipeline, steps):
        """Take steps one after the other and look at the phase after each."""
        for step, number in steps:
            with self.subTest(step=step):
                if step == "viewing":
                    self._hold_viewing(lead)
                else:
                    self._log_action(lead, step)
                self.assertEqual(lead.stage_id, self._phase(pipeline, number))


@tagged("post_install", "-at_install", "crm_real_estate")
class TestTheBoardOfAProperty(PhasesCase):
    def test_its_seekers_stand_in_their_phases(self):
        """M99: the board shows who stands where; elsewhere a contact is elsewhere."""
        other = self._create_seeker_lead(self.prop, self._create_contact("Olaf"))
        self._log_action(self.lead, "reservation")
        self._log_action(self.rental_lead, "documentation_sent")
        sale = {phase: cards for phase, cards in self._get_columns(self.prop) if cards}
        self.assertEqual(
            sale,
            {
                "Enquiry received": [other.partner_id.id],
                "Reservation": [self.contact.id],
            },
        )
        rent = {
            phase: cards for phase, cards in self._get_columns(self.rental) if cards
        }
        self.assertEqual(rent, {"Documentation sent": [self.contact.id]})

    def test_a_sale_has_the_14_phases_in_their_order(self):
        """M100: the 14 phases of a sale are the columns of its board, in order."""
        self.assertEqual(
            [phase for phase, _cards in self._get_columns(self.prop)], SALE_PHASES
        )

    def test_a_rental_has_its_own_13_phases(self):
        """M101: a rental offers its own phases and none of a sale."""
        columns = [phase for phase, _cards in self._get_columns(self.rental)]
        self.assertEqual(columns, RENTAL_PHASES)
        form = self._open_log(lead_id=self.rental_lead.id)
        offered = self.env["crm.stage"].search(
            safe_eval(
                form._view["fields"]["stage_id"]["domain"],
                {"pipeline": form.pipeline, "team_id": self.office.id},
            )
        )
        self.assertEqual(offered.mapped("name"), RENTAL_PHASES)

    def test_a_new_caller_is_entered_on_the_board(self):
        """M102: an enquiry added by hand on the board stands in phase 2."""
        leads, _domain = self._open_board(self.prop)
        form = Form(leads, view="crm_real_estate.crm_lead_view_form_estate")
        form.name = "Caller"
        form.partner_id = self._create_contact("Cora Caller")
        lead = form.save()
        self.assertEqual(
            (lead.stage_id, lead.property_id), (self._phase("sale", 2), self.prop)
        )

    def test_a_property_without_a_deal_has_no_board(self):
        self.lead.unlink()
        self.prop.deal_type = False
        with self.assertRaisesRegex(UserError, "Choose its deal first"):
            self._open_board(self.prop)


@tagged("post_install", "-at_install", "crm_real_estate")
class TestActionsMoveThePhase(PhasesCase):
    def test_a_matching_mail_leaves_a_match_in_phase_1(self):
        """M102: who was written to because of a match stands in phase 1."""
        leads = inner.say(self.env["crm.lead"], matching=True)
        lead = leads.create(
            {
                "name": "Match",
                "lead_role": "seeker",
                "property_id": self.prop.id,
                "partner_id": self._create_contact().id,
            }
        )
        self.env["estate.interaction"]._write_journal(
            [{"type": "matching_mail", "lead_id": lead.id, "summary": "Match"}]
        )
        self.assertEqual(lead.stage_id, self._phase("sale", 1))

    def test_an_enquiry_of_somebody_contacted_reaches_phase_2(self):
        """M102: when a match answers with an enquiry, phase 2 is reached."""
        self.lead.stage_id = self._phase("sale", 1)
        self._log_action(self.lead, "enquiry")
        self.assertEqual(self.lead.stage_id, self._phase("sale", 2))

    def test_an_enquiry_by_hand_stands_in_phase_2_and_once_in_the_journal(self):
        """M102: an enquiry logged for a contact and a property begins in phase 2."""
        contact = self._create_contact("Cora Caller")
        form = self._open_log(property_id=self.prop.id)
        form.partner_id = contact
        form.type_id = self.env["estate.interaction.type"]._get("enquiry")
        form.save().action_log()
        lead = contact.estate_lead_ids
        self.assertEqual(lead.stage_id, self._phase("sale", 2))
        self.assertEqual(self._codes(lead), ["enquiry"])

    def test_an_enquiry_for_a_colleagues_property_goes_to_the_colleague(self):
        """M102: whoever answers the phone enters it, the property's agent gets it."""
        self.prop.agent_id = self.second_agent
        form = self._open_log(property_id=self.prop.id)
        form.partner_id = contact = self._create_contact("Cora Caller")
        form.type_id = self.env["estate.interaction.type"]._get("enquiry")
        form.save().action_log()
        self.assertEqual(contact.estate_lead_ids.user_id, self.second_agent)

    def test_the_steps_of_a_sale(self):
        """M102: documentation 4, viewing 5, next viewing 6, reservation 8, deed 13."""
        self._assert_phases(
            self.lead,
            "sale",
            [
                ("documentation_sent", 4),
                ("viewing", 5),
                ("viewing", 6),
                ("reservation", 8),
                ("purchase_confirmation", 9),
                ("financing_proof", 10),
                ("deed", 13),
            ],
        )

    def test_a_refusal_cancels_with_its_reason(self):
        """M102: a refusal leads to phase 14."""
        reason = self.env["crm.lost.reason"].create({"name": "Too loud"})
        self._log_action(self.lead, "refusal", lost_reason_id=reason)
        self.assertEqual(
            (self.lead.stage_id, self.lead.lost_reason_id),
            (self._phase("sale", 14), reason),
        )

    def test_the_steps_of_a_rental(self):
        """M101, M102: the steps of a rental are handled the same way."""
        self._assert_phases(
            self.rental_lead,
            "rent",
            [
                ("documentation_sent", 4),
                ("viewing", 5),
                ("viewing", 6),
                ("application", 7),
                ("application_checked", 8),
                ("reservation", 9),
                ("contract_draft", 10),
                ("deed", 11),
                ("handover", 12),
            ],
        )

    def test_a_tenant_who_refuses_stands_in_phase_13(self):
        """M101, M102: a refusal of a rental leads to its last phase."""
        self._log_action(self.rental_lead, "refusal")
        self.assertEqual(self.rental_lead.stage_id, self._phase("rent", 13))

    def test_without_the_shipped_rule_the_phase_stays(self):
        """M102: what moves the phases is a rule that can be switched off."""
        self.env.ref("crm_real_estate.automation_advance").active = False
        self._log_action(self.lead, "financing_proof")
        self.assertEqual(self.lead.stage_id, self._phase("sale", 2))

    def test_a_viewing_that_was_corrected_does_not_count(self):
        self._hold_viewing(self.lead)
        row = self.lead.interaction_ids.filtered(
            lambda r: r.type_code == "viewing_done"
        )
        row._correct("It was another client")
        self._hold_viewing(self.lead)
        self.assertEqual(self.lead.stage_id, self._phase("sale", 5))


@tagged("post_install", "-at_install", "crm_real_estate")
class TestTheFilterByPhase(PhasesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.others = cls.env["crm.lead"].concat(
            *(
                cls._create_seeker_lead(cls.prop, cls._create_contact())
                for _ in range(3)
            )
        )
        phase_5 = cls.env.ref("crm_real_estate.crm_stage_sale_5")
        (cls.others[0] + cls.lead).stage_id = phase_5

    def test_the_leads_of_one_phase(self):
        """M107: the number 5 typed into the search of the board finds phase 5 only."""
        leads, domain = self._open_board(self.prop)
        view = leads.get_view(
            self.env.ref("crm_real_estate.crm_lead_view_search_estate").id, "search"
        )
        self.assertIn('<field name="phase_number"', view["arch"])
        found = leads.search([*domain, ("phase_number", "=", 5)])
        self.assertEqual(found, self.lead + self.others[0])

    def test_the_contacts_of_one_phase(self):
        """M107: contacts are found by the phase of their open enquiries."""
        partners = self.env["res.partner"].with_user(self.agent)
        view = partners.get_view(
            self.env.ref("crm_real_estate.res_partner_view_search_estate").id, "search"
        )
        self.assertIn('<field name="phase_ids"', view["arch"])
        in_phase_5 = (self.lead + self.others[0]).partner_id
        domain = [("phase_ids", "in", self._phase("sale", 5).ids)]
        self.assertEqual(partners.search(domain), in_phase_5)
        self.others[0].action_set_lost()
        self.assertEqual(partners.search(domain), self.contact)
