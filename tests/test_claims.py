"""Free leads: announced to who is there, claimed by one, reserved while he works."""

import re
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time

from .common import NOW, EstateCase


class FreeLeadsCase(EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.rules["first_call"]
        cls.rule.write({"strategy": "announce", "lease_minutes": 30})

    def setUp(self):
        super().setUp()
        self._set_time(NOW)

    def _set_time(self, moment):
        self.startPatcher(freeze_time(moment))

    def _claim(self, lead, user):
        return lead.with_user(user).action_claim()

    def _message(self, lead):
        return lead.announcement_id

    def _run_take_back(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_real_estate.ir_cron_take_back").method_direct_trigger()
        self.env.invalidate_all()


class TestAnnouncement(FreeLeadsCase):
    def test_a_robot_posts_address_price_and_claim_link_in_the_channel(self):
        """M38: one message in the channel of the team."""
        lead = self._create_owner_lead()
        self.assertFalse(lead.user_id)
        channel = self.call_centre.announcement_channel_id
        messages = channel.message_ids.filtered(lambda m: m.message_type == "comment")
        self.assertEqual(len(messages), 1)
        self.assertEqual(messages.author_id, self.env.ref("base.partner_root"))
        self.assertTrue(messages.estate_automatic)
        for text in ("Dlouhá 1", "110 00 Praha", "5,000,000", "Sale"):
            self.assertIn(text, messages.body)
        self.assertIn(f"/real_estate/claim/{lead.id}", messages.body)
        self.assertNotIn("Olga", messages.body)

    def test_the_channel_is_made_once_and_its_members_are_the_team(self):
        self._create_owner_lead()
        channel = self.call_centre.announcement_channel_id
        self._create_owner_lead()
        self.assertEqual(self.call_centre.announcement_channel_id, channel)
        team = self.operator | self.second_operator
        people = channel.channel_partner_ids - self.env.ref("base.partner_root")
        self.assertEqual(people - self.env.user.partner_id, team.partner_id)

    def test_a_channel_chosen_on_the_office_is_used(self):
        channel = self.env["discuss.channel"].create({"name": "Ours"})
        self.call_centre.announcement_channel_id = channel
        lead = self._create_owner_lead()
        self.assertEqual(self._message(lead).res_id, channel.id)

    def test_members_of_the_channel_follow_the_team(self):
        self._create_owner_lead()
        channel = self.call_centre.announcement_channel_id
        newcomer = self._create_user("newcomer", "group_operator", self.call_centre)
        self.assertIn(newcomer.partner_id, channel.channel_partner_ids)
        membership = self.call_centre.crm_team_member_ids.filtered(
            lambda member: member.user_id == newcomer
        )
        membership.action_archive()
        self.assertNotIn(newcomer.partner_id, channel.channel_partner_ids)

    def test_who_is_there_is_mentioned(self):
        """M40: the active members are told."""
        lead = self._create_owner_lead()
        team = self.operator | self.second_operator
        self.assertEqual(self._message(lead).partner_ids, team.partner_id)

    def test_who_is_paused_archived_or_absent_is_neither_mentioned_nor_mailed(self):
        """M40: only active members are mentioned and mailed."""
        absences = {
            "paused": lambda user: self._membership(user).write(
                {"assignment_optout": True}
            ),
            "archived": lambda user: user.write({"active": False}),
            "out_of_office": lambda user: user.write(
                {"out_of_office_from": NOW - timedelta(hours=1)}
            ),
            "on_leave": self._send_on_leave,
        }
        for login, take_out in absences.items():
            user = self._create_user(login, "group_operator", self.call_centre)
            take_out(user)
        lead = self._create_owner_lead()
        message = self._message(lead)
        team = self.operator | self.second_operator
        self.assertEqual(message.partner_ids, team.partner_id)
        self.assertEqual(message.notification_ids.res_partner_id, team.partner_id)
        mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertEqual(mails.recipient_ids, team.partner_id)

    def _membership(self, user):
        return self.env["crm.team.member"].search([("user_id", "=", user.id)])

    def _send_on_leave(self, user):
        resource = self.env["resource.resource"].search([("user_id", "=", user.id)])
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Leave",
                "resource_id": resource.id,
                "date_from": NOW - timedelta(hours=1),
                "date_to": NOW + timedelta(days=1),
            }
        )

    def test_the_message_says_who_has_it_once_it_is_claimed(self):
        """M39: everybody reads in the channel who was first."""
        lead = self._create_owner_lead()
        self._claim(lead, self.operator)
        body = self._message(lead).body
        self.assertIn("Operator", body)
        self.assertNotIn("/real_estate/claim/", body)

    def test_the_message_says_who_has_it_when_a_manager_assigns_it(self):
        lead = self._create_owner_lead()
        lead.with_user(self.manager).user_id = self.second_operator
        self.assertIn("Operator2", self._message(lead).body)

    def test_what_nobody_was_there_for_is_announced_too(self):
        self.rule.strategy = "even"
        self.call_centre.crm_team_member_ids.assignment_optout = True
        lead = self._create_owner_lead()
        self.assertEqual(lead.decision_ids.reasons["how"], "pool")
        self.assertTrue(self._message(lead))
        self.assertFalse(self._message(lead).partner_ids)

    def test_many_free_leads_at_once_are_one_message(self):
        prop = self._create_property()
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": f"Lead {number}",
                    "lead_role": "owner",
                    "property_id": prop.id,
                    "partner_id": self._create_contact(f"Owner {number}").id,
                }
                for number in range(12)
            ]
        )
        self.assertFalse(leads.user_id)
        channel = self.call_centre.announcement_channel_id
        messages = channel.message_ids.filtered(lambda m: m.message_type == "comment")
        self.assertEqual(len(messages), 1)
        for lead in leads:
            self.assertIn(f"/real_estate/claim/{lead.id}", messages.body)

    def test_the_shipped_rule_archived_announces_nothing(self):
        """M141: archive the shipped rule, it stops."""
        rule = self.env.ref("crm_real_estate.automation_announce")
        # Odoo listens to models with rules; rolling back does not tell it.
        self.addCleanup(rule.action_unarchive)
        rule.action_archive()
        lead = self._create_owner_lead()
        self.assertFalse(self._message(lead))

    def test_the_shipped_rule_follows_its_filter(self):
        """M141: change the filter of the shipped rule, it follows."""
        rule = self.env.ref("crm_real_estate.automation_announce")
        rule.filter_domain = (
            "[('user_id', '=', False), ('lead_id.deal_type', '=', 'rent')]"
        )
        self.assertFalse(self._message(self._create_owner_lead()))
        rented = self._create_owner_lead(self._create_property(deal_type="rent"))
        self.assertTrue(self._message(rented))

    def test_a_channel_made_for_an_office_is_closed_to_others(self):
        self._create_owner_lead()
        channel = self.call_centre.announcement_channel_id
        self.assertTrue(channel.with_user(self.agent).has_access("read"))
        outsider = self._create_user("outsider")
        self.assertFalse(channel.with_user(outsider).has_access("read"))

    def test_people_of_another_company_do_not_see_the_channel(self):
        self._create_owner_lead()
        channel = self.call_centre.announcement_channel_id
        other = self.env["res.company"].create({"name": "Brno"})
        stranger = self._create_user(
            "stranger",
            "group_agent",
            company_ids=[Command.set(other.ids)],
            company_id=other.id,
        )
        self.assertFalse(channel.with_user(stranger).has_access("read"))


