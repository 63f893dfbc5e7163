"""Why this person, who would get it, and what a changed rule would have done."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time

from .common import NOW
from .dispatch import DispatchCase


class Why(DispatchCase):
    def _open_why(self, lead, user=None):
        """Press "Why this person?" on the form of a lead; return what it shows."""
        user = user or self.manager
        form = (
            self.env["crm.lead"]
            .with_user(user)
            .get_view(
                self.env.ref("crm_real_estate.crm_lead_view_form_estate").id, "form"
            )
        )
        action = self.env.ref("crm_real_estate.estate_dispatch_decision_action_of_lead")
        self.assertIn(f'name="{action.id}"', form["arch"])
        rows = self.env[action.res_model].with_user(user)
        return rows.search([("lead_id", "=", lead.id)])

    def test_why_names_the_rule_the_candidates_and_who_was_left_out(self):
        """M120: with the figures that decided, to whom it may concern."""
        third = self._add_operators(1)
        self.operator.crm_team_member_ids.assignment_optout = True
        self._enter(1)
        lead = self._enter()
        row = self._open_why(lead, lead.user_id)
        self.assertEqual(row.rule_id, self.rules["first_call"])
        told = row.explanation.split("\n")
        self.assertIn("who got least", told[0])
        self.assertIn(lead.user_id.name, told[1])
        self.assertIn("0 turns", told[1])
        self.assertIn("1 turns", told[1])
        self.assertIn(f"{self.operator.name}: paused", told[2:])
        self.assertEqual(len(row.reasons["considered"]), 2)
        self.assertIn(third.id, row.reasons["considered"])

    def test_why_is_told_in_the_language_of_the_reader(self):
        """M120: codes are stored, words are not."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.operator.crm_team_member_ids.assignment_optout = True
        row = self._open_why(self._enter())
        self.assertIn("paused", row.explanation)
        self.assertNotIn("paused", row.with_context(lang="fr_FR").explanation)

    def test_why_tells_how_many_leads_are_open(self):
        """M120: a figure where it is what decided."""
        self.second_operator.crm_team_member_ids.assignment_optout = True
        self._set_criteria(self.operator, open_lead_max=1)
        self._enter()
        row = self._open_why(self._enter())
        self.assertIn(
            f"{self.operator.name}: has enough open leads (1)", row.explanation
        )


class Try(DispatchCase):
    def _get_memory(self):
        self.env.flush_all()
        return (
            self.env["estate.dispatch.share"]
            .search([])
            .read(["user_id", "turns", "credit", "lead_count", "last_at"])
        )

    def _try(self, **values):
        """Fill in the wizard as a manager; return what it tells."""
        wizard = self.env["estate.dispatch.try"].with_user(self.manager)
        with Form(wizard) as form:
            for name, value in values.items():
                if name == "lead_ids":
                    for lead in value:
                        form.lead_ids.add(lead)
                else:
                    form[name] = value
            return form.result

    def test_a_lead_is_tried_and_nothing_is_saved(self):
        """M120: who would get it, and then he does."""
        self._enter(3)
        self.env.ref("crm_real_estate.automation_first_call").active = False
        lead = self._enter()
        before = self._get_memory()
        told = self._try(lead_ids=lead, step="first_call")
        self.assertFalse(lead.user_id)
        self.assertFalse(lead.decision_ids)
        self.assertFalse(lead.activity_ids)
        self.assertEqual(self._get_memory(), before)
        lead._dispatch("first_call")
        self.assertIn(f"<strong>{lead.user_id.name}</strong>", told)
        self.assertIn(self.rules["first_call"].name, told)

    def test_trying_twice_says_the_same(self):
        """M120: a turn that is tried is not taken."""
        lead = self._enter()
        self.assertEqual(self._try(lead_ids=lead), self._try(lead_ids=lead))

    def test_a_property_is_tried_as_if_it_just_came_in(self):
        """M120: without any lead."""
        self._set_criteria(self.operator, deal_type="rent")
        prop = self._create_property(deal_type="sale")
        before = self.env["crm.lead"].search_count([])
        told = self._try(property_id=prop)
        self.assertIn(f"<strong>{self.second_operator.name}</strong>", told)
        self.assertIn(f"{self.operator.name}: takes other deals", told)
        self.assertEqual(self.env["crm.lead"].search_count([]), before)

    def test_when_nobody_fits_it_says_so(self):
        self.call_centre.crm_team_member_ids.assignment_optout = True
        told = self._try(property_id=self._create_property())
        self.assertIn("it would wait in the pool", told)

    def test_agents_do_not_try(self):
        with self.assertRaises(AccessError):
            self.env["estate.dispatch.try"].with_user(self.agent).create({})


