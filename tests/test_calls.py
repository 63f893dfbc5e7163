"""The call centre: an outcome noted once, the next call planned, the owner given on."""

from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time

from .common import NOW, EstateCase


class CallCase(EstateCase):
    """An owner lead of `self.operator`, on a Wednesday at 10:00 in Prague."""

    def setUp(self):
        super().setUp()
        self.clock = self._set_clock(NOW)
        self.second_operator.crm_team_member_ids.assignment_optout = True
        self.lead = self._create_owner_lead()

    def _set_clock(self, moment):
        return self.startPatcher(freeze_time(moment))

    def _note(self, code, lead=None, moment=None, **values):
        """Press the button of an outcome, as the operator does."""
        if moment:
            self._set_clock(moment)
        lead = lead or self.lead
        values = {"seen_count": lead.call_count} | values
        return lead.with_user(self.operator).action_call_outcome(code, **values)

    def _note_times(self, code, times):
        for _time in range(times):
            self._note(code)

    def _get_open_tasks(self, lead=None):
        return (lead or self.lead).activity_ids

    def _get_call_tasks(self):
        kind = self.env.ref("crm_real_estate.mail_activity_type_first_call")
        return self.lead.activity_ids.filtered(lambda t: t.activity_type_id == kind)


class NotingACall(CallCase):
    def test_one_press_of_the_button_stores_the_attempt(self):
        """M27: with time and user."""
        for code in ("no_answer", "busy"):
            with self.subTest(code):
                lead = self._create_owner_lead()
                self._note(code, lead)
                self.assertEqual(len(lead.call_ids), 1)
                self.assertEqual(lead.call_ids.outcome_code, code)
                self.assertEqual(lead.call_ids.started_at, NOW)
                self.assertEqual(lead.call_ids.user_id, self.operator)
                self.assertEqual(lead.call_ids.partner_id, lead.partner_id)

    def test_the_attempt_stands_in_the_journal_once(self):
        self._note("no_answer", note="Rang ten times")
        rows = self.lead.interaction_ids.filtered(
            lambda row: row.type_code == "call_tried"
        )
        self.assertEqual(len(rows), 1)
        self.assertEqual(rows.internal_note, "Rang ten times")
        self.assertFalse(rows.is_automatic)

    def test_a_conversation_counts_as_an_answer_in_the_journal(self):
        self._note("refused")
        self.assertIn("call_reached", self._codes(self.lead))
        self.assertNotIn("call_tried", self._codes(self.lead))

    def test_the_first_attempt_moves_the_lead_to_being_called(self):
        self._note("no_answer")
        self.assertEqual(self.lead.stage_id, self._phase("acquisition", 2))

    def test_a_call_with_a_known_length_began_earlier(self):
        self._note("refused", duration_seconds=90)
        self.assertEqual(self.lead.call_ids.started_at, NOW - timedelta(seconds=90))

    def test_a_length_that_no_call_has_is_refused_with_a_sentence(self):
        for seconds in (-1, 86_401, "ten", 1.5, None):
            with (
                self.subTest(seconds=seconds),
                self.assertRaisesRegex(ValidationError, "A call cannot last"),
            ):
                self._note("busy", duration_seconds=seconds)
        self.assertFalse(self.lead.call_ids)
        self._note("busy", duration_seconds=0)
        self.assertEqual(self.lead.call_count, 1)

    def test_a_card_does_not_note_a_call_that_is_yet_to_come(self):
        outcome = self.env["estate.call.outcome"]._get("reached", self.company)
        cards = self.env["estate.call.card"].with_user(self.operator)
        for minutes, is_refused in ((5, False), (6, True)):
            lead = self._create_owner_lead()
            card = cards.create(
                {
                    "lead_id": lead.id,
                    "outcome_id": outcome.id,
                    "started_at": NOW + timedelta(minutes=minutes),
                }
            )
            with self.subTest(minutes=minutes):
                if is_refused:
                    with self.assertRaises(ValidationError) as refused:
                        card.action_finish()
                    self.assertIn("lies in the future", str(refused.exception))
                else:
                    card.action_finish()
                self.assertEqual(len(lead.call_ids), not is_refused)

    def test_an_outcome_that_was_archived_is_refused_with_a_sentence(self):
        self.env["estate.call.outcome"]._get("busy").active = False
        with self.assertRaisesRegex(UserError, "no call outcome busy any more"):
            self._note("busy")

    def test_the_outcome_of_the_company_comes_before_the_common_one(self):
        own = self.env["estate.call.outcome"].create(
            {
                "name": "Engaged",
                "code": "busy",
                "company_id": self.company.id,
                "retry_minutes": "5",
            }
        )
        self._note("busy")
        self.assertEqual(self.lead.last_outcome_id, own)
        self.assertEqual(self.lead.next_call_at, NOW + timedelta(minutes=5))

    def test_a_colleagues_lead_is_not_called(self):
        self.lead.user_id = self.second_operator
        with self.assertRaises(AccessError):
            self._note("no_answer")

    def test_a_lead_of_odoo_is_not_called_through_this_door(self):
        own = self.env["crm.lead"].create({"name": "Own", "user_id": self.operator.id})
        with self.assertRaisesRegex(UserError, "Make it an enquiry"):
            self._note("no_answer", own)

    def test_a_lead_that_has_ended_is_not_called(self):
        self._note("refused")
        with self.assertRaisesRegex(UserError, "Owner refused.*Restore it"):
            self._note("agreed")


