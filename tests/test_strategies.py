"""How a rule chooses among who fits: by lot, by load, by weight, or by announcement."""

import math
import random
from collections import Counter
from unittest.mock import patch

from .dispatch import DispatchCase


class ByLot(DispatchCase):
    def test_a_thousand_listings_by_lot_are_about_a_quarter_each(self):
        """M36: over 1,000 objects and 4 agents each gets 200 to 300."""
        self.rules["first_call"].strategy = "random"
        self._add_operators(2)
        rules = type(self.env["estate.dispatch.rule"])
        with patch.object(rules, "_draw_seed", return_value=7):
            leads = self._enter(1000)
        shares = self._shares(leads)
        self.assertEqual(len(shares), 4)
        for count in shares.values():
            self.assertTrue(200 <= count <= 300, shares)

    def test_the_seed_stands_in_the_reasons(self):
        """M36: whoever doubts a draw can draw again."""
        self.rules["first_call"].strategy = "random"
        reasons = self._enter().decision_ids.reasons
        self.assertTrue(reasons["seed"])
        lots = [figure for figure, _last_at in reasons["figures"]]
        self.assertEqual(lots, sorted(lots))


class ByLoad(DispatchCase):
    def test_who_has_least_open_leads_gets_the_next(self):
        rule = self.rules["first_call"]
        rule.strategy = "least_loaded"
        self._enter(5).write({"user_id": self.operator.id})
        self.assertEqual(self._enter(5).user_id, self.second_operator)

    def test_what_was_closed_counts_no_more(self):
        self.rules["first_call"].strategy = "least_loaded"
        leads = self._enter(5)
        leads.write({"user_id": self.operator.id})
        leads.action_set_lost()
        self.assertIn(self.operator, self._enter(2).user_id)


class ByWeight(DispatchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.rules["first_call"]
        cls.rule.strategy = "weighted"
        cls.members = cls.operator | cls.second_operator

    def _enter_fees(self, fees):
        """Add one listing for each expected fee, all at once."""
        self.env.ref("crm_real_estate.automation_first_call").active = False
        leads = self._enter(len(fees))
        for lead, fee in zip(leads, fees, strict=True):
            lead.expected_revenue = fee
        self.env.ref("crm_real_estate.automation_first_call").active = True
        leads._dispatch("first_call")
        return leads

    def test_fees_of_a_thousand_leads_are_shared_within_two_points(self):
        """M131: fees log-uniform 1 to 20, ten members: parts of the total value."""
        self._add_operators(8)
        chance = random.Random(3)
        fees = [
            round(1000 * math.exp(chance.uniform(0, math.log(20))), 2)
            for _number in range(1000)
        ]
        for start in range(0, 1000, 250):
            self._enter_fees(fees[start : start + 250])
            self.env.invalidate_all()
        shares = self.env["estate.dispatch.share"].search(
            [("rule_id", "=", self.rule.id)]
        )
        self.assertAlmostEqual(sum(shares.mapped("lead_value")), sum(fees), places=0)
        for share in shares:
            self.assertAlmostEqual(share.value_percent, 10, delta=2)

    def test_who_has_twice_the_weight_gets_twice_the_fees(self):
        """M131: the weight on the form of a member."""
        self._set_criteria(self.operator, dispatch_weight=2)
        leads = self._enter_fees([500] * 30)
        self.assertEqual(
            self._shares(leads),
            Counter({self.operator.login: 20, self.second_operator.login: 10}),
        )

    def test_who_has_no_weight_gets_nothing(self):
        self._set_criteria(self.operator, dispatch_weight=0)
        leads = self._enter_fees([500] * 3)
        self.assertEqual(leads.user_id, self.second_operator)
        self.assertEqual(self._get_reason(leads[0], self.operator), "no_weight")

    def test_of_equals_who_waited_longest_is_next(self):
        """M131: after one lead each, the first comes first again."""
        users = [self._enter_fees([500]).user_id for _turn in range(4)]
        self.assertEqual(users[0], users[2])
        self.assertEqual(users[1], users[3])
        self.assertNotEqual(users[0], users[1])

    def test_every_member_of_the_team_sees_all_shares_of_its_rules(self):
        """M131: an operator reads them; an agent of another office does not."""
        self._enter_fees([500] * 4)
        shares = self.env["estate.dispatch.share"]
        mine = shares.with_user(self.operator).search([])
        self.assertEqual(mine.user_id, self.members)
        self.assertEqual(set(mine.mapped("value_percent")), {50})
        self.assertFalse(shares.with_user(self.agent).search([]))
        self.assertEqual(
            shares.with_user(self.manager).search([]).user_id, self.members
        )


class ByAnnouncement(DispatchCase):
    def test_an_announced_lead_waits_for_who_claims_it(self):
        self.rules["first_call"].strategy = "announce"
        lead = self._enter()
        self.assertFalse(lead.user_id)
        reasons = lead.decision_ids.reasons
        self.assertEqual(reasons["how"], "announce")
        operators = self.operator | self.second_operator
        self.assertEqual(set(reasons["considered"]), set(operators.ids))

    def test_an_announcement_takes_nobodys_turn(self):
        self.rules["first_call"].strategy = "announce"
        self._enter(3)
        self.assertFalse(
            self.env["estate.dispatch.share"].search_count([("turns", ">", 0)])
        )


class WhoJustHadIt(DispatchCase):
    def test_who_just_had_a_lead_does_not_get_it_again(self):
        lead = self._enter()
        first = lead.user_id
        decision = lead._dispatch("first_call", exclude={lead.id: {first.id}})
        self.assertNotEqual(lead.user_id, first)
        self.assertEqual(decision.reasons["left_out"].get(str(first.id)), "just_had_it")

    def test_when_nobody_else_is_there_it_waits_in_the_pool(self):
        lead = self._enter()
        had_it = set((self.operator | self.second_operator).ids)
        lead._dispatch("first_call", exclude={lead.id: had_it})
        self.assertFalse(lead.user_id)


class SeveralRulesAtOnce(DispatchCase):
    def test_a_limit_holds_over_all_rules_of_a_batch(self):
        self._create_rule(
            "first_call",
            self.call_centre,
            sequence=1,
            domain="[('deal_type', '=', 'rent')]",
        )
        for user in self.operator | self.second_operator:
            self._set_criteria(user, open_lead_max=2)
        properties = self._create_properties(3, deal_type="rent")
        properties |= self._create_properties(3, deal_type="sale")
        leads = properties._create_owner_leads()
        self.assertEqual(sorted(self._shares(leads).values()), [2, 2, 2])
        self.assertEqual(leads.filtered(lambda lead: not lead.user_id), leads[-2:])
