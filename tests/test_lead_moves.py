"""Estate leads stand in the phases of their pipeline, and every move is explained."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..models import inner
from .common import EstateCase


class MovesCase(EstateCase):
    """One open sale enquiry in phase 2, and its moves as the journal tells them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_seeker_lead(expected_revenue=10_000)
        cls.rental = cls._create_property(
            state="on_market", deal_type="rent", price=20_000
        )

    def _moves(self, lead):
        """Return (from, to, cause, user) of each move in the journal, oldest first."""
        rows = lead.interaction_ids.filtered(lambda row: row.type_code == "phase_move")
        return [
            (row.phase_from, row.phase_to, row.cause, row.user_id)
            for row in rows.sorted("id")
        ]

    def _lose(self, lead, user=None, **values):
        """Press Lost and say why, as the agent."""
        wizard = self.env["crm.lead.lost"].with_user(user or self.agent)
        wizard.create({"lead_ids": lead.ids, **values}).action_lost_reason_apply()

    def _drag(self, lead, phase, user=None):
        """Drag the card of a lead into a column, as the kanban view does it."""
        mine = lead.with_user(user or self.agent).with_context(active_test=False)
        mine.web_save({"stage_id": phase.id}, {"stage_id": {}})


@tagged("post_install", "-at_install", "crm_real_estate")
class TestAnEstateLeadStandsInItsPipeline(MovesCase):
    def test_a_seeker_who_asks_starts_in_phase_2(self):
        self.assertEqual(self.lead.stage_id, self._phase("sale", 2))

    def test_an_owner_starts_in_phase_1_of_the_acquisition(self):
        lead = self._create_owner_lead()
        self.assertEqual(lead.stage_id, self._phase("acquisition", 1))

    def test_a_match_that_we_wrote_to_starts_in_phase_1(self):
        leads = inner.say(self.env["crm.lead"], matching=True)
        lead = leads.create(
            {
                "name": "Match",
                "lead_role": "seeker",
                "property_id": self.rental.id,
                "partner_id": self._create_contact().id,
            }
        )
        self.assertEqual(
            (lead.stage_id, lead.received_at), (self._phase("rent", 1), False)
        )

    def test_a_phase_of_another_pipeline_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "belongs to another pipeline"):
            self.lead.with_user(self.agent).stage_id = self._phase("rent", 3)

    def test_a_stage_of_odoo_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "belongs to another pipeline"):
            self.lead.stage_id = self.env.ref("crm.stage_lead2")

    def test_a_lead_of_odoo_is_refused_in_a_phase_of_ours(self):
        own = self.env["crm.lead"].create({"name": "Own", "type": "opportunity"})
        with self.assertRaisesRegex(ValidationError, "belongs to another pipeline"):
            own.stage_id = self._phase("sale", 2)

    def test_a_new_lead_in_a_phase_of_another_pipeline_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "belongs to another pipeline"):
            self._create_seeker_lead(stage_id=self._phase("rent", 3).id)

    def test_an_import_into_another_pipeline_is_refused(self):
        name = "crm_real_estate.crm_stage_%s_4"
        rows = [[str(self.lead.id), name % "rent"]]
        result = self.env["crm.lead"].load([".id", "stage_id/id"], rows)
        self.assertIn("belongs to another pipeline", result["messages"][0]["message"])
        self.assertEqual(self.lead.stage_id, self._phase("sale", 2))
        rows = [[str(self.lead.id), name % "sale"]]
        self.assertTrue(self.env["crm.lead"].load([".id", "stage_id/id"], rows)["ids"])

    def test_the_statusbar_offers_the_phases_of_the_pipeline_only(self):
        for form, lead, count in (
            ("crm_real_estate.crm_lead_view_form_estate", self.lead, 14),
            ("crm.crm_lead_view_form", self._create_rental_lead(), 13),
        ):
            view = Form(lead, view=self.env.ref(form))._view
            domain = (
                view["tree"].find(".//header/field[@name='stage_id']").get("domain")
            )
            names = {"pipeline": lead.pipeline, "team_id": lead.team_id.id}
            offered = self.env["crm.stage"].search(safe_eval(domain, names))
            self.assertEqual(set(offered.mapped("pipeline")), {lead.pipeline})
            self.assertEqual(len(offered), count)

    def _create_rental_lead(self, **values):
        return self._create_seeker_lead(self.rental, self._create_contact(), **values)

    def test_it_is_an_opportunity_also_where_crm_uses_leads(self):
        self.agent.group_ids = [Command.link(self.env.ref("crm.group_use_lead").id)]
        leads = self.env["crm.lead"].with_user(self.agent)
        form = Form(
            leads.with_context(default_lead_role="seeker"),
            view="crm_real_estate.crm_lead_view_form_estate",
        )
        form.name = "Caller"
        form.partner_id = self._create_contact()
        form.property_id = self.rental
        self.assertEqual(form.save().type, "opportunity")
        self.assertEqual(self._create_rental_lead(type="lead").type, "opportunity")

    def test_it_cannot_become_a_lead_of_crm_again(self):
        with self.assertRaisesRegex(ValidationError, "always an opportunity"):
            self.lead.type = "lead"

    def test_a_seeker_without_a_deal_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "has no deal"):
            self.env["crm.lead"].create({"name": "Anything", "lead_role": "seeker"})

    def test_a_deal_other_than_the_propertys_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "about another deal"):
            self.lead.deal_type = "rent"

    def test_it_belongs_to_the_company_of_its_property(self):
        lead = self._create_rental_lead(user_id=False, team_id=False)
        self.assertEqual(lead.company_id, self.rental.company_id)
        lead.user_id = self.agent
        lead.user_id = False
        self.assertEqual(lead.company_id, self.rental.company_id)

    def test_a_phase_with_leads_cannot_change_its_pipeline(self):
        with self.assertRaisesRegex(ValidationError, "Move its leads"):
            self._phase("sale", 2).write({"pipeline": "rent", "phase_number": 99})

    def test_two_phases_cannot_have_one_number(self):
        with self.assertRaisesRegex(ValidationError, "already used"):
            self._phase("sale", 3).phase_number = 4