class TestClaim(FreeLeadsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(NOW):
            cls.lead = cls._create_owner_lead()

    def test_a_claim_makes_the_person_responsible_with_a_task_and_a_decision(self):
        """M39: any employee can reserve the object for himself."""
        action = self._claim(self.lead, self.operator)
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(self.lead.user_id, self.operator)
        self.assertEqual(self.lead.activity_ids.user_id, self.operator)
        decision = self.lead.decision_ids.sorted("id")[-1:]
        self.assertEqual(
            (decision.reasons["how"], decision.user_id, decision.rule_id),
            ("claim", self.operator, self.rule),
        )
        self.assertIn("Claimed", decision.explanation)

    def test_who_comes_second_reads_who_has_it(self):
        """M39: exactly one wins, the other reads who has it."""
        self._claim(self.lead, self.operator)
        with self.assertRaisesRegex(UserError, "Operator has .*Dlouhá 1.* already"):
            self._claim(self.lead, self.second_operator)
        self.assertEqual(self.lead.user_id, self.operator)

    def test_who_comes_second_costs_one_look(self):
        """M39: of many people at once nearly all come too late."""
        self._claim(self.lead, self.operator)
        self._refuse(self.second_operator)
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertIn("Operator has", self._refuse(self.second_operator))

    def _refuse(self, user):
        """Return what `user` is told; without the savepoint of `assertRaises`."""
        try:
            self._claim(self.lead, user)
        except UserError as refused:
            return str(refused)
        return self.fail("claimed")

    def test_who_has_it_himself_is_told_so(self):
        self._claim(self.lead, self.operator)
        with self.assertRaisesRegex(UserError, "You have .* already"):
            self._claim(self.lead, self.operator)

    def test_a_lead_that_has_ended_cannot_be_claimed(self):
        self.lead.action_set_lost()
        with self.assertRaisesRegex(UserError, "has ended"):
            self._claim(self.lead, self.operator)

    def test_a_role_that_does_not_ring_owners_is_refused_with_the_reason(self):
        with self.assertRaisesRegex(UserError, "role Operator"):
            self._claim(self.lead, self.agent)

    def test_who_is_paused_is_refused_with_the_next_step(self):
        self.call_centre.crm_team_member_ids.filtered(
            lambda member: member.user_id == self.operator
        ).assignment_optout = True
        with self.assertRaisesRegex(UserError, "paused"):
            self._claim(self.lead, self.operator)

    def test_a_lead_of_another_company_tells_nothing(self):
        other = self.env["res.company"].create({"name": "Brno"})
        stranger = self._create_user(
            "stranger",
            "group_operator",
            company_ids=[Command.set(other.ids)],
            company_id=other.id,
        )
        self._claim(self.lead, self.operator)
        with self.assertRaises(UserError) as refused:
            self._claim(self.lead, stranger)
        self.assertNotIn("Operator", str(refused.exception))

    def test_who_is_no_member_of_the_business_is_refused(self):
        with self.assertRaises(AccessError):
            self._claim(self.lead, self._create_user("outsider"))

    def test_a_lead_of_odoo_itself_is_not_claimed(self):
        own = self.env["crm.lead"].create({"name": "Own", "user_id": False})
        with self.assertRaisesRegex(UserError, "no longer there"):
            self._claim(own, self.operator)

    def test_the_limit_refuses_one_more_with_the_reason(self):
        """M136: nobody holds more than N unworked claims."""
        self.company.estate_claim_limit = 2
        leads = self.lead | self._create_owner_lead() | self._create_owner_lead()
        for lead in leads[:2]:
            self._claim(lead, self.operator)
        with self.assertRaisesRegex(UserError, "2 leads without working on them"):
            self._claim(leads[2], self.operator)
        self.assertFalse(leads[2].user_id)
        self._claim(leads[2], self.second_operator)

    def test_a_worked_claim_no_longer_counts_for_the_limit(self):
        """M136: a call makes room for the next claim."""
        self.company.estate_claim_limit = 1
        self._claim(self.lead, self.operator)
        self.lead.with_user(self.operator).action_call_outcome("no_answer")
        self.assertEqual(self.lead.claim_ids.state, "worked")
        second = self._create_owner_lead()
        self._claim(second, self.operator)
        self.assertEqual(second.user_id, self.operator)

    def test_a_claim_that_a_manager_gives_to_somebody_else_has_ended(self):
        self._claim(self.lead, self.operator)
        self.lead.with_user(self.manager).user_id = self.second_operator
        self.assertEqual(self.lead.claim_ids.state, "returned")
        self.assertFalse(self.lead.lease_until)

    def test_a_claim_is_reserved_for_thirty_business_minutes(self):
        """M136: a claim is a lease."""
        self._claim(self.lead, self.operator)
        self.assertEqual(self.lead.lease_until, NOW + timedelta(minutes=30))
        self.assertEqual(self.lead.claim_ids.lease_until, self.lead.lease_until)

    def test_a_claim_that_is_not_worked_returns_to_the_pool_and_is_announced(self):
        """M136: lease over, pool again, announced."""
        self._claim(self.lead, self.operator)
        first = self._message(self.lead)
        self._set_time(NOW + timedelta(minutes=31))
        self._run_take_back()
        self.assertFalse(self.lead.user_id)
        self.assertFalse(self.lead.activity_ids)
        self.assertEqual(self.lead.claim_ids.state, "returned")
        second = self._message(self.lead)
        self.assertNotEqual(second, first)
        self.assertIn(f"/real_estate/claim/{self.lead.id}", second.body)
        decision = self.lead.decision_ids.sorted("id")[-1:]
        self.assertEqual(
            decision.reasons["left_out"], {str(self.operator.id): "lease_over"}
        )

    def test_a_worked_claim_stays(self):
        """M136: who works on it keeps it."""
        self._claim(self.lead, self.operator)
        self.lead.with_user(self.operator).action_call_outcome("no_answer")
        self._set_time(NOW + timedelta(minutes=31))
        self._run_take_back()
        self.assertEqual(self.lead.user_id, self.operator)


class TestClaimPage(FreeLeadsCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_owner_lead()
        for user in (cls.operator, cls.second_operator):
            user.password = user.login
        cls.path = f"/real_estate/claim/{cls.lead.id}"

    def _press(self, user, meanwhile=None):
        self.authenticate(user.login, user.login)
        page = self.url_open(self.path)
        self.assertEqual(page.status_code, 200)
        token = re.search(r'name="csrf_token" value="(\w+)"', page.text)[1]
        if meanwhile:
            meanwhile()
        return self.url_open(
            self.path, data={"csrf_token": token}, allow_redirects=False
        )

    def setUp(self):
        # A session of the real world: the clock is not frozen here.
        super(FreeLeadsCase, self).setUp()

    def test_looking_at_the_page_claims_nothing(self):
        self.authenticate(self.operator.login, self.operator.login)
        page = self.url_open(self.path)
        self.assertIn("Dlouhá 1", page.text)
        self.assertIn("o_estate_claim", page.text)
        self.assertFalse(self.lead.user_id)

    def test_the_button_of_the_page_claims_and_opens_the_lead(self):
        """M39: claimed from the link in the channel."""
        answer = self._press(self.operator)
        self.assertEqual(answer.status_code, 303)
        self.assertIn(f"/odoo/acquisition/{self.lead.id}", answer.headers["Location"])
        self.assertEqual(self.lead.user_id, self.operator)

    def test_who_presses_too_late_reads_who_has_it(self):
        """M39: the other reads who has it, without an error."""
        answer = self._press(
            self.second_operator, lambda: self._claim(self.lead, self.operator)
        )
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Operator has [P", answer.text)

    def test_a_lead_that_is_gone_is_explained(self):
        self.authenticate(self.operator.login, self.operator.login)
        page = self.url_open("/real_estate/claim/999999999")
        self.assertIn("no longer there", page.text)
