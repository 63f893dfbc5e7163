"""The call centre: an outcome noted once, the next call planned, the owner given on."""

from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from .calls import CallCase
from .common import NOW


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

    def _close_office(self, last_day):
        """Close it from the next day on until the end of the `last_day` of March."""
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": datetime(2026, 3, 4, 23, 0),
                "date_to": datetime(2026, 3, last_day, 22, 59, 59),
            }
        )

    def test_a_public_holiday_is_closed(self):
        self._close_office(last_day=5)
        evening = datetime(2026, 3, 4, 16, 50)
        self.assertEqual(self._plan("busy", evening), datetime(2026, 3, 6, 8, 0))

    def test_an_office_that_is_closed_for_a_week_opens_after_it(self):
        """M29: however far away the next open hour is."""
        self._close_office(last_day=13)
        evening = datetime(2026, 3, 4, 16, 50)
        self.assertEqual(self._plan("busy", evening), datetime(2026, 3, 16, 8, 0))

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