@tagged("post_install", "-at_install", "crm_real_estate")
class TestACancelledEnquiryRemembersItsPhase(MovesCase):
    def setUp(self):
        super().setUp()
        self._drag(self.lead, self._phase("sale", 5))
        self.reason = self.env["crm.lost.reason"].create({"name": "Too small"})

    def _assert_cancelled_from_5(self):
        self.assertEqual(
            (self.lead.stage_id, self.lead.cancelled_from_id),
            (self._phase("sale", 14), self._phase("sale", 5)),
        )
        self.assertEqual(
            (self.lead.active, self.lead.probability, self.lead.won_status),
            (False, 0, "lost"),
        )

    def _assert_open_in_5(self):
        self.assertEqual(self.lead.stage_id, self._phase("sale", 5))
        self.assertFalse(self.lead.cancelled_from_id or self.lead.lost_reason_id)
        self.assertEqual(
            (self.lead.active, self.lead.probability, self.lead.won_status),
            (True, self._phase("sale", 5).win_percent, "pending"),
        )

    def test_odoos_lost_wizard_cancels_and_keeps_the_reason(self):
        self._lose(self.lead, lost_reason_id=self.reason.id)
        self._assert_cancelled_from_5()
        self.assertEqual(self.lead.lost_reason_id, self.reason)

    def test_dragging_into_the_last_column_cancels(self):
        self._drag(self.lead, self._phase("sale", 14))
        self._assert_cancelled_from_5()

    def test_losing_by_rpc_cancels(self):
        self.lead.with_user(self.agent).write({"active": False, "probability": 0})
        self._assert_cancelled_from_5()

    def test_archiving_alone_does_not_cancel(self):
        self.lead.action_archive()
        self.assertEqual(self.lead.stage_id, self._phase("sale", 5))

    def test_restore_goes_back_to_the_remembered_phase(self):
        self._lose(self.lead, lost_reason_id=self.reason.id)
        self.lead.with_user(self.agent).action_restore()
        self._assert_open_in_5()

    def test_dragging_out_goes_back_to_the_remembered_phase(self):
        self._lose(self.lead, lost_reason_id=self.reason.id)
        self._drag(self.lead, self._phase("sale", 3))
        self._assert_open_in_5()

    def test_unarchiving_goes_back_to_the_remembered_phase(self):
        self._lose(self.lead)
        self.lead.action_unarchive()
        self._assert_open_in_5()

    def test_a_won_enquiry_that_falls_through_goes_back_to_won(self):
        self.lead.with_user(self.agent).action_set_won()
        self._lose(self.lead)
        self.assertEqual(self.lead.won_status, "lost")
        self.lead.action_restore()
        self.assertEqual(
            (self.lead.stage_id, self.lead.won_status), (self._phase("sale", 13), "won")
        )

    def test_several_are_lost_each_from_its_own_phase(self):
        other = self._create_seeker_lead(self.rental, self._create_contact())
        self._lose(self.lead + other)
        self._assert_cancelled_from_5()
        self.assertEqual(
            (other.stage_id, other.cancelled_from_id),
            (self._phase("rent", 13), self._phase("rent", 2)),
        )

    def test_the_property_still_shows_it(self):
        self._lose(self.lead)
        self.assertIn(self.lead, self.lead.property_id.lead_ids)
        action = self.lead.property_id.action_open_board()
        board = self.env["crm.lead"].with_context(**action["context"])
        self.assertIn(self.lead, board.search(action["domain"]))


