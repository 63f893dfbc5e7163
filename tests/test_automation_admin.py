"""Rules that an admin makes, and how rules run."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form

from .automation import AutomationCase
from .common import NOW


class RulesOfAnAdmin(AutomationCase):
    """Rules built in Odoo's own forms, without code."""

    def setUp(self):
        super().setUp()
        shipped = self.env["base.automation"].search(
            [("name", "=like", "Real estate:%")]
        )
        shipped.action_archive()
        self.admin = self.env.ref("base.user_admin")

    def _create_rule_in_form(self, model, trigger="on_create", domain="[]", **values):
        """Build a rule with one action of ours, as an admin; return it."""
        rules = self.env["base.automation"].with_user(self.admin)
        with Form(rules) as form:
            form.name = "Rule of an admin"
            form.model_id = self.env["ir.model"]._get(model)
            form.trigger = trigger
            form.filter_domain = domain
            with form.action_server_ids.new() as action:
                stages = values.pop("estate_stage_ids", ())
                for name, value in values.items():
                    action[name] = value
                for stage in stages:
                    action.estate_stage_ids.add(stage)
        return form.record

    def test_distribute(self):
        rule = self._create_rule_in_form(
            "crm.lead",
            domain="[('lead_role', '=', 'owner')]",
            state="estate_distribute",
            estate_step="first_call",
        )
        self.assertEqual(
            rule.action_server_ids.name, "Distribute: First call to an owner"
        )
        lead = self._create_owner_lead()
        self.assertEqual(len(lead.activity_ids), 1)

    def test_plan_the_next_call_of_a_lead(self):
        self._create_rule_in_form(
            "crm.lead",
            domain="[('lead_role', '=', 'owner')]",
            state="estate_plan_call",
            estate_delay_minutes=20,
        )
        lead = self._create_owner_lead()
        self.assertEqual(lead.next_call_at, NOW + timedelta(minutes=20))

    def test_plan_the_next_call_after_a_call(self):
        self._create_rule_in_form("estate.call", state="estate_plan_call")
        lead = self._create_owner_lead()
        lead.user_id = self.operator
        lead.with_user(self.operator).action_call_outcome("busy")
        self.assertEqual(lead.next_call_at, NOW + timedelta(minutes=15))
        self.assertEqual(len(lead.activity_ids), 1)

    def test_move_to_a_phase(self):
        stages = self._phase("sale", 7) | self._phase("rent", 7)
        rule = self._create_rule_in_form(
            "estate.viewing",
            domain="[('state', '=', 'planned')]",
            state="estate_move_phase",
            estate_stage_ids=stages,
        )
        self.assertIn("Negotiation", rule.action_server_ids.name)
        lead = self._create_viewing().lead_id
        self.assertEqual(lead.stage_id, self._phase("sale", 7))

    def test_advance_by_the_journal(self):
        self._create_rule_in_form("estate.interaction", state="estate_advance")
        lead = self._create_seeker_lead()
        self._log(lead, "documentation_sent")
        self.assertEqual(lead.stage_id, self._phase("sale", 4))

    def test_a_type_of_action_is_offered_only_where_it_can_start(self):
        actions = self.env["ir.actions.server"]
        offered = {
            model: set(
                actions.new(
                    {"model_id": self.env["ir.model"]._get_id(model)}
                ).allowed_states
            )
            for model in ("crm.lead", "res.partner")
        }
        self.assertIn("estate_distribute", offered["crm.lead"])
        self.assertNotIn("estate_distribute", offered["res.partner"])
        self.assertIn("code", offered["res.partner"])

    def test_an_action_that_cannot_run_is_refused_when_it_is_saved(self):
        cases = (
            (
                "res.partner",
                {"state": "estate_distribute", "estate_step": "agent"},
                "starts from",
            ),
            ("crm.lead", {"state": "estate_distribute"}, "choose the step"),
            ("crm.lead", {"state": "estate_move_phase"}, "choose the phase"),
            ("crm.lead", {"state": "estate_advance"}, "starts from"),
        )
        for model, values, message in cases:
            with (
                self.subTest(values["state"]),
                self.assertRaisesRegex(ValidationError, message),
            ):
                self.env["ir.actions.server"].create(
                    {
                        "name": "Odd",
                        "model_id": self.env["ir.model"]._get_id(model),
                        **values,
                    }
                )


