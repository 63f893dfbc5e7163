"""A viewing stands in the calendar and the journal, and is nobody else's business."""

from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Datetime
from odoo.tests import Form, tagged

from odoo.addons.mail.tests.common import MailCase

from .common import NOW, EstateCase

TOMORROW = NOW + timedelta(days=1)


class ViewingCase(MailCase, EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seeker = cls._create_contact("Sam Seeker", phone="+420 777 123 456")
        cls.prop = cls._create_property(state="on_market", agent_id=cls.agent.id)
        cls.lead = cls._create_seeker_lead(cls.prop, cls.seeker)

    def _plan(self, start=TOMORROW, **values):
        """Fill in the form of a new viewing as the agent does."""
        viewings = self.env["estate.viewing"].with_user(self.agent)
        with self.mock_mail_gateway(), Form(viewings) as form:
            form.lead_id = self.lead
            form.start = start
            for name, value in values.items():
                setattr(form, name, value)
        return form.record

    def _tell_outcome(self, viewing, button, **values):
        """Press an outcome button and fill in the form it opens."""
        action = getattr(viewing.with_user(self.agent), button)()
        wizard = self.env[action["res_model"]].with_user(self.agent)
        with Form(wizard.with_context(**action["context"])) as form:
            for name, value in values.items():
                setattr(form, name, value)
        # The web client sends the context of the dialog with its button, too.
        form.record.with_context(**action["context"]).action_apply()

    def _get_rows(self, viewing):
        return self.env["estate.interaction"].search(
            [("origin", "=like", f"estate.viewing,{viewing.id},%")], order="id"
        )


@tagged("post_install", "-at_install")
class TestViewingsInTheCalendar(ViewingCase):
    def test_a_planned_viewing_is_an_appointment_of_agent_and_seeker(self):
        viewing = self._plan()
        event = viewing.calendar_event_id
        self.assertEqual((event.start, event.stop), (viewing.start, viewing.stop))
        self.assertEqual(event.partner_ids, self.agent.partner_id | self.seeker)
        self.assertEqual(event.opportunity_id, self.lead)
        self.assertEqual(viewing.stop - viewing.start, timedelta(minutes=30))

    def test_nobody_is_mailed_because_the_calendar_is_kept(self):
        start = Datetime.now() + timedelta(days=2)
        viewing = self._plan(start)
        with self.mock_mail_gateway():
            viewing.start = start + timedelta(hours=1)
            viewing.write({"state": "cancelled", "cancelled_by": "owner"})
        self.assertFalse(self._new_mails)
        notified = self.env["mail.notification"].search_count(
            [("res_partner_id", "=", self.seeker.id)]
        )
        self.assertEqual(notified, 0)

    def test_colleagues_read_neither_phone_nor_mail_of_the_seeker(self):
        event = self._plan().calendar_event_id
        text = " ".join(
            str(event[name] or "")
            for name, field in event._fields.items()
            if field.type in ("char", "text", "html")
        )
        for secret in ("777", self.seeker.email):
            self.assertNotIn(secret, text)

    def test_moving_the_viewing_moves_the_appointment(self):
        viewing = self._plan()
        with Form(viewing) as form:
            form.start = TOMORROW + timedelta(hours=2)
            form.stop = TOMORROW + timedelta(hours=3)
        event = viewing.calendar_event_id
        self.assertEqual((event.start, event.stop), (viewing.start, viewing.stop))

    def test_moving_the_appointment_moves_the_viewing(self):
        viewing = self._plan()
        event = viewing.calendar_event_id.with_user(self.manager)
        with self.mock_mail_gateway():
            event.write(
                {
                    "name": "At the side entrance",
                    "start": TOMORROW + timedelta(hours=2),
                    "stop": TOMORROW + timedelta(hours=3),
                }
            )
        self.assertEqual(viewing.start, TOMORROW + timedelta(hours=2))
        self.assertEqual(viewing.stop, TOMORROW + timedelta(hours=3))
        self.assertEqual(event.name, "At the side entrance")

    def test_another_start_keeps_the_length(self):
        viewing = self._plan()
        viewing.write({"start": TOMORROW - timedelta(hours=3)})
        self.assertEqual(viewing.stop - viewing.start, timedelta(minutes=30))

    def test_another_agent_is_another_attendee(self):
        viewing = self._plan()
        viewing.with_user(self.manager).agent_id = self.second_agent
        self.assertEqual(
            viewing.calendar_event_id.partner_ids,
            self.second_agent.partner_id | self.seeker,
        )

    def test_a_cancelled_viewing_leaves_the_calendar(self):
        viewing = self._plan()
        self._tell_outcome(viewing, "action_cancel", cancelled_by="seeker")
        self.assertFalse(viewing.calendar_event_id.active)

    def test_a_viewing_that_took_place_stays_in_the_calendar(self):
        viewing = self._plan()
        viewing.with_user(self.agent).action_no_show()
        self.assertTrue(viewing.calendar_event_id.active)

    def _lose_appointment(self, viewing, how):
        """Take the appointment out of the calendar, as a program that syncs does."""
        event = viewing.calendar_event_id.with_user(self.agent)
        with self.mock_mail_gateway():
            if how == "archived":
                event.active = False
            else:
                event.unlink()
        self.env.invalidate_all()

    def test_an_appointment_that_is_taken_out_calls_the_viewing_off(self):
        for how in ("archived", "deleted"):
            with self.subTest(how), freeze_time(NOW):
                viewing = self._plan()
                self._lose_appointment(viewing, how)
                self.assertEqual(viewing.state, "cancelled")
                self.assertEqual(viewing.cancelled_by, "agency")
                rows = self._get_rows(viewing)
                self.assertEqual(rows[-1:].type_code, "viewing_cancelled")

    def test_nothing_brings_an_appointment_back_that_was_taken_out(self):
        with freeze_time(NOW):
            viewing = self._plan()
            event = viewing.calendar_event_id
            self._lose_appointment(viewing, "archived")
            viewing.agent_id = self.second_agent
        self.assertFalse(event.active)

    def test_after_it_began_the_agent_is_asked_what_became_of_it(self):
        for how in ("archived", "deleted"):
            with self.subTest(how):
                with freeze_time(NOW):
                    viewing = self._plan()
                    self.lead.activity_ids.unlink()
                with freeze_time(viewing.start + timedelta(minutes=10)):
                    self._lose_appointment(viewing, how)
                self.assertEqual(viewing.state, "planned")
                task = self.lead.activity_ids
                self.assertEqual(task.summary, "What became of the viewing?")
                self.assertEqual(task.user_id, self.agent)

    def test_a_longer_appointment_is_a_longer_viewing(self):
        viewing = self._plan()
        with self.mock_mail_gateway():
            viewing.calendar_event_id.duration = 2
        self.assertEqual(viewing.stop - viewing.start, timedelta(hours=2))

    def test_an_appointment_taken_out_after_the_outcome_changes_nothing(self):
        viewing = self._plan()
        viewing.with_user(self.agent).action_no_show()
        self._lose_appointment(viewing, "deleted")
        self.assertEqual(viewing.state, "no_show")
        self.assertFalse(
            self.lead.activity_ids.filtered(lambda task: "became" in task.summary)
        )

    def test_an_appointment_moved_after_the_outcome_changes_nothing(self):
        viewing = self._plan()
        viewing.with_user(self.agent).action_no_show()
        viewing.calendar_event_id.start = TOMORROW + timedelta(days=3)
        self.assertEqual(viewing.start, TOMORROW)

    def test_a_deleted_viewing_leaves_the_calendar(self):
        viewing = self._plan()
        event = viewing.calendar_event_id
        viewing.with_user(self.manager).unlink()
        self.assertFalse(event.active)


@tagged("post_install", "-at_install")
class TestOutcomesOfViewings(ViewingCase):
    def test_carried_out_is_told_with_report_and_comment(self):
        viewing = self._plan()
        self._tell_outcome(
            viewing,
            "action_done",
            feedback="The kitchen pleased",
            owner_comment="We suggest to paint the hall",
        )
        row = self._get_rows(viewing)[-1]
        self.assertEqual(
            (viewing.state, viewing.feedback), ("done", "The kitchen pleased")
        )
        self.assertEqual(
            (row.type_code, row.summary, row.owner_comment),
            ("viewing_done", "The kitchen pleased", "We suggest to paint the hall"),
        )

    def test_it_happened_when_it_took_place_and_the_agent_was_there(self):
        viewing = self._plan()
        with freeze_time(TOMORROW + timedelta(days=1)):
            viewing.with_user(self.manager).action_no_show()
        row = self._get_rows(viewing)[-1]
        self.assertEqual((row.occurred_at, row.user_id), (TOMORROW, self.agent))

    def test_an_outcome_told_early_did_not_happen_in_the_future(self):
        viewing = self._plan()
        with freeze_time(NOW):
            self._tell_outcome(viewing, "action_done")
        self.assertEqual(self._get_rows(viewing)[-1].occurred_at, NOW)

    def test_cancelling_asks_who_did_it(self):
        viewing = self._plan()
        with self.assertRaises(ValidationError):
            viewing.with_user(self.agent).state = "cancelled"
        self._tell_outcome(viewing, "action_cancel", cancelled_by="owner")
        self.assertEqual(viewing.cancelled_by, "owner")

    def test_another_time_is_a_new_viewing(self):
        viewing = self._plan()
        self._tell_outcome(
            viewing, "action_reschedule", new_start=TOMORROW + timedelta(days=7)
        )
        new = self.lead.viewing_ids - viewing
        self.assertEqual(viewing.state, "rescheduled")
        self.assertEqual(
            (new.state, new.start, new.partner_id, new.property_id, new.agent_id),
            (
                "planned",
                TOMORROW + timedelta(days=7),
                self.seeker,
                self.prop,
                self.agent,
            ),
        )
        self.assertEqual(new.stop - new.start, viewing.stop - viewing.start)
        self.assertTrue(new.calendar_event_id - viewing.calendar_event_id)
        self.assertEqual(self._get_rows(new).mapped("type_code"), ["viewing_planned"])
        self.assertEqual(
            self._get_rows(viewing).mapped("type_code"),
            ["viewing_planned", "viewing_rescheduled"],
        )

    def test_what_the_dialog_was_opened_with_does_not_reach_further(self):
        model = self.env["ir.model"]._get_id("estate.viewing")
        self.env["base.automation"].create(
            {
                "name": "Write to somebody",
                "model_id": model,
                "trigger": "on_create_or_write",
                "filter_domain": "[('state', '=', 'rescheduled')]",
                "action_server_ids": [
                    Command.create(
                        {
                            "name": "Write",
                            "model_id": model,
                            "state": "code",
                            "code": "env['mail.mail'].create({'subject': 'Later'})",
                        }
                    )
                ],
            }
        )
        self._tell_outcome(
            self._plan(), "action_reschedule", new_start=TOMORROW + timedelta(days=7)
        )
        mail = self.env["mail.mail"].search([("subject", "=", "Later")])
        self.assertEqual(mail.state, "outgoing")

    def test_another_time_needs_a_time(self):
        viewing = self._plan()
        wizard = self.env["estate.viewing.outcome"].create(
            {"viewing_id": viewing.id, "state": "rescheduled"}
        )
        with self.assertRaises(UserError):
            wizard.action_apply()
        self.assertEqual(viewing.state, "planned")

    def test_an_outcome_is_told_once(self):
        viewing = self._plan()
        viewing.with_user(self.agent).action_no_show()
        for attempt in (
            lambda: viewing.with_user(self.agent).action_no_show(),
            lambda: self._tell_outcome(viewing, "action_done"),
            lambda: viewing.with_user(self.manager).write({"state": "done"}),
        ):
            with self.assertRaises(UserError):
                attempt()
        self.assertEqual(
            self._get_rows(viewing).mapped("type_code"),
            ["viewing_planned", "viewing_no_show"],
        )

    def test_a_copy_of_a_viewing_is_a_new_appointment(self):
        viewing = self._plan()
        self._tell_outcome(viewing, "action_done", feedback="The kitchen pleased")
        copy = viewing.copy()
        self.assertEqual((copy.state, copy.feedback), ("planned", False))
        self.assertNotEqual(copy.calendar_event_id, viewing.calendar_event_id)
        self.assertEqual(self._get_rows(copy).mapped("type_code"), ["viewing_planned"])

    def test_a_viewing_belongs_to_the_company_of_its_property(self):
        other = self.env["res.company"].create({"name": "Other agency"})
        prop = self._create_property(
            company_id=other.id, team_id=False, owner_ids=self.seeker
        )
        viewing = self.env["estate.viewing"].create(
            {"property_id": prop.id, "partner_id": self.seeker.id, "start": TOMORROW}
        )
        self.assertEqual(viewing.company_id, other)
        self.assertEqual(self._get_rows(viewing).company_id, other)


class TestTheNextFreeTimeIsOffered(EstateCase):
    @freeze_time("2026-03-04 09:10:00")
    def test_a_new_viewing_starts_at_the_agents_next_free_half_hour(self):
        lead = self._create_seeker_lead()
        context = lead.with_user(self.agent).action_plan_viewing()["context"]
        self.assertEqual(str(context["default_start"]), "2026-03-04 10:30:00")
        self._create_viewing(lead, start=context["default_start"])
        again = lead.with_user(self.agent).action_plan_viewing()["context"]
        # Lunch begins at 11:00 UTC, so the next one is after it.
        self.assertEqual(str(again["default_start"]), "2026-03-04 12:00:00")