@tagged("post_install", "-at_install", "crm_real_estate")
class TestTheMachineMovesForwardOnly(MovesCase):
    def test_an_earlier_step_leaves_the_phase(self):
        self._drag(self.lead, self._phase("sale", 8))
        self._log(self.lead, "documentation_sent")
        self.assertEqual(self.lead.stage_id, self._phase("sale", 8))

    def test_a_cancelled_enquiry_stays_cancelled(self):
        self._lose(self.lead)
        self._log(self.lead, "reservation")
        self.assertEqual(self.lead.stage_id, self._phase("sale", 14))

    def test_a_cancelled_one_stays_cancelled_wherever_its_column_stands(self):
        self._phase("sale", 14).sequence = 900
        self._lose(self.lead)
        self._log(self.lead, "reservation")
        self.assertEqual(self.lead.stage_id, self._phase("sale", 14))

    def test_a_won_one_stays_won_also_with_an_open_phase_behind(self):
        behind = self._phase("sale", 12).copy({"phase_number": 15, "sequence": 1999})
        note = self.env["estate.interaction.type"]._get("note")
        note.stage_ids = behind
        self._drag(self.lead, self._phase("sale", 13))
        self._log(self.lead, "note")
        self.assertEqual(self.lead.won_status, "won")

    def test_a_won_one_is_not_cancelled_by_a_refusal(self):
        self._drag(self.lead, self._phase("sale", 13))
        self._log(self.lead, "refusal")
        self.assertEqual(self.lead.won_status, "won")

    def test_a_won_one_goes_on_to_a_later_won_phase_only(self):
        lead = self._create_seeker_lead(self.rental, self._create_contact())
        self._log(lead, "deed")
        self._log(lead, "application_checked")
        self.assertEqual(lead.stage_id, self._phase("rent", 11))
        self._log(lead, "handover")
        self._log(lead, "deed")
        self.assertEqual(lead.stage_id, self._phase("rent", 12))

    def test_a_person_moves_anywhere(self):
        for number in (13, 4, 1, 12):
            self._drag(self.lead, self._phase("sale", number))
            self.assertEqual(self.lead.phase_number, number)


