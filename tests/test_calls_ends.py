"""How calls to a lead come to their end: given up, refused, agreed, merged."""

from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .calls import CallCase
from .common import NOW


class GivingUp(CallCase):
    def test_after_the_last_delay_the_owner_is_given_up_as_not_reached(self):
        """M29: phase 8, and the reason is no refusal."""
        self._note_times("busy", 4)
        self.assertEqual(self.lead.stage_id, self._phase("acquisition", 8))
        self.assertEqual(self.lead.won_status, "lost")
        self.assertEqual(self.lead.lost_reason_id.name, "Not reached")
        self.assertFalse(self.lead.next_call_at)
        self.assertFalse(self._get_open_tasks())

    def test_before_the_last_delay_he_is_not(self):
        self._note_times("busy", 3)
        self.assertEqual(self.lead.won_status, "pending")

    def test_a_lead_that_is_restored_is_tried_from_the_first_delay_again(self):
        self._note_times("busy", 4)
        self.lead.action_unarchive()
        self.lead.user_id = self.operator
        self._note("busy")
        self.assertEqual(self.lead.next_call_at, NOW + timedelta(minutes=15))

    def test_an_enquiry_is_not_cancelled_because_the_seeker_is_hard_to_reach(self):
        lead = self._create_seeker_lead(user_id=self.operator.id)
        for _time in range(4):
            self._note("busy", lead)
        self.assertEqual(lead.won_status, "pending")
        self.assertFalse(lead.next_call_at)

    def test_a_seeker_is_called_again_with_a_task_of_his_own_kind(self):
        lead = self._create_seeker_lead(user_id=self.operator.id)
        self._note("busy", lead)
        self.assertEqual(len(lead.activity_ids), 1)
        self.assertEqual(
            lead.activity_ids.activity_type_id,
            self.env.ref("mail.mail_activity_data_call"),
        )


class OutcomesThatEndTheLead(CallCase):
    def _check_ended(self, code, reason):
        self._note(code)
        self.assertEqual(self.lead.stage_id, self._phase("acquisition", 8))
        self.assertEqual(self.lead.won_status, "lost")
        self.assertEqual(self.lead.lost_reason_id.name, reason)
        self.assertFalse(self.lead.next_call_at)
        self.assertFalse(self._get_open_tasks())

    def test_a_refusal(self):
        self._check_ended("refused", "Owner refused")

    def test_a_wrong_number(self):
        self._check_ended("wrong_number", "Wrong number")

    def test_somebody_who_does_not_want_to_be_called(self):
        self._check_ended("do_not_call", "Does not want to be called")

    def test_do_not_call_is_kept_as_proof(self):
        self._note("do_not_call")
        consent = self.lead.partner_id.consent_ids
        self.assertEqual(
            (consent.channel, consent.purpose, consent.state, consent.user_id),
            ("phone", "prospecting", "denied", self.operator),
        )

    def test_a_refusal_is_no_word_about_calls(self):
        self._note("refused")
        self.assertFalse(self.lead.partner_id.consent_ids)