class ExactlyOnce(CallCase):
    def test_a_second_click_is_told_and_changes_nothing(self):
        """M29: the same press again, or another tab that saw no call yet."""
        self._note("no_answer", seen_count=0)
        planned, task = self.lead.next_call_at, self._get_open_tasks()
        with self.assertRaisesRegex(UserError, "already noted: No answer by Operator"):
            self._note("no_answer", seen_count=0)
        self.assertEqual(len(self.lead.call_ids), 1)
        self.assertEqual(self.lead.next_call_at, planned)
        self.assertEqual(self._get_open_tasks(), task)

    def test_another_tab_does_not_even_open_the_card(self):
        self.lead.property_id.price = 0
        self._note("no_answer", seen_count=0)
        with self.assertRaisesRegex(UserError, "already noted"):
            self._note("reached", seen_count=0)

    def test_each_plan_has_one_open_task(self):
        """M29: the old task is done, there is one new one."""
        for times in range(1, 4):
            self._note("no_answer")
            tasks = self._get_open_tasks()
            self.assertEqual(len(tasks), 1, f"after {times} calls")
            self.assertEqual(tasks.user_id, self.operator)
            local = self.lead.next_call_at + timedelta(hours=1)
            self.assertEqual(tasks.date_deadline, local.date())


class TheNextCall(CallCase):
    """When the next call is due: moments are given in UTC, Prague is one hour ahead."""

    def _plan(self, code, moment, lead=None):
        lead = lead or self.lead
        self._note(code, lead, moment)
        return lead.next_call_at

    def test_busy_is_tried_again_after_fifteen_minutes(self):
        """M29: inside working hours the delay is kept to the minute."""
        self.assertEqual(self._plan("busy", NOW), NOW + timedelta(minutes=15))

    def test_no_answer_is_tried_again_after_two_hours(self):
        """M29: here the two hours end in the afternoon."""
        afternoon = datetime(2026, 3, 4, 13, 0)
        self.assertEqual(
            self._plan("no_answer", afternoon), datetime(2026, 3, 4, 15, 0)
        )

    def test_what_falls_into_lunch_waits_until_after_it(self):
        """M29: inside working hours; 12:00 to 13:00 is closed."""
        self.assertEqual(self._plan("no_answer", NOW), datetime(2026, 3, 4, 12, 0))

    def test_what_falls_into_the_weekend_waits_until_monday(self):
        """M29: inside working hours; Friday closes at 18:00."""
        friday = datetime(2026, 3, 6, 16, 50)
        self.assertEqual(self._plan("busy", friday), datetime(2026, 3, 9, 8, 0))

    def test_closing_time_is_closed(self):
        friday = datetime(2026, 3, 6, 16, 45)
        self.assertEqual(self._plan("busy", friday), datetime(2026, 3, 9, 8, 0))

    def test_a_public_holiday_is_closed(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": datetime(2026, 3, 4, 23, 0),
                "date_to": datetime(2026, 3, 5, 22, 59, 59),
            }
        )
        evening = datetime(2026, 3, 4, 16, 50)
        self.assertEqual(self._plan("busy", evening), datetime(2026, 3, 6, 8, 0))

    def test_after_the_clocks_changed_the_office_opens_an_hour_earlier(self):
        friday = datetime(2026, 3, 27, 16, 50)
        self.assertEqual(self._plan("busy", friday), datetime(2026, 3, 30, 7, 0))

    def test_the_office_of_the_lead_counts_before_the_company(self):
        self.call_centre.resource_calendar_id = self._create_calendar(
            "Europe/London", company_id=False
        )
        early = datetime(2026, 3, 4, 8, 0)
        self.assertEqual(self._plan("busy", early), datetime(2026, 3, 4, 9, 0))

    def test_a_company_without_fixed_hours_is_always_open(self):
        self.company.resource_calendar_id.attendance_ids.unlink()
        saturday = datetime(2026, 3, 7, 9, 0)
        self.assertEqual(self._plan("busy", saturday), saturday + timedelta(minutes=15))

    def test_who_lives_elsewhere_is_rung_by_his_own_clock(self):
        self.lead.partner_id.write(
            {"country_id": self.env.ref("base.us").id, "tz": "America/New_York"}
        )
        self.assertEqual(self._plan("busy", NOW), datetime(2026, 3, 4, 13, 0))

    def test_the_zone_of_who_entered_a_contact_is_not_the_contacts(self):
        self.lead.partner_id.write(
            {"country_id": self.env.ref("base.us").id, "tz": "Europe/Prague"}
        )
        self.assertEqual(self._plan("busy", NOW), datetime(2026, 3, 4, 13, 0))

    def test_the_nth_time_takes_the_nth_delay(self):
        """M29: the delays of an outcome are a list."""
        afternoon = datetime(2026, 3, 4, 12, 30)
        for minutes in (15, 30, 60):
            moment = self._plan("busy", afternoon)
            self.assertEqual(moment, afternoon + timedelta(minutes=minutes))

    def test_each_outcome_has_its_own_count(self):
        afternoon = datetime(2026, 3, 4, 12, 30)
        self._plan("busy", afternoon)
        moment = self._plan("no_answer", afternoon)
        self.assertEqual(moment, afternoon + timedelta(minutes=120))

    def test_after_a_conversation_the_count_begins_anew(self):
        self._plan("busy", NOW)
        self._plan("reached", NOW)
        self.assertEqual(self._plan("busy", NOW), NOW + timedelta(minutes=15))

    def test_an_admin_sets_other_delays(self):
        outcome = self.env["estate.call.outcome"]._get("busy")
        outcome.retry_minutes = "7"
        self.assertEqual(self._plan("busy", NOW), NOW + timedelta(minutes=7))

    def test_delays_that_are_no_minutes_are_refused(self):
        outcome = self.env["estate.call.outcome"]._get("busy")
        for text in ("soon", "15,-1", "0"):
            with self.subTest(text), self.assertRaisesRegex(ValidationError, "minutes"):
                outcome.retry_minutes = text

    def test_when_nothing_is_ever_allowed_a_person_is_told(self):
        sundays = self._create_calendar(
            company_id=False,
            attendance_ids=[
                Command.create(
                    {"name": "Sunday", "dayofweek": "6", "hour_from": 9, "hour_to": 12}
                )
            ],
        )
        self.call_centre.resource_calendar_id = sundays
        self.lead.partner_id.country_id = self.env.ref("base.fr")
        self.assertFalse(self._plan("busy", NOW))
        self.assertIn("No call is allowed", self._get_open_tasks().summary)


