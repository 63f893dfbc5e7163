"""When the clock of an enquiry starts, what stops it, and where the minutes went."""

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .response import ResponseCase, local, minutes

WEDNESDAY = local("2026-03-04 10:00")


@tagged("response_clock")
class TestStartOfTheClock(ResponseCase):
    """M71 to M73: by the hours of the office."""

    def _took(self, received, answered, **values):
        """Return when the clock started and the minutes to the answer."""
        zone = values.pop("zone", "Europe/Prague")
        lead = self._receive(local(received, zone), **values)
        self._answer(lead, local(answered, zone))
        return lead.response_start_at, lead.response_minutes

    def test_in_working_hours_the_clock_starts_at_once(self):
        """M71: received 10:00, answered 10:20: twenty minutes."""
        start, took = self._took("2026-03-04 10:00", "2026-03-04 10:20")
        self.assertEqual((start, took), (WEDNESDAY, 20))

    def test_outside_hours_it_starts_at_the_opening_of_the_next_working_day(self):
        """M72: received Saturday 15:00, answered Monday 9:10: ten minutes."""
        start, took = self._took("2026-03-07 15:00", "2026-03-09 09:10")
        self.assertEqual((start, took), (local("2026-03-09 09:00"), 10))

    def test_at_lunch_it_starts_after_it(self):
        """M72: received 12:30, answered 13:05: five minutes."""
        _start, took = self._took("2026-03-04 12:30", "2026-03-04 13:05")
        self.assertEqual(took, 5)

    def test_on_a_holiday_it_starts_on_the_day_after(self):
        """M72: a day off of the company."""
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": local("2026-03-05 00:00"),
                "date_to": local("2026-03-05 23:59"),
            }
        )
        start, _took = self._took("2026-03-04 19:00", "2026-03-06 09:10")
        self.assertEqual(start, local("2026-03-06 09:00"))

    def test_an_answer_before_opening_took_no_time(self):
        """M72: answered on Sunday what came on Saturday."""
        _start, took = self._took("2026-03-07 15:00", "2026-03-08 11:00")
        self.assertEqual(took, 0)

    def test_two_offices_with_two_calendars_measure_the_same_times_differently(self):
        """M73: the other office opens at 8, and lies in another zone."""
        lisbon = self._create_calendar(tz="Europe/Lisbon")
        lisbon.attendance_ids.filtered(lambda a: a.hour_from == 9).hour_from = 8
        other = self._create_team("Office Lisbon", resource_calendar_id=lisbon.id)
        times = ("2026-03-03 20:00", "2026-03-04 09:40")
        self.assertEqual(self._took(*times)[1], 40)
        # 8:00 in Lisbon is 9:00 in Prague, an hour later it would be 10:00.
        self.assertEqual(self._took(*times, team_id=other.id)[1], 40)
        lisbon.attendance_ids.filtered(lambda a: a.hour_from == 8).hour_from = 7.5
        self.assertEqual(self._took(*times, team_id=other.id)[1], 70)

    def test_on_the_day_when_the_clocks_change_an_office_opens_by_its_own_clock(self):
        """M73: received on Saturday evening, the Sunday of the change is open."""
        self.calendar.attendance_ids = [
            Command.create(
                {
                    "name": "Sunday",
                    "dayofweek": "6",
                    "hour_from": 1,
                    "hour_to": 12,
                    "day_period": "morning",
                }
            )
        ]
        for evening, morning, working in (
            ("2026-03-28 20:00", "2026-03-29 09:15", 7.25 * 60),
            ("2026-10-24 20:00", "2026-10-25 09:15", 9.25 * 60),
        ):
            with self.subTest(morning):
                lead = self._receive(local(evening))
                self._answer(lead, local(morning))
                self.assertEqual(lead.response_minutes, working)
                self.assertEqual(lead.response_working_minutes, working)

    def test_a_night_shift_of_two_lines_is_open_over_midnight(self):
        night = self._create_calendar()
        night.attendance_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "name": "night",
                        "dayofweek": str(day),
                        "hour_from": start,
                        "hour_to": stop,
                        "day_period": "morning",
                    }
                )
                for day in range(7)
                for start, stop in ((0, 6), (22, 24))
            ),
        ]
        self.office.resource_calendar_id = night
        start, took = self._took("2026-03-04 23:50", "2026-03-05 00:10")
        self.assertEqual((start, took), (local("2026-03-04 23:50"), 20))

    def test_another_office_moves_the_start_until_the_response_fixes_it(self):
        late = self._create_calendar()
        late.attendance_ids.filtered(lambda a: a.hour_from == 9).hour_from = 11
        other = self._create_team("Late office", resource_calendar_id=late.id)
        lead = self._receive(WEDNESDAY)
        lead.with_user(self.manager).team_id = other
        self.assertEqual(lead.response_start_at, local("2026-03-04 11:00"))
        self._answer(lead, local("2026-03-04 11:30"))
        lead.with_user(self.manager).team_id = self.office
        self.assertEqual(lead.response_start_at, local("2026-03-04 11:00"))

    def test_an_office_without_fixed_hours_is_refused(self):
        flexible = self._create_calendar()
        flexible.schedule_type = "flexible"
        empty = self._create_calendar(attendance_ids=[Command.clear()])
        for calendar in (flexible, empty):
            with (
                self.subTest(calendar),
                self.assertRaisesRegex(ValidationError, "no fixed hours"),
            ):
                self.office.resource_calendar_id = calendar
            with (
                self.subTest(calendar, company=True),
                self.assertRaisesRegex(ValidationError, "no fixed hours"),
            ):
                self.company.resource_calendar_id = calendar

    def test_no_clock_runs_on_owners_nor_on_whom_we_wrote_to(self):
        lead = self._create_owner_lead(user_id=self.operator.id)
        self._answer(lead, WEDNESDAY, user=self.operator)
        self.assertFalse(lead.response_start_at or lead.first_response_at)


