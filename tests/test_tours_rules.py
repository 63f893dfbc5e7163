"""An admin builds rules from our types of action in the browser, without code."""

from datetime import timedelta

from odoo.tests import HttpCase, freeze_time, tagged

from .common import NOW, EstateCase


@tagged("tours")
class TestRuleTours(EstateCase, HttpCase):
    browser_size = "1400x900"

    def setUp(self):
        super().setUp()
        self.env["base.automation"].search(
            [("name", "=like", "Real estate:%")]
        ).action_archive()

    def _build(self, tour):
        """Build a rule as admin; return it."""
        self.start_tour("/odoo/automations/new", tour, login="admin")
        self.env.invalidate_all()
        return self.env["base.automation"].search([("name", "=", "Rule of an admin")])

    def test_distribute_leads(self):
        """M142: the rule is saved and fires."""
        rule = self._build("estate_rule_distribute")
        self.assertEqual(rule.action_server_ids.estate_step, "first_call")
        lead = self._create_owner_lead()
        self.assertIn(lead.user_id, self.operator | self.second_operator)
        self.assertEqual(len(lead.activity_ids), 1)
        rule.action_archive()
        self.assertFalse(self._create_owner_lead().user_id)

    def test_plan_the_next_call(self):
        """M142: the rule is saved and fires."""
        rule = self._build("estate_rule_plan_call")
        self.assertEqual(rule.action_server_ids.state, "estate_plan_call")
        with freeze_time(NOW):
            lead = self._create_owner_lead()
            lead.user_id = self.operator
            lead.with_user(self.operator).action_call_outcome("busy")
            self.assertEqual(lead.next_call_at, NOW + timedelta(minutes=15))

    def test_alert(self):
        """M142: the rule is saved and fires."""
        rule = self._build("estate_rule_alert")
        self.assertEqual(rule.action_server_ids.state, "estate_alert")
        lead = self._create_seeker_lead(user_id=False)
        owner_lead = self._create_owner_lead()
        for told in (lead, owner_lead):
            self.assertFalse(told.alert_ids)
        other = self._create_property()
        self.env["crm.lead"].create(
            {
                "name": "An owner",
                "lead_role": "owner",
                "property_id": other.id,
                "partner_id": other.owner_ids.id,
                "user_id": self.agent.id,
            }
        )
        self.env.cr.precommit.run()
        alert = self.env["estate.alert"].search([("user_id", "=", self.agent.id)])
        self.assertEqual(alert.lead_id.name, "An owner")

    def test_move_to_a_phase(self):
        """M142: the rule is saved and fires."""
        rule = self._build("estate_rule_move_phase")
        self.assertEqual(rule.action_server_ids.state, "estate_move_phase")
        lead = self._create_seeker_lead()
        self.assertEqual(lead.stage_id, self._phase("sale", 7))
        move = lead.interaction_ids.filtered("phase_to")
        self.assertEqual((move.cause, move.is_automatic), ("rule", True))
        rule.action_archive()
        self.assertEqual(self._create_seeker_lead().phase_number, 2)

    def test_answer_an_enquiry(self):
        """M142: the rule is saved and fires."""
        rule = self._build("estate_rule_answer")
        self.assertEqual(rule.action_server_ids.state, "estate_answer")
        self.env["estate.responder"].create({"name": "Everybody"})
        answers = self.env["estate.responder.answer"]
        lead = self._create_seeker_lead()
        answer = answers.search([("lead_id", "=", lead.id)])
        self.assertEqual(answer.state, "waiting")
        self.assertEqual(answer.message_id.notified_partner_ids, lead.partner_id)
        rule.action_archive()
        lead = self._create_seeker_lead()
        self.assertFalse(answers.search([("lead_id", "=", lead.id)]))

    def test_send_an_activity_report(self):
        """M142: the rule is saved and fires: the owner's next report is due at once."""
        rule = self._build("estate_rule_send_report")
        self.assertEqual(rule.action_server_ids.state, "estate_send_report")
        with freeze_time(NOW):
            prop = self._create_property(state="on_market")
            plan = prop.owner_ids.report_plan_ids
            self.assertEqual(plan.next_date, NOW.date() + timedelta(days=1))
            rule.action_archive()
            prop = self._create_property(
                state="on_market", owner_ids=self._create_contact("Otto Owner")
            )
            self.assertFalse(prop.owner_ids.report_plan_ids)

    def test_announce_free_leads(self):
        """M142: the rule is saved and fires."""
        rule = self._build("estate_rule_announce")
        self.assertEqual(rule.action_server_ids.state, "estate_announce")
        office = {"team_id": self.call_centre.id}
        lead = self._create_owner_lead(self._create_property(**office))
        channel = self.call_centre.announcement_channel_id
        self.assertEqual(lead.announcement_id.res_id, channel.id)
        self.assertIn(f"/real_estate/claim/{lead.id}", lead.announcement_id.body)
        rule.action_archive()
        lead = self._create_owner_lead(self._create_property(**office))
        self.assertFalse(lead.announcement_id)

    def test_take_back_leads(self):
        """M142: the rule is saved and fires."""
        rule = self._build("estate_rule_take_back")
        self.assertEqual(rule.action_server_ids.state, "estate_take_back")
        lead = self._create_owner_lead()
        lead._dispatch("first_call")
        first = lead.user_id
        lead.with_user(first).action_call_outcome("busy")
        second = (self.operator | self.second_operator) - first
        self.assertEqual(lead.user_id, second)
        rule.action_archive()
        lead.with_user(second).action_call_outcome("busy")
        self.assertEqual(lead.user_id, second)
