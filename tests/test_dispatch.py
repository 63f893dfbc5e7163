"""Who gets a lead: evenly, by ordered rules, with a reason, and never who is away."""

from collections import Counter
from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import Form, freeze_time

from .common import NOW
from .dispatch import DispatchCase

FRIDAY_EVENING = datetime(2026, 3, 6, 16, 30)  # 17:30 in Prague, half an hour to go


class FirstCallTasks(DispatchCase):
    def test_a_new_listing_gives_one_operator_a_task_at_once(self):
        """M21: in the transaction that makes the lead."""
        lead = self._enter()
        operators = self.operator | self.second_operator
        self.assertIn(lead.user_id, operators)
        self.assertEqual(len(lead.activity_ids), 1)
        self.assertEqual(lead.activity_ids.user_id, lead.user_id)
        self.assertEqual(lead.activity_ids.activity_type_id.category, "phonecall")

    def test_the_task_is_due_in_business_time(self):
        """M21: an hour that begins half an hour before the weekend ends on Monday."""
        with freeze_time(FRIDAY_EVENING):
            lead = self._enter()
        self.assertEqual(str(lead.activity_ids.date_deadline), "2026-03-09")
        self.assertEqual(lead.decision_ids.due_at, datetime(2026, 3, 9, 8, 30))

    def test_a_lead_entered_by_hand_is_distributed_too(self):
        """M21: a manager fills in the form and is not the one who calls."""
        prop = self._create_property()
        leads = self.env["crm.lead"].with_user(self.manager)
        form = Form(
            leads.with_context(default_lead_role="owner", default_type="opportunity"),
            view="crm_real_estate.crm_lead_view_form_estate",
        )
        form.property_id, form.partner_id = prop, prop.owner_ids
        lead = form.save()
        self.assertIn(lead.user_id, self.operator | self.second_operator)
        self.assertEqual(lead.activity_ids.user_id, lead.user_id)

    def test_an_owners_lead_is_not_of_who_writes_it_by_a_program(self):
        prop = self._create_property()
        values = {"name": "Owner", "lead_role": "owner", "property_id": prop.id}
        lead = self.env["crm.lead"].with_user(self.manager).create(values)
        self.assertIn(lead.user_id, self.operator | self.second_operator)

    def test_a_person_who_is_chosen_by_hand_keeps_the_lead(self):
        prop = self._create_property()
        values = {"name": "Owner", "lead_role": "owner", "property_id": prop.id}
        lead = self.env["crm.lead"].create(values | {"user_id": self.agent.id})
        self.assertEqual(lead.user_id, self.agent)
        self.assertFalse(lead.decision_ids)

    def test_the_operators_office_takes_the_lead_over(self):
        lead = self._enter(team_id=self.office.id)
        self.assertEqual(lead.team_id, self.call_centre)

    def test_the_lead_waits_in_the_queue_when_calling_is_allowed(self):
        lead = self._enter()
        self.assertEqual(lead.next_call_at, NOW)
        with freeze_time(FRIDAY_EVENING + timedelta(hours=2)):
            late = self._enter()
        self.assertEqual(late.next_call_at, datetime(2026, 3, 9, 8, 0))

    def test_a_lead_that_is_given_away_again_has_one_task(self):
        lead = self._enter()
        lead._dispatch("first_call")
        self.assertEqual(len(lead.activity_ids), 1)
        self.assertEqual(lead.activity_ids.user_id, lead.user_id)

    def test_leads_of_odoo_and_ended_ones_are_left_alone(self):
        own = self.env["crm.lead"].create({"name": "Own", "user_id": False})
        ended = self._enter()
        ended.action_set_lost()
        given = ended.user_id
        (own | ended)._dispatch("first_call")
        self.assertFalse(own.user_id)
        self.assertEqual(ended.user_id, given)
        self.assertEqual(len(ended.decision_ids), 1)