@tagged("response_clock")
class TestWhatStopsTheClock(ResponseCase):
    """M65, M67, M68: what a person did, when it was done."""

    def setUp(self):
        super().setUp()
        self.lead = self._receive(WEDNESDAY)

    def _assertAnswered(self, after, lead=None):
        lead = lead or self.lead
        self.assertEqual(lead.first_response_at, WEDNESDAY + minutes(after))
        self.assertEqual(lead.first_response_by, self.agent)
        self.assertEqual(lead.response_minutes, after)

    def _plan(self, kind):
        return self.lead.activity_schedule(
            f"mail.mail_activity_data_{kind}", user_id=self.agent.id
        )

    def test_a_task_counts_when_it_is_done(self):
        """M65: planned at 10, done at 11: an hour."""
        task = self._plan("todo")
        with self._at(WEDNESDAY + minutes(60)):
            task.with_user(self.agent).action_feedback("He will come")
        self._assertAnswered(60)

    def test_a_mail_answers(self):
        """M67: a mail written in the composer of the button."""
        with self._at(WEDNESDAY + minutes(5)), self.mock_mail_gateway():
            action = self.lead.with_user(self.agent).action_answer()
            composer = self.env["mail.compose.message"].with_user(self.agent)
            with Form(composer.with_context(**action["context"])) as form:
                form.body = "<p>Good day</p>"
            form.record.action_send_mail()
        self._assertAnswered(5)

    def test_a_call_answers(self):
        """M67: a call in which the seeker was reached."""
        with self._at(WEDNESDAY + minutes(6)):
            self.lead.with_user(self.agent).action_call_outcome("reached")
        self._assertAnswered(6)

    def test_a_letter_answers(self):
        """M67: logged by hand."""
        self._answer(self.lead, WEDNESDAY + minutes(7))
        self._assertAnswered(7)

    def test_an_appointment_answers(self):
        """M67: a meeting that was held."""
        task = self._plan("meeting")
        with self._at(WEDNESDAY + minutes(8)):
            task.with_user(self.agent).action_done()
        self._assertAnswered(8)

    def test_a_call_without_an_answer_is_none(self):
        with self._at(WEDNESDAY + minutes(5)):
            self.lead.with_user(self.agent).action_call_outcome("no_answer")
        self.assertFalse(self.lead.first_response_at)

    def test_a_mail_of_a_rule_is_none_though_an_agent_set_it_off(self):
        """M68: the rule's template leaves as the agent."""
        template = self.env["mail.template"].create(
            {
                "name": "News",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "subject": "News",
                "body_html": "<p>We got your enquiry</p>",
                "partner_to": "{{ object.partner_id.id }}",
            }
        )
        for method in ("email", "comment"):
            self._create_rule_of_urgent_leads(
                state="mail_post", mail_post_method=method, template_id=template.id
            )
        with self._at(WEDNESDAY + minutes(5)), self.mock_mail_gateway():
            self.lead.with_user(self.agent).priority = "2"
        self.assertIn("mail_sent", self._codes(self.lead))
        self.assertFalse(self.lead.first_response_at)

    def test_the_confirmation_of_an_appointment_is_none(self):
        """M68: a viewing is planned, its invitation goes out."""
        with self._at(WEDNESDAY + minutes(5)), self.mock_mail_gateway():
            self.env["estate.viewing"].with_user(self.agent).create(
                {
                    "lead_id": self.lead.id,
                    "start": WEDNESDAY + minutes(600),
                    "agent_id": self.agent.id,
                }
            )
        self.assertIn("viewing_planned", self._codes(self.lead))
        self.assertFalse(self.lead.first_response_at)

    def test_an_sms_is_none(self):
        """M68: written by hand or not."""
        composer = self.env["sms.composer"].with_user(self.agent)
        with self._at(WEDNESDAY + minutes(5)), self.mockSMSGateway():
            composer.with_context(
                default_res_model="crm.lead", default_res_id=self.lead.id
            ).create({"body": "We got your enquiry"})._action_send_sms()
        self.assertIn("sms_sent", self._codes(self.lead))
        self.assertFalse(self.lead.first_response_at)

    def test_a_note_between_colleagues_is_none(self):
        with self._at(WEDNESDAY + minutes(5)):
            self.lead.with_user(self.agent).message_post(body="He seems serious")
        self.assertFalse(self.lead.first_response_at)

    def test_what_the_system_or_an_outsider_did_is_none(self):
        portal = self._create_user(
            "portal", group_ids=[Command.set(self.env.ref("base.group_portal").ids)]
        )
        journal = self.env["estate.interaction"]
        for user in (self.env.ref("base.user_root"), portal):
            journal._write_journal(
                [
                    {
                        "type": "letter",
                        "lead_id": self.lead.id,
                        "user_id": user.id,
                        "occurred_at": WEDNESDAY + minutes(5),
                    }
                ]
            )
        self.assertFalse(self.lead.first_response_at)

    def test_credit_goes_to_who_answered(self):
        self._answer(self.lead, WEDNESDAY + minutes(9), user=self.manager)
        self.assertEqual(self.lead.first_response_by, self.manager)

    def test_the_first_by_when_it_happened_counts(self):
        self._answer(self.lead, WEDNESDAY + minutes(60))
        self._answer(self.lead, WEDNESDAY + minutes(30), told_at=local("2026-03-05"))
        self._answer(self.lead, WEDNESDAY + minutes(90))
        self._assertAnswered(30)

    def test_what_happened_before_the_reception_answers_nothing(self):
        self._answer(self.lead, WEDNESDAY - minutes(1))
        self.assertFalse(self.lead.first_response_at)
        self._answer(self.lead, WEDNESDAY)
        self._assertAnswered(0)

    def test_an_answer_told_more_than_a_quarter_of_an_hour_later_is_marked(self):
        happened = WEDNESDAY + minutes(10)
        self._answer(self.lead, happened, told_at=happened + minutes(15))
        self.assertFalse(self.lead.response_entered_later)
        other = self._receive(WEDNESDAY)
        self._answer(other, happened, told_at=happened + minutes(16))
        self.assertTrue(other.response_entered_later)

    def test_a_correction_reopens_the_clock(self):
        self._answer(self.lead, WEDNESDAY + minutes(10))
        self._correct(self.lead)
        self.assertFalse(self.lead.first_response_at or self.lead.first_response_by)
        self.assertEqual(self.lead.response_minutes, 0)
        self._answer(self.lead, WEDNESDAY + minutes(40))
        self._assertAnswered(40)

    def test_after_a_correction_the_next_answer_is_the_first(self):
        for after in (10, 20):
            self._answer(self.lead, WEDNESDAY + minutes(after))
        self._correct(self.lead)
        self._assertAnswered(20)

    def test_a_merged_lead_was_asked_first_and_answered_first(self):
        early = self._receive(
            WEDNESDAY - minutes(30), partner=self._create_contact("Sam S. Seeker")
        )
        self._answer(early, WEDNESDAY + minutes(10))
        self._answer(self.lead, WEDNESDAY + minutes(20))
        merge = self.env["crm.merge.opportunity"].with_context(
            active_ids=(self.lead | early).ids
        )
        action = merge.create({"user_id": self.agent.id}).action_merge()
        head = self.env["crm.lead"].browse(action["res_id"])
        self.assertEqual(head.first_response_at, WEDNESDAY + minutes(10))
        self.assertEqual(head.response_minutes, 40)

    def test_many_answers_at_once_take_no_more_queries(self):
        def answer(leads):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["estate.interaction"]._write_journal(
                [
                    {
                        "type": "letter",
                        "lead_id": lead.id,
                        "user_id": self.agent.id,
                        "occurred_at": WEDNESDAY + minutes(5),
                    }
                    for lead in leads
                ]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        leads = sum((self._receive(WEDNESDAY) for _ in range(9)), self.lead)
        few = answer(leads[:2])
        # Caches of the database's rows come and go; a query for each would be 30 more.
        self.assertLess(answer(leads[2:]), few + 10)
        self.assertEqual(set(leads.mapped("response_minutes")), {5})

    def test_nobody_writes_by_hand_when_an_enquiry_was_answered(self):
        for name, value in (
            ("first_response_at", WEDNESDAY),
            ("response_start_at", WEDNESDAY),
            ("response_minutes", 1),
        ):
            for user in (self.agent, self.director):
                with self.subTest(name, user=user), self.assertRaises(AccessError):
                    self.lead.with_user(user).write({name: value})


@tagged("response_clock")
class TestWhereTheMinutesWent(ResponseCase):
    """M129: unrouted, unseen, not done, outside hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Nothing is given out by itself here.
        cls.env["base.automation"].search([]).active = False

    def test_four_parts_add_up_to_the_whole_time(self):
        """M129: received Tuesday 17:30, given out Wednesday 9:20, answered 10:00."""
        lead = self._receive(local("2026-03-03 17:30"), user_id=False)
        with self._at(local("2026-03-04 09:20")):
            lead.with_user(self.manager).user_id = self.agent
            self.env.flush_all()
        self._answer(lead, WEDNESDAY)
        self.assertEqual(self._get_parts(lead), [50, 0, 40, 15 * 60])
        total = (lead.first_response_at - lead.received_at) / minutes(1)
        self.assertEqual(sum(self._get_parts(lead)), total)

    def test_until_the_responsible_person_saw_it_the_minutes_are_unseen(self):
        """M129: later rooms tell when the lead was seen."""
        lead = self._receive(WEDNESDAY)
        seen = {lead: WEDNESDAY + minutes(12)}
        mixin = self.env.registry["crm.lead"]
        self.patch(mixin, "_get_seen_at", lambda leads: seen)
        self._answer(lead, WEDNESDAY + minutes(20))
        self.assertEqual(self._get_parts(lead), [0, 12, 8, 0])

    def test_whom_nobody_was_responsible_for_was_unrouted_to_the_end(self):
        lead = self._receive(WEDNESDAY, user_id=False)
        self._answer(lead, WEDNESDAY + minutes(20), user=self.manager)
        self.assertEqual(self._get_parts(lead), [20, 0, 0, 0])