@tagged("post_install", "-at_install", "crm_real_estate")
class TestALeadFollowsItsOfficeAndItsDeal(MovesCase):
    def _give_office_its_own_phases(self, *numbers):
        """The shipped sale phases become those of Prague, Brno gets its own."""
        brno = self._create_team("Office Brno")
        for number in range(1, 15):
            phase = self._phase("sale", number)
            phase.team_ids = self.office
            if not numbers or number in numbers:
                phase.copy({"name": f"Brno {number}", "team_ids": brno.ids})
        return brno

    def test_another_office_keeps_the_phase(self):
        self._drag(self.lead, self._phase("sale", 7))
        self.lead.team_id = self._create_team("Office Brno")
        self.assertEqual(self.lead.stage_id, self._phase("sale", 7))

    def test_another_office_with_own_phases_keeps_the_number(self):
        self._drag(self.lead, self._phase("sale", 7))
        self.lead.team_id = self._give_office_its_own_phases()
        self.assertEqual(self.lead.stage_id.name, "Brno 7")

    def test_an_office_without_that_number_takes_the_last_phase_before_it(self):
        self._drag(self.lead, self._phase("sale", 7))
        self.lead.team_id = self._give_office_its_own_phases(1, 2, 5, 9, 13, 14)
        self.assertEqual(self.lead.stage_id.name, "Brno 5")

    def test_a_cancelled_one_stays_cancelled_and_is_restored_in_the_new_office(self):
        self._drag(self.lead, self._phase("sale", 7))
        self._lose(self.lead)
        self.lead.team_id = self._give_office_its_own_phases()
        self.assertEqual(self.lead.stage_id.name, "Brno 14")
        self.lead.action_restore()
        self.assertEqual(self.lead.stage_id.name, "Brno 7")

    def test_a_property_of_the_other_deal_starts_anew(self):
        self._drag(self.lead, self._phase("sale", 7))
        self.lead.property_id = self.rental
        self.assertEqual(self.lead.stage_id, self._phase("rent", 2))
        self.assertEqual(self.lead.probability, self._phase("rent", 2).win_percent)

    def test_a_general_demand_of_the_other_deal_starts_anew(self):
        demand = self.env["crm.lead"].create(
            {"name": "Any flat", "lead_role": "seeker", "deal_type": "sale"}
        )
        self._drag(demand, self._phase("sale", 4), self.env.user)
        demand.deal_type = "rent"
        self.assertEqual(demand.stage_id, self._phase("rent", 2))

    def test_a_won_one_that_gets_another_deal_is_open_again(self):
        self._drag(self.lead, self._phase("sale", 13))
        self.lead.property_id = self.rental
        self.assertEqual(
            (self.lead.stage_id, self.lead.won_status, self.lead.date_closed),
            (self._phase("rent", 2), "pending", False),
        )

    def test_open_leads_of_a_property_follow_its_deal(self):
        prop, owner_lead = (
            self.lead.property_id,
            self._create_owner_lead(self.lead.property_id),
        )
        self._drag(self.lead, self._phase("sale", 7))
        prop.deal_type = "rent"
        self.assertEqual(self.lead.stage_id, self._phase("rent", 2))
        self.assertEqual(owner_lead.stage_id, self._phase("acquisition", 1))

    def test_a_cancelled_lead_stays_cancelled_in_the_other_deal(self):
        self._lose(self.lead)
        self.lead.property_id.deal_type = "rent"
        self.assertEqual(self.lead.stage_id, self._phase("rent", 13))
        self.assertTrue(self.lead.date_closed)
        self.lead.action_restore()
        self.assertEqual(self.lead.stage_id, self._phase("rent", 2))

    def test_a_won_lead_keeps_the_deal_it_won(self):
        self._drag(self.lead, self._phase("sale", 13))
        self.lead.property_id.deal_type = "rent"
        self.assertEqual(self.lead.stage_id, self._phase("sale", 13))


@tagged("post_install", "-at_install", "crm_real_estate")
class TestAPipelineWithoutCancellationSaysSo(MovesCase):
    def test_losing_is_refused_with_a_sentence(self):
        self._phase("sale", 14).unlink()
        with self.assertRaisesRegex(UserError, "has no cancelled phase"):
            self._lose(self.lead)