class CallCentreGroup(DispatchCase):
    def test_only_operators_of_the_team_get_first_calls(self):
        """M22: a member of the team without the group gets none, and it is said why."""
        agent = self._create_user("in-team", "group_agent", self.call_centre)
        stranger = self._create_user("not-in-team", "group_operator", self.office)
        leads = self._enter(6)
        self.assertFalse(leads.user_id & (agent | stranger))
        self.assertEqual(self._get_reason(leads[0], agent), "not_operator")

    def test_who_joins_the_group_gets_first_calls(self):
        """M22: the twin of the above."""
        agent = self._create_user("in-team", "group_agent", self.call_centre)
        agent.group_ids += self.env.ref("crm_real_estate.group_operator")
        self.assertIn(agent, self._enter(3).user_id)

    def test_the_last_resort_of_first_calls_is_an_operator_too(self):
        """M22: also when nobody of the team is there."""
        self.rules["first_call"].last_resort_id = self.agent
        self.call_centre.crm_team_member_ids.assignment_optout = True
        lead = self._enter()
        self.assertFalse(lead.user_id)
        self.assertEqual(self._get_reason(lead, self.agent), "not_operator")


class EvenShares(DispatchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(2):
            cls._create_user(f"extra{number}", "group_operator", cls.call_centre)

    def test_forty_listings_in_forty_runs_are_ten_for_each(self):
        """M26: the memory is stored, so runs and restarts do not matter."""
        leads = self.env["crm.lead"]
        for prop in self._create_properties(40):
            leads |= prop._create_owner_leads()
            self.env.invalidate_all()
        self.assertEqual(sorted(self._shares(leads).values()), [10, 10, 10, 10])

    def test_forty_listings_in_one_run_are_ten_for_each(self):
        """M26: one pass over a batch."""
        self.assertEqual(sorted(self._shares(self._enter(40)).values()), [10] * 4)

    def test_after_any_run_nobody_is_two_leads_ahead(self):
        """M26: the spread is at most one after runs of any size."""
        shares = Counter(dict.fromkeys(self.call_centre.member_ids.mapped("login"), 0))
        for size in (3, 1, 5, 2, 7):
            shares += self._shares(self._enter(size))
            self.assertLessEqual(max(shares.values()) - min(shares.values()), 1)

    def test_leads_that_ended_or_moved_do_not_bend_the_shares(self):
        """M26: what became of the leads is not counted."""
        self._enter(8).write({"user_id": self.operator.id})
        self.assertEqual(sorted(self._shares(self._enter(4)).values()), [1, 1, 1, 1])

    def test_who_is_new_starts_level(self):
        self._enter(40)
        new = self._create_user("new", "group_operator", self.call_centre)
        shares = self._shares(self._enter(10))
        self.assertEqual(shares[new.login], 2)

    def test_who_comes_back_starts_level(self):
        member = self.call_centre.crm_team_member_ids[0]
        member.assignment_optout = True
        self._enter(30)
        member.assignment_optout = False
        shares = self._shares(self._enter(12))
        self.assertIn(shares[member.user_id.login], (3, 4))


class WhoIsAway(DispatchCase):
    """`self.operator` is away: his colleague gets everything, the reason is kept."""

    def _check_left_out(self, reason):
        leads = self._enter(3)
        self.assertEqual(leads.user_id, self.second_operator)
        self.assertEqual(self._get_reason(leads[0], self.operator), reason)

    def test_a_paused_member_gets_nothing(self):
        """M116: whoever is paused on the form of his team."""
        self._get_member(self.operator).assignment_optout = True
        self._check_left_out("paused")

    def test_an_archived_member_gets_nothing(self):
        self._get_member(self.operator).action_archive()
        self._check_left_out("archived")

    def test_an_archived_user_gets_nothing(self):
        self.operator.action_archive()
        self._check_left_out("archived")

    def test_who_is_out_of_office_gets_nothing(self):
        self.operator.with_user(self.operator).out_of_office_from = NOW - timedelta(
            hours=1
        )
        self._check_left_out("out_of_office")

    def test_who_will_be_out_of_office_later_gets_his_share(self):
        self.operator.out_of_office_from = NOW + timedelta(hours=1)
        self.assertIn(self.operator, self._enter(2).user_id)

    def _create_leave(self, user, start, stop):
        resource = user.resource_ids
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": resource.id,
                "calendar_id": resource.calendar_id.id,
                "date_from": start,
                "date_to": stop,
            }
        )

    def test_who_is_on_leave_gets_nothing(self):
        """M116: a leave of his resource, as entered in his calendar."""
        self._create_leave(
            self.operator, NOW - timedelta(days=1), NOW + timedelta(days=1)
        )
        self._check_left_out("on_leave")

    def test_who_is_back_from_leave_gets_his_share(self):
        self._create_leave(self.operator, NOW - timedelta(days=2), NOW)
        self.assertIn(self.operator, self._enter(2).user_id)

    def test_a_member_without_working_hours_gets_a_resource_for_his_leaves(self):
        self.assertEqual(len(self.operator.resource_ids), 1)

    def test_who_may_not_see_the_company_gets_nothing(self):
        other = self.env["res.company"].create({"name": "Other agency"})
        self.operator.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        self._check_left_out("other_company")

    def test_who_left_the_team_and_joined_again_is_there(self):
        self._get_member(self.operator).action_archive()
        self.env["crm.team.member"].create(
            {"crm_team_id": self.call_centre.id, "user_id": self.operator.id}
        )
        self.assertIn(self.operator, self._enter(2).user_id)