class Replay(DispatchCase):
    """Twenty listings of the last days, and what other rules would have done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        leads = cls.env["crm.lead"]
        for day in range(10, 0, -1):
            with freeze_time(NOW - timedelta(days=day)):
                leads |= cls._enter(1, deal_type="rent")
                leads |= cls._enter(1, deal_type="sale")
                cls.env.flush_all()
        for lead in leads:
            lead.expected_revenue = 1000 if lead.deal_type == "rent" else 5000
        cls.leads = leads
        cls.rule = cls.rules["first_call"]

    def _replay(self, **changes):
        wizard = self.env["estate.dispatch.replay"].with_user(self.manager)
        with Form(wizard.with_context(default_rule_id=self.rule.id)) as form:
            for name, value in changes.items():
                form[name] = value
        replay = form.record
        replay.action_replay()
        return replay

    def _count(self, replay):
        """Return (side, person) -> (count, value), as the pivot shows it."""
        action = replay.action_open_lines()
        groups = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            ._read_group(action["domain"], ["side", "person"], ["__count", "value:sum"])
        )
        return {(side, person): (count, value) for side, person, count, value in groups}

    def _take_picture(self):
        """Return all that a replay must not touch."""
        self.env.flush_all()
        rows = []
        for table in (
            "crm_lead",
            "estate_dispatch_decision",
            "estate_dispatch_share",
            "estate_dispatch_rule",
            "mail_activity",
        ):
            # Raw SQL: every column, also those that no form shows.
            self.env.cr.execute(f"SELECT t::text FROM {table} t ORDER BY id")
            rows.append(self.env.cr.fetchall())
        return rows

    def test_the_same_rule_gives_the_same(self):
        """M130: old equals new when nothing is changed."""
        replay = self._replay()
        self.assertFalse(replay.line_ids.filtered("is_changed"))
        counts = self._count(replay)
        for user in self.operator | self.second_operator:
            self.assertEqual(counts["old", user.name], counts["new", user.name])

    def test_a_changed_filter_shows_old_against_new_by_count_and_value(self):
        """M130: the rule only for sales: rentals would have waited in the pool."""
        counts = self._count(self._replay(domain="[('deal_type', '=', 'sale')]"))
        self.assertEqual(counts["new", "Pool"], (10, 10_000))
        new = [counts["new", u.name] for u in self.operator | self.second_operator]
        self.assertEqual(sorted(new), [(5, 25_000), (5, 25_000)])
        old = [counts["old", u.name][0] for u in self.operator | self.second_operator]
        self.assertEqual(old, [10, 10])

    def test_another_strategy_is_replayed(self):
        """M130: by weight, the fees are split instead of the leads."""
        for lead in self.leads[::2]:
            lead.expected_revenue = 20_000
        counts = self._count(self._replay(strategy="weighted"))
        values = [
            counts["new", u.name][1] for u in self.operator | self.second_operator
        ]
        self.assertLessEqual(abs(values[0] - values[1]), 20_000)

    def test_another_team_is_replayed(self):
        """M130: with the people of that team."""
        other = self._create_team("Other calls")
        third = self._create_user("third", "group_operator", other)
        counts = self._count(self._replay(team_id=other))
        self.assertEqual(counts["new", third.name][0], 20)

    def test_an_archived_rule_is_replayed_as_if_it_were_on(self):
        """M130: before it is switched on."""
        other = self._create_team("Other calls")
        third = self._create_user("third", "group_operator", other)
        self.rule = self._create_rule(
            "first_call",
            other,
            sequence=0,
            active=False,
            domain="[('deal_type', '=', 'rent')]",
        )
        counts = self._count(self._replay())
        self.assertEqual(counts["new", third.name][0], 10)
        self.assertFalse(self.rule.active)

    def test_who_was_absent_then_is_absent_again(self):
        """M130: and who is absent now was not."""
        self.leads.action_set_lost()
        with freeze_time(NOW - timedelta(hours=2)):
            self.operator.crm_team_member_ids.assignment_optout = True
            self._enter(4)
        self.operator.crm_team_member_ids.assignment_optout = False
        self.second_operator.crm_team_member_ids.assignment_optout = True
        replay = self._replay(days=1)
        counts = self._count(replay)
        self.assertEqual(counts["new", self.second_operator.name][0], 4 + 1)

    def test_a_limit_begins_with_nothing_open(self):
        """M130: capacity starts equal, so two times six of twenty find somebody."""
        for user in self.operator | self.second_operator:
            self._set_criteria(user, open_lead_max=6)
        counts = self._count(self._replay())
        self.assertEqual(counts["new", "Pool"][0], 8)

    def test_what_was_closed_then_makes_room(self):
        """M130: ten leads were closed before the other ten came."""
        with freeze_time(NOW - timedelta(days=5, hours=12)):
            self.leads[:10].action_set_lost()
        for user in self.operator | self.second_operator:
            self._set_criteria(user, open_lead_max=6)
        self.assertNotIn(("new", "Pool"), self._count(self._replay()))

    def test_what_cannot_be_replayed_is_counted_with_the_reason(self):
        """M130: a lead that is gone, and one that was not given by a rule."""
        self.leads[0].unlink()
        self.env["estate.dispatch.decision"].create(
            {
                "lead_id": self.leads[1].id,
                "step": "first_call",
                "user_id": self.operator.id,
                "decided_at": NOW,
                "reasons": {"how": "claim"},
            }
        )
        replay = self._replay()
        self.assertEqual(replay.problems, {"lead_gone": 1, "not_by_rules": 1})
        self.assertIn("the lead is deleted or merged", replay.result)
        self.assertEqual(len(replay.line_ids), 2 * 19)

    def test_nothing_is_written(self):
        """M130: leads, decisions, shares, rules and tasks are as before."""
        before = self._take_picture()
        self._replay(strategy="random", domain="[('deal_type', '=', 'sale')]")
        self.assertEqual(self._take_picture(), before)

    def test_older_decisions_are_left_out(self):
        self.assertEqual(len(self._replay(days=3).line_ids), 2 * 6)

    def test_a_time_that_makes_no_sense_is_refused(self):
        with self.assertRaisesRegex(UserError, "between 1 and 366"):
            self._replay(days=0)

    def test_agents_do_not_replay(self):
        with self.assertRaises(AccessError):
            self.env["estate.dispatch.replay"].with_user(self.agent).create({})

    def test_a_replay_costs_no_query_for_each_lead(self):
        few = self._count_queries(days=2)
        many = self._count_queries(days=11)
        self.assertLessEqual(many - few, 8)

    def _count_queries(self, days):
        replay = self.env["estate.dispatch.replay"].create(
            {"rule_id": self.rule.id, "days": days}
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        replay.action_replay()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before


class MomentsOfAReplay(DispatchCase):
    def test_a_decision_of_the_last_second_counts(self):
        self._enter()
        replay = self.env["estate.dispatch.replay"].create(
            {"rule_id": self.rules["first_call"].id, "days": 1}
        )
        replay.action_replay()
        self.assertEqual(len(replay.line_ids), 2)
