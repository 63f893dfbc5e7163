"""Rules of the distribution in their order, and what is kept of each decision."""

from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form

from .common import NOW, EstateCase
from .dispatch import DispatchCase


class OrderedRules(DispatchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rent_team = cls._create_team("Rentals")
        cls.renter = cls._create_user("renter", "group_operator", cls.rent_team)
        cls.rent_rule = cls._create_rule(
            "first_call",
            cls.rent_team,
            sequence=1,
            domain="[('deal_type', '=', 'rent')]",
        )

    def test_the_first_rule_that_matches_decides(self):
        lead = self._enter(deal_type="rent")
        self.assertEqual(lead.user_id, self.renter)
        self.assertEqual(lead.decision_ids.rule_id, self.rent_rule)

    def test_what_no_earlier_rule_matches_falls_to_the_next(self):
        lead = self._enter(deal_type="sale")
        self.assertEqual(lead.decision_ids.rule_id, self.rules["first_call"])

    def test_the_order_decides_between_rules_that_both_match(self):
        self.rent_rule.sequence = 99
        lead = self._enter(deal_type="rent")
        self.assertEqual(lead.decision_ids.rule_id, self.rules["first_call"])

    def test_one_batch_is_split_among_its_rules(self):
        properties = self.env["estate.property"]
        for deal in ("rent", "sale", "rent"):
            properties |= self._create_property(deal_type=deal)
        leads = properties._create_owner_leads()
        rented = leads.filtered(lambda lead: lead.deal_type == "rent")
        self.assertEqual(rented.user_id, self.renter)
        self.assertNotIn(self.renter, (leads - rented).user_id)

    def test_a_filter_may_look_at_the_property(self):
        self.rent_rule.domain = "[('property_id.price', '>=', 200000)]"
        cheap, dear = self._enter(price=199_999), self._enter(price=200_000)
        self.assertNotEqual(cheap.user_id, self.renter)
        self.assertEqual(dear.user_id, self.renter)

    def test_a_filter_that_cannot_be_read_is_refused(self):
        for domain in ("[('nonsense', '=', 1)]", "not a domain", "[(1"):
            with (
                self.subTest(domain),
                self.assertRaisesRegex(ValidationError, "filter"),
            ):
                self.rent_rule.domain = domain

    def test_the_rules_of_another_company_do_not_count(self):
        other = self.env["res.company"].create({"name": "Other agency"})
        team = self._create_team("Theirs", company_id=other.id)
        foreign = self._create_rule("first_call", team, company_id=other.id, sequence=0)
        self.assertNotEqual(self._enter().decision_ids.rule_id, foreign)

    def test_each_company_has_its_rules_in_one_batch(self):
        other = self.env["res.company"].create({"name": "Other agency"})
        team = self._create_team("Theirs", company_id=other.id)
        theirs = self._create_user(
            "theirs",
            "group_operator",
            team,
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self._create_rule("first_call", team, company_id=other.id)
        ours_and_theirs = self._create_property() | self._create_property(
            company_id=other.id, owner_ids=self._create_contact("Theirs")
        )
        ours_lead, theirs_lead = ours_and_theirs._create_owner_leads()
        self.assertEqual(theirs_lead.user_id, theirs)
        self.assertNotEqual(ours_lead.user_id, theirs)

    def test_the_deadline_of_a_rule_follows_its_step(self):
        with Form(self.env["estate.dispatch.rule"]) as form:
            form.name, form.team_id = "Agents", self.office
            form.step = "agent"
            self.assertEqual(form.deadline_minutes, 240)


class Decisions(DispatchCase):
    def test_a_decision_tells_rule_candidates_and_who_was_left_out(self):
        paused = self._add_operators(1)
        paused.crm_team_member_ids.assignment_optout = True
        lead = self._enter()
        decision = lead.decision_ids
        self.assertEqual(decision.rule_id, self.rules["first_call"])
        self.assertEqual(decision.user_id, lead.user_id)
        self.assertEqual(decision.decided_at, NOW)
        operators = self.operator | self.second_operator
        self.assertEqual(set(decision.reasons["considered"]), set(operators.ids))
        self.assertEqual(decision.reasons["left_out"], {str(paused.id): "paused"})

    def test_the_chosen_one_stands_first_among_the_candidates(self):
        lead = self._enter()
        self.assertEqual(lead.decision_ids.reasons["considered"][0], lead.user_id.id)

    def test_the_explanation_is_words_not_codes(self):
        self.operator.crm_team_member_ids.assignment_optout = True
        lead = self._enter()
        self.assertIn(f"{self.operator.name}: paused", lead.decision_ids.explanation)

    def test_a_decision_never_changes(self):
        decision = self._enter().decision_ids
        with self.assertRaisesRegex(UserError, "history"):
            decision.user_id = self.manager


class EnquiriesForAgents(DispatchCase):
    def _ask(self, prop):
        return self.env["crm.lead"].create(
            {
                "name": "Enquiry",
                "lead_role": "seeker",
                "property_id": prop.id,
                "partner_id": self._create_contact("Sam Seeker").id,
                "user_id": False,
                "received_at": NOW,
            }
        )

    def test_the_agent_of_the_property_gets_its_enquiries(self):
        prop = self._create_property(agent_id=self.second_agent.id)
        leads = self.env["crm.lead"].union(*(self._ask(prop) for _time in range(3)))
        self.assertEqual(leads.user_id, self.second_agent)
        self.assertEqual(leads[0].decision_ids.reasons["how"], "property_agent")

    def test_an_agent_who_is_away_is_left_out_and_that_is_said(self):
        prop = self._create_property(agent_id=self.second_agent.id)
        self.second_agent.out_of_office_from = NOW - timedelta(hours=1)
        lead = self._ask(prop)
        self.assertEqual(lead.user_id, self.agent)
        self.assertEqual(self._get_reason(lead, self.second_agent), "out_of_office")

    def test_a_property_without_agent_goes_by_the_rules(self):
        lead = self._ask(self._create_property())
        self.assertIn(lead.user_id, self.agent | self.second_agent)
        self.assertEqual(lead.decision_ids.rule_id, self.rules["enquiry"])

    def test_the_task_does_not_tell_the_seekers_agent_who_the_owner_is(self):
        lead = self._ask(self._create_property())
        note = lead.activity_ids.note
        self.assertIn("Sam Seeker", note)
        self.assertNotIn("Olga Owner", note)


class Memberships(EstateCase):
    def _join(self, user, team):
        return self.env["crm.team.member"].create(
            {"crm_team_id": team.id, "user_id": user.id}
        )

    def test_a_second_membership_that_would_end_the_first_is_refused(self):
        with self.assertRaisesRegex(UserError, "Multi Teams"):
            self._join(self.operator, self.office)
        self.assertTrue(self.operator.crm_team_member_ids.active)

    def test_with_multi_teams_both_memberships_live(self):
        self.env["ir.config_parameter"].set_param("sales_team.membership_multi", True)
        self._join(self.operator, self.office)
        teams = self.operator.crm_team_member_ids.crm_team_id
        self.assertEqual(teams, self.call_centre | self.office)

    def test_teams_that_are_no_offices_behave_as_before(self):
        first = self._create_team("Own 1", is_estate_office=False)
        second = self._create_team("Own 2", is_estate_office=False)
        user = self._create_user("seller", None, first)
        self._join(user, second)
        self.assertEqual(user.crm_team_member_ids.crm_team_id, second)


class ManyLeadsAtOnce(DispatchCase):
    def test_a_batch_costs_no_query_for_each_lead(self):
        few = self._count_queries(self._enter_undistributed(10))
        many = self._count_queries(self._enter_undistributed(60))
        self.assertLessEqual(many - few, 5)

    def _enter_undistributed(self, count):
        self.env.ref("crm_real_estate.automation_first_call").active = False
        return self._enter(count)

    def _count_queries(self, leads):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        leads._dispatch("first_call")
        self.env.flush_all()
        self.assertTrue(all(lead.user_id for lead in leads))
        return self.env.cr.sql_log_count - before