class NobodyIsThere(DispatchCase):
    def setUp(self):
        super().setUp()
        self.call_centre.crm_team_member_ids.assignment_optout = True
        self.rule = self.rules["first_call"]

    def test_the_last_resort_gets_the_lead(self):
        """M116: when nobody of the team is there."""
        self.rule.last_resort_id = self.manager
        lead = self._enter()
        self.assertEqual(lead.user_id, self.manager)
        self.assertEqual(lead.decision_ids.reasons["how"], "last_resort")
        self.assertEqual(lead.activity_ids.user_id, self.manager)

    def test_the_last_resort_gets_it_also_when_he_is_away(self):
        self.rule.last_resort_id = self.manager
        self.manager.out_of_office_from = NOW - timedelta(hours=1)
        self.assertEqual(self._enter().user_id, self.manager)

    def test_an_archived_last_resort_gets_nothing(self):
        self.rule.last_resort_id = self.manager
        self.manager.action_archive()
        lead = self._enter()
        self.assertFalse(lead.user_id)
        self.assertEqual(self._get_reason(lead, self.manager), "archived")

    def test_without_last_resort_it_waits_in_the_pool_and_that_is_said(self):
        """M116: never nobody: the pool has it, and the decision says so."""
        lead = self._enter()
        self.assertFalse(lead.user_id)
        self.assertEqual(len(lead.decision_ids), 1)
        self.assertFalse(lead.decision_ids.user_id)
        self.assertEqual(lead.decision_ids.rule_id, self.rule)
        self.assertEqual(lead.decision_ids.reasons["how"], "pool")

    def test_every_operator_finds_the_pool_in_the_queue(self):
        lead = self._enter()
        for user in self.operator | self.second_operator:
            queue = self.env["estate.call.queue"].with_user(user).get_queue()
            self.assertEqual([card["id"] for card in queue["cards"]], lead.ids)

    def test_agents_do_not_find_the_pool_in_theirs(self):
        self._enter()
        queue = self.env["estate.call.queue"].with_user(self.agent).get_queue()
        self.assertFalse(queue["cards"])

    def test_who_rings_an_owner_of_the_pool_goes_on_with_him(self):
        lead = self._enter()
        lead.with_user(self.operator).action_call_outcome("no_answer", seen_count=0)
        self.assertEqual(lead.user_id, self.operator)
        self.assertEqual(lead.activity_ids.user_id, self.operator)

    def test_without_any_rule_it_waits_in_the_pool(self):
        self.rule.action_archive()
        lead = self._enter()
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.decision_ids.reasons["how"], "pool")
        self.assertFalse(lead.decision_ids.rule_id)