class ThePropertyCard(CallCase):
    def setUp(self):
        super().setUp()
        self.prop = self.lead.property_id
        self.prop.write({"price": 0, "city": False})

    def _open(self, code="reached", **values):
        """Press the outcome and return the form of the dialog that opens."""
        action = self._note(code, **values)
        self.assertEqual(action["res_model"], "estate.call.card")
        cards = self.env["estate.call.card"].with_user(self.operator)
        return Form(cards.with_context(**action["context"]))

    def test_a_conversation_opens_the_card_while_data_are_missing(self):
        """M28: reached and agreed; the task stays open, nothing is noted yet."""
        task = self._get_open_tasks()
        for code in ("reached", "agreed"):
            form = self._open(code)
            self.assertEqual(form.missing_data, "Price, City")
        self.assertEqual(self._get_open_tasks(), task)
        self.assertFalse(self.lead.call_ids)

    def test_the_call_cannot_be_closed_while_data_are_missing(self):
        """M28: the refusal names the property and what to fill in."""
        form = self._open()
        form.price = 4_000_000
        card = form.save()
        with self.assertRaisesRegex(UserError, "Fill in: City") as refused:
            card.action_finish()
        self.assertIn(self.prop.reference, str(refused.exception))
        self.assertTrue(self._get_open_tasks())
        self.assertFalse(self.lead.call_ids)

    def test_a_complete_card_fills_the_property_and_closes_the_call(self):
        """M28: the task is done, the attempt stored."""
        form = self._open(note="Will think about it")
        form.price, form.city = 4_000_000, "Praha"
        self.assertFalse(form.missing_data)
        form.save().action_finish()
        self.assertEqual((self.prop.price, self.prop.city), (4_000_000, "Praha"))
        self.assertFalse(self._get_call_tasks())
        self.assertEqual(self.lead.call_ids.outcome_code, "reached")
        self.assertEqual(self.lead.call_ids.note, "Will think about it")
        self.assertEqual(self.lead.stage_id, self._phase("acquisition", 3))

    def test_with_all_data_known_no_card_is_needed(self):
        """M28: the twin, one press closes the call."""
        self.prop.write({"price": 4_000_000, "city": "Praha"})
        self.assertIs(self._note("reached"), True)
        self.assertFalse(self._get_call_tasks())

    def test_keep_open_keeps_what_was_typed(self):
        task = self._get_open_tasks()
        form = self._open()
        form.price, form.note = 4_000_000, "Asks his wife about the area"
        form.save().action_keep_open()
        self.assertEqual(self.prop.price, 4_000_000)
        self.assertEqual(self._get_open_tasks(), task)
        self.assertFalse(self.lead.call_ids)
        self.assertIn("Asks his wife", self.lead.message_ids[0].body)

    def test_a_dialog_that_is_dismissed_keeps_nothing(self):
        form = self._open()
        form.price = 4_000_000
        form.save()
        self.assertFalse(self.prop.price)

    def test_the_call_began_when_the_card_was_opened(self):
        form = self._open(duration_seconds=60)
        form.price, form.city = 4_000_000, "Praha"
        self._set_clock(NOW + timedelta(minutes=9))
        form.save().action_finish()
        self.assertEqual(self.lead.call_ids.started_at, NOW - timedelta(minutes=1))
        self.assertEqual(self.lead.call_ids.duration_seconds, 60)

    def test_what_a_colleague_changes_meanwhile_stays(self):
        form = self._open()
        form.price = 4_000_000
        self.prop.write({"floor": "5", "living_area": 70})
        form.save().action_keep_open()
        self.assertEqual((self.prop.floor, self.prop.living_area), ("5", 70))
        self.assertEqual(self.prop.price, 4_000_000)

    def test_an_operator_fills_in_the_card_of_a_colleagues_property(self):
        self.prop.agent_id = self.second_agent
        with self.assertRaises(AccessError):
            self.prop.with_user(self.operator).price = 1
        form = self._open()
        form.price = 4_000_000
        form.save().action_keep_open()
        self.assertEqual(self.prop.price, 4_000_000)

    def test_nobody_fills_in_the_card_of_a_lead_that_is_not_his(self):
        card = self._open().save()
        self.lead.user_id = self.second_operator
        with self.assertRaises(AccessError):
            card.with_user(self.operator).action_keep_open()

    def test_a_card_left_open_in_another_tab_does_not_note_the_call_twice(self):
        form = self._open()
        form.price, form.city = 4_000_000, "Praha"
        card = form.save()
        self._note("no_answer")
        with self.assertRaisesRegex(UserError, "already noted"):
            card.action_finish()

    def test_an_owner_is_added_on_the_card(self):
        wife = self._create_contact("Olina Owner")
        form = self._open()
        form.owner_ids.add(wife)
        form.save().action_keep_open()
        self.assertIn(wife, self.prop.owner_ids)