class HowRulesRun(AutomationCase):
    def _create_automation(self, model, actions, trigger="on_create", domain="[]"):
        model_id = self.env["ir.model"]._get_id(model)
        return self.env["base.automation"].create(
            {
                "name": "Another rule",
                "model_id": model_id,
                "trigger": trigger,
                "filter_domain": domain,
                "action_server_ids": [
                    Command.create(
                        {
                            "name": f"Action {number}",
                            "model_id": model_id,
                            "usage": "base_automation",
                            "sequence": number,
                            **values,
                        }
                    )
                    for number, values in enumerate(actions, 1)
                ],
            }
        )

    def _create_leads(self, count):
        properties = self.env["estate.property"].union(
            *(self._create_property() for _number in range(count))
        )
        return properties._create_owner_leads()

    def test_a_rule_acts_once_for_a_whole_batch(self):
        """M141: a hundred leads at once are one distribution."""
        leads = type(self.env["crm.lead"])
        with patch.object(
            leads, "_dispatch", autospec=True, side_effect=leads._dispatch
        ) as dispatch:
            created = self._create_leads(100)
        self.assertEqual(dispatch.call_count, 1)
        self.assertEqual(len(created.decision_ids), 100)

    def test_several_rules_each_act_once_for_a_batch(self):
        self._create_automation(
            "crm.lead",
            [
                {
                    "state": "estate_move_phase",
                    "estate_stage_ids": self._phase("acquisition", 2).ids,
                }
            ],
            domain="[('lead_role', '=', 'owner')]",
        )
        leads = self._create_leads(5)
        self.assertEqual(leads.stage_id, self._phase("acquisition", 2))
        self.assertEqual(len(leads.decision_ids), 5)
        self.assertEqual(len(leads.activity_ids), 5)

    def test_an_action_finds_done_what_comes_before_it(self):
        self.env.ref("crm_real_estate.automation_first_call").action_archive()
        self._create_automation(
            "crm.lead",
            [
                {"state": "estate_distribute", "estate_step": "first_call"},
                {
                    "state": "code",
                    "code": "record['description'] = record.user_id.login",
                },
                {
                    "state": "estate_move_phase",
                    "estate_stage_ids": self._phase("acquisition", 2).ids,
                },
                {"state": "code", "code": "record['referred'] = record.stage_id.name"},
            ],
            domain="[('lead_role', '=', 'owner')]",
        )
        for lead in self._create_leads(3):
            self.assertIn(lead.user_id.login, lead.description)
            self.assertEqual(lead.referred, "Being called")

    def test_a_rule_that_its_own_action_sets_off_again_ends(self):
        lead = self._create_owner_lead()
        self._create_automation(
            "crm.lead",
            [{"state": "estate_distribute", "estate_step": "first_call"}],
            trigger="on_create_or_write",
            domain="[('lead_role', '=', 'owner')]",
        )
        lead.referred = "A neighbour"
        self.assertEqual(len(lead.decision_ids), 2)

    def test_a_rule_inside_a_rule_acts_at_once(self):
        self._create_automation(
            "crm.lead",
            [{"state": "object_write", "update_path": "referred", "value": "called"}],
            trigger="on_create_or_write",
            domain="[('stage_id.phase_number', '=', 2), ('lead_role', '=', 'owner')]",
        )
        self._create_automation(
            "crm.lead",
            [
                {
                    "state": "estate_move_phase",
                    "estate_stage_ids": self._phase("acquisition", 2).ids,
                }
            ],
            domain="[('lead_role', '=', 'owner')]",
        )
        leads = self._create_leads(3)
        self.assertEqual(leads.mapped("referred"), ["called"] * 3)

    def test_what_a_rule_does_is_automatic_what_set_it_off_is_not(self):
        lead = self._call("no_answer")
        flags = {row.type_code: row.is_automatic for row in lead.interaction_ids}
        self.assertEqual(flags, {"call_tried": False, "phase_move": True})

    def test_what_a_person_does_after_a_rule_is_by_hand(self):
        lead = self._call("no_answer")
        lead.with_user(self.manager).stage_id = self._phase("acquisition", 3)
        move = lead.interaction_ids.sorted("id")[-1]
        self.assertEqual((move.phase_to, move.is_automatic), ("acquisition/3", False))

    def test_an_error_names_the_rule(self):
        rule = self._create_automation(
            "crm.lead",
            [{"state": "estate_distribute", "estate_step": "first_call"}],
            domain="[('lead_role', '=', 'owner')]",
        )
        leads = type(self.env["crm.lead"])
        self.env.ref("crm_real_estate.automation_first_call").action_archive()
        with (
            patch.object(leads, "_dispatch", side_effect=ZeroDivisionError),
            self.assertRaises(ZeroDivisionError) as broken,
        ):
            self._create_owner_lead()
        self.assertEqual(broken.exception.context["base_automation"]["id"], rule.id)

    def test_leads_of_another_company_follow_their_own_rules(self):
        other = self.env["res.company"].create({"name": "Other agency"})
        prop = self._create_property(
            company_id=other.id, owner_ids=self._create_contact("Theirs")
        )
        lead = self._create_owner_lead(prop)
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.decision_ids.reasons["how"], "pool")

    def test_an_action_of_ours_runs_from_the_list_too(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Distribute again",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "estate_distribute",
                "estate_step": "first_call",
            }
        )
        leads = self._create_leads(2)
        context = {
            "active_model": "crm.lead",
            "active_ids": leads.ids,
            "active_id": leads[0].id,
        }
        action.with_user(self.manager).with_context(**context).run()
        self.assertEqual(len(leads.decision_ids), 4)
        self.assertEqual(len(leads.activity_ids), 2)
