"""What a move of an estate lead means: its chance, and its line in the journal."""

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .test_lead_moves import MovesCase


@tagged("post_install", "-at_install", "crm_real_estate")
class TestTheChanceIsThatOfThePhase(MovesCase):
    def test_it_follows_every_move(self):
        for number in (2, 5, 8):
            self._drag(self.lead, self._phase("sale", number))
            percent = self._phase("sale", number).win_percent
            self.assertEqual(self.lead.probability, percent)
            self.assertEqual(self.lead.prorated_revenue, 100 * percent)

    def test_it_survives_odoos_scoring(self):
        self.env["ir.config_parameter"].set_param("crm.pls_start_date", "2020-01-01")
        with self.enter_registry_test_mode():
            self.env.ref("crm.website_crm_score_cron").method_direct_trigger()
        self.lead.invalidate_recordset()
        self.assertEqual(self.lead.probability, self._phase("sale", 2).win_percent)

    def test_what_a_person_estimates_stays(self):
        self.lead.with_user(self.agent).probability = 42
        self._drag(self.lead, self._phase("sale", 5))
        self.assertEqual(self.lead.probability, 42)
        self.assertEqual(
            self.lead.automated_probability, self._phase("sale", 5).win_percent
        )

    def test_open_leads_follow_a_changed_chance(self):
        self._phase("sale", 2).win_percent = 6.5
        self.assertEqual(self.lead.probability, 6.5)

    def test_a_phase_that_is_open_cannot_be_without_chance(self):
        with self.assertRaisesRegex(ValidationError, "above 0 and below 100"):
            self._phase("sale", 2).win_percent = 100


@tagged("post_install", "-at_install", "crm_real_estate")
class TestEveryMoveStandsOnceInTheJournal(MovesCase):
    def test_by_hand(self):
        self._drag(self.lead, self._phase("sale", 7))
        self.assertEqual(
            self._moves(self.lead), [("sale/2", "sale/7", "person", self.agent)]
        )

    def test_lost_and_restored(self):
        self._lose(self.lead)
        self.lead.with_user(self.agent).action_restore()
        self.assertEqual(
            self._moves(self.lead),
            [
                ("sale/2", "sale/14", "person", self.agent),
                ("sale/14", "sale/2", "restore", self.agent),
            ],
        )

    def test_by_an_entry_of_the_journal(self):
        self._log(self.lead, "documentation_sent")
        self.assertEqual(
            self._moves(self.lead), [("sale/2", "sale/4", "journal", self.agent)]
        )
        rows = self.lead.interaction_ids
        move = rows.filtered(lambda row: row.type_code == "phase_move")
        self.assertEqual(move.caused_by_id.type_code, "documentation_sent")
        self.assertTrue(move.is_automatic)

    def _create_negotiation_rule(self, filter_domain):
        """An administrator lets the leads of a filter be negotiated."""
        action = {
            "name": "Negotiate",
            "model_id": self.env["ir.model"]._get_id("crm.lead"),
            "state": "object_write",
            "update_path": "stage_id",
            "resource_ref": f"crm.stage,{self._phase('sale', 7).id}",
            "usage": "base_automation",
        }
        self.env["base.automation"].create(
            {
                "name": "Negotiated at once",
                "model_id": action["model_id"],
                "trigger": "on_create_or_write",
                "filter_domain": filter_domain,
                "action_server_ids": [Command.create(action)],
            }
        )

    def test_by_a_rule_of_an_administrator(self):
        self._create_negotiation_rule("[('priority', '=', '3')]")
        self.lead.with_user(self.agent).priority = "3"
        self.assertEqual(
            self._moves(self.lead), [("sale/2", "sale/7", "rule", self.agent)]
        )

    def test_by_a_rule_that_another_move_set_off(self):
        self._create_negotiation_rule("[('phase_number', '=', 4)]")
        self._log(self.lead, "documentation_sent")
        self.assertEqual(
            [move[:3] for move in self._moves(self.lead)],
            [("sale/2", "sale/4", "journal"), ("sale/4", "sale/7", "rule")],
        )

    def test_by_a_change_of_deal(self):
        self.lead.with_user(self.agent).property_id = self.rental
        self.assertEqual(
            self._moves(self.lead), [("sale/2", "rent/2", "deal", self.agent)]
        )

    def test_by_a_change_of_office(self):
        brno = self._create_team("Office Brno")
        self._phase("sale", 2).team_ids = self.office
        self._phase("sale", 2).copy({"team_ids": brno.ids})
        self.lead.with_user(self.manager).team_id = brno
        self.assertEqual(
            self._moves(self.lead), [("sale/2", "sale/2", "office", self.manager)]
        )

    def test_of_many_at_once(self):
        others = self.env["crm.lead"].concat(
            *(
                self._create_seeker_lead(self.lead.property_id, self._create_contact())
                for _ in "12"
            )
        )
        self._drag(others[0], self._phase("sale", 6))
        (self.lead + others).write({"stage_id": self._phase("sale", 9).id})
        self.assertEqual(
            [self._moves(lead)[-1][:2] for lead in self.lead + others],
            [("sale/2", "sale/9"), ("sale/6", "sale/9"), ("sale/2", "sale/9")],
        )

    def test_none_where_the_phase_stays(self):
        self._drag(self.lead, self._phase("sale", 2))
        self.lead.write({"name": "Renamed", "user_id": self.second_agent.id})
        self.assertFalse(self._moves(self.lead))