class TheOwnerAgrees(CallCase):
    def setUp(self):
        super().setUp()
        self.second_agent.crm_team_member_ids.assignment_optout = True

    def test_an_agent_gets_the_lead_with_a_task_to_meet_the_owner(self):
        """M30: found by the rules, due in four business hours."""
        self._note("agreed")
        task = self.lead.activity_ids
        self.assertEqual(self.lead.user_id, self.agent)
        self.assertEqual(self.lead.team_id, self.office)
        self.assertEqual(task.user_id, self.agent)
        self.assertEqual(task.activity_type_id.name, "Arrange a viewing meeting")
        self.assertEqual(str(task.date_deadline), "2026-03-04")
        due_at = self.lead.decision_ids.sorted("id")[-1].due_at
        self.assertEqual(due_at, datetime(2026, 3, 4, 14, 0))

    def test_on_a_friday_evening_the_task_is_due_on_monday(self):
        """M30: business minutes, not minutes."""
        self._note("agreed", moment=datetime(2026, 3, 6, 16, 0))
        self.assertEqual(str(self.lead.activity_ids.date_deadline), "2026-03-09")

    def test_the_deadline_is_the_one_of_the_rule(self):
        """M30: due in N hours."""
        self.rules["agent"].deadline_minutes = 8 * 60 + 1
        self._note("agreed")
        self.assertEqual(str(self.lead.activity_ids.date_deadline), "2026-03-05")

    def test_the_lead_stands_in_agreed_and_no_call_is_planned(self):
        self._note("agreed")
        self.assertEqual(self.lead.stage_id, self._phase("acquisition", 4))
        self.assertFalse(self.lead.next_call_at)

    def test_the_property_gets_the_agent_and_his_office(self):
        self._note("agreed")
        self.assertEqual(self.lead.property_id.agent_id, self.agent)
        self.assertEqual(self.lead.property_id.team_id, self.office)

    def test_an_agent_the_property_has_already_gets_the_task(self):
        self.lead.property_id.agent_id = self.agent
        self.second_agent.crm_team_member_ids.assignment_optout = False
        for _time in range(3):
            self._note("agreed", self._create_owner_lead())
        self._note("agreed")
        self.assertEqual(self.lead.user_id, self.agent)

    def test_the_operator_may_no_longer_change_what_he_gave_away(self):
        self._note("agreed")
        with self.assertRaises(AccessError):
            self.lead.with_user(self.operator).name = "Mine"

    def test_property_and_owner_are_attached_to_the_task(self):
        """M31: address, price, name, phone and what was said are in the task."""
        owner = self.lead.partner_id
        self._note("no_answer", note="Rings only in the evening")
        self._note("agreed", note="Wants to sell until summer")
        task = self.lead.activity_ids
        for text in (
            "Dlouhá 1",
            "110 00 Praha",
            "5,000,000",
            owner.name,
            owner.phone,
            "Wants to sell until summer",
            "Rings only in the evening",
        ):
            self.assertIn(text, task.note)

    def test_the_lead_is_one_click_away_from_the_task(self):
        """M31: and its property and owner are links."""
        self._note("agreed")
        task = self.lead.activity_ids.with_user(self.agent)
        self.assertEqual((task.res_model, task.res_id), ("crm.lead", self.lead.id))
        prop, owner = self.lead.property_id, self.lead.partner_id
        self.assertRegex(task.note, f'estate.property"? data-oe-id="{prop.id}"')
        self.assertRegex(task.note, f'res.partner"? data-oe-id="{owner.id}"')

    def test_all_owners_are_in_the_task(self):
        wife = self._create_contact("Olina Owner")
        self.lead.property_id.owner_ids += wife
        self._note("agreed")
        self.assertIn(wife.phone, self.lead.activity_ids.note)


class MergedLeads(CallCase):
    def test_calls_and_the_plan_follow_a_merge(self):
        twin = self.lead.copy(
            {
                "property_id": self.lead.property_id.id,
                "user_id": self.operator.id,
                "active": False,
            }
        )
        self._note("no_answer")
        planned = self.lead.next_call_at
        twin._merge_dependences(self.lead)
        self.assertEqual(twin.call_count, 1)
        self.assertEqual(len(twin.call_ids), 1)
        self.assertEqual(twin.next_call_at, planned)
        self.assertTrue(twin.decision_ids)

    def test_after_a_conversation_on_either_side_the_delays_begin_anew(self):
        for side in ("survivor", "merged"):
            with self.subTest(side):
                lead = self._create_owner_lead()
                twin = lead.copy({"property_id": lead.property_id.id, "active": False})
                # The calls are in another order than the leads: merged, survivor.
                self._note("no_answer", lead)
                talked = twin if side == "survivor" else lead
                talked._register_call(
                    self.env["estate.call.outcome"]._get("reached", self.company)
                )
                twin._register_call(
                    self.env["estate.call.outcome"]._get("busy", self.company)
                )
                twin._merge_dependences(lead)
                self.assertEqual(twin.call_series_start, len(twin.call_ids))

    def test_attempts_of_both_sides_count_when_nobody_was_reached(self):
        twin = self.lead.copy(
            {"property_id": self.lead.property_id.id, "active": False}
        )
        self._note("no_answer")
        twin._merge_dependences(self.lead)
        self.assertEqual((twin.call_count, twin.call_series_start), (1, 0))