class CallsToFrance(CallCase):
    """Monday to Friday, 10 to 13 and 14 to 20, four attempts in thirty days."""

    def setUp(self):
        super().setUp()
        self.lead.partner_id.country_id = self.env.ref("base.fr")
        self.env["estate.call.outcome"]._get("busy").retry_minutes = "15,15,15,15,15,15"

    def test_before_ten_nobody_is_rung(self):
        self._note("busy", moment=datetime(2026, 3, 4, 8, 5))
        self.assertEqual(self.lead.next_call_at, datetime(2026, 3, 4, 9, 0))

    def test_office_and_law_must_both_be_open(self):
        self._note("busy", moment=datetime(2026, 3, 4, 10, 50))
        self.assertEqual(self.lead.next_call_at, datetime(2026, 3, 4, 13, 0))

    def test_the_fifth_attempt_waits_until_the_first_is_thirty_days_old(self):
        self._note_times("busy", 4)
        self.assertEqual(self.lead.next_call_at, NOW + timedelta(days=30))

    def test_three_attempts_do_not_wait(self):
        self._note_times("busy", 3)
        self.assertEqual(self.lead.next_call_at, NOW + timedelta(minutes=15))

    def test_attempts_on_other_leads_of_the_same_person_count(self):
        other = self._create_owner_lead(
            self._create_property(owner_ids=self.lead.partner_id)
        )
        for _time in range(3):
            self._note("busy", other)
        self._note("busy")
        self.assertEqual(self.lead.next_call_at, NOW + timedelta(days=30))

    def test_the_first_call_of_a_new_lead_waits_too(self):
        self._note_times("busy", 4)
        lead = self._create_owner_lead(
            self._create_property(owner_ids=self.lead.partner_id)
        )
        self.assertEqual(lead.next_call_at, NOW + timedelta(days=30))

    def test_other_countries_have_no_such_limit(self):
        self.lead.partner_id.country_id = self.env.ref("base.cz")
        self._note_times("busy", 4)
        self.assertEqual(self.lead.next_call_at, NOW + timedelta(minutes=15))

    def test_a_rule_of_the_company_comes_before_the_common_one(self):
        self.env["estate.calling.rule"].create(
            {
                "name": "France, our way",
                "country_id": self.env.ref("base.fr").id,
                "calendar_id": self.env.ref(
                    "crm_real_estate.resource_calendar_calling_general"
                ).id,
                "company_id": self.company.id,
            }
        )
        self._note("busy", moment=datetime(2026, 3, 4, 8, 5))
        self.assertEqual(self.lead.next_call_at, datetime(2026, 3, 4, 8, 20))

    def test_a_rule_without_hours_is_refused(self):
        rule = self.env.ref("crm_real_estate.estate_calling_rule_fr")
        with self.assertRaisesRegex(ValidationError, "no fixed hours"):
            rule.calendar_id = self._create_calendar(attendance_ids=[])


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
