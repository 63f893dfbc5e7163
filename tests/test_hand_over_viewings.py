"""The viewings to come of a contact go along when it is handed over, and come back."""

from datetime import timedelta

from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.mail.tests.common import MailCase

from .common import NOW, EstateCase

# Later on the same day.
SOON = NOW + timedelta(hours=3)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestViewingsGoAlong(MailCase, EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seeker = cls._create_contact("Sam Seeker", user_id=cls.agent.id)
        cls.owner = cls._create_contact("Olga Owner")
        cls.prop = cls._create_property(state="on_market", agent_id=cls.agent.id)
        cls.lead = cls._create_seeker_lead(cls.prop, cls.seeker, user_id=cls.agent.id)
        cls.viewing = cls._plan(SOON)
        cls.event = cls.viewing.calendar_event_id
        # The owner was invited by hand, under another title, with a reminder.
        alarm = cls.env["calendar.alarm"].create(
            {
                "name": "An hour before",
                "alarm_type": "notification",
                "interval": "hours",
                "duration": 1,
            }
        )
        cls.event.with_context(no_mail_to_attendees=True).write(
            {
                "name": "At the side entrance",
                "partner_ids": [Command.link(cls.owner.id)],
                "alarm_ids": [Command.set(alarm.ids)],
            }
        )
        cls.past = cls._plan(NOW - timedelta(days=2))
        cls.env.flush_all()

    @classmethod
    def _plan(cls, start, **values):
        viewings = cls.env["estate.viewing"].with_user(cls.agent)
        return viewings.create(
            {"lead_id": cls.lead.id, "start": start, **values}
        ).with_user(cls.env.user)

    def _open(self):
        wizard = self.env["estate.contact.hand.over"].with_user(self.agent)
        form = Form(
            wizard.with_context(active_model="res.partner", active_ids=self.seeker.ids)
        )
        form.user_id = self.second_agent
        return form

    def _hand_over(self, form=None):
        """Hand over through the form; return the row, and the mails that left."""
        form = form or self._open()
        with self.mock_mail_gateway():
            form.save().action_apply()
            self.env.flush_all()
            self.env.cr.precommit.run()
        row = self.env["estate.hand.over"].search(
            [("partner_id", "=", self.seeker.id)], limit=1
        )
        return row, self._new_mails

    def _get_guests(self):
        """Return who attends -> the row of his invitation and what he answered."""
        self.env.invalidate_all()
        return {
            guest.partner_id: (guest.id, guest.state)
            for guest in self.event.attendee_ids
        }

    def _get_day(self, user):
        boxes = self.env["estate.my.day"].with_user(user).get_boxes()
        rows = next(box["rows"] for box in boxes if box["code"] == "viewings")
        return [row["id"] for row in rows]

    def _get_reminders(self, user):
        manager = self.env["calendar.alarm_manager"].with_user(user)
        return [reminder["event_id"] for reminder in manager.get_next_notif()]

    def test_viewings_to_come_go_along_and_nobody_is_invited_again(self):
        """M88: calendar, reminder and day follow; the form told how many there are."""
        other = self._plan(SOON + timedelta(days=1), agent_id=self.manager.id)
        gone = self._plan(SOON + timedelta(days=2))
        gone.write({"state": "cancelled", "cancelled_by": "owner"})
        before = self._get_guests()
        form = self._open()
        self.assertEqual(form.viewing_count, 1)
        row, mails = self._hand_over(form)
        self.assertEqual(self.viewing.agent_id, self.second_agent)
        self.assertEqual(self.event.user_id, self.second_agent)
        after = self._get_guests()
        came = self.second_agent.partner_id
        self.assertEqual(before.keys() - after.keys(), {self.agent.partner_id})
        self.assertEqual(after.keys() - before.keys(), {came})
        self.assertEqual(set(self.event.partner_ids), set(after))
        for guest in (self.seeker, self.owner):
            self.assertEqual(after[guest], before[guest], "his row stays as it is")
        self.assertEqual(self.event.name, "At the side entrance")
        self.assertFalse(mails)
        self.assertEqual(self._get_day(self.agent), [])
        self.assertEqual(self._get_day(self.second_agent), self.viewing.ids)
        self.assertEqual(self.past.agent_id, self.agent, "it was he who did it")
        self.assertEqual(self.past.calendar_event_id.user_id, self.agent)
        self.assertEqual(gone.agent_id, self.agent)
        self.assertEqual(other.agent_id, self.manager)
        self.assertEqual(row.viewing_count, 1)
        told = self.seeker.interaction_ids.filtered(
            lambda line: line.type_code == "hand_over"
        )
        self.assertEqual(told.summary, "From Agent to Agent2, with viewings to come: 1")

    def test_the_receiver_is_reminded_of_them(self):
        """M89: not any more who gave them away."""
        # Odoo asks the clock of the database what is to come.
        self.env.cr.execute("SELECT now() AT TIME ZONE 'utc'")
        now = self.env.cr.fetchone()[0].replace(microsecond=0)
        with freeze_time(now):
            self.viewing.start = now + timedelta(hours=3)
            self.assertIn(self.event.id, self._get_reminders(self.agent))
            self.assertNotIn(self.event.id, self._get_reminders(self.second_agent))
            self._hand_over()
            self.assertNotIn(self.event.id, self._get_reminders(self.agent))
            self.assertIn(self.event.id, self._get_reminders(self.second_agent))

    def test_the_receiver_is_told_by_mail_and_the_seeker_by_nothing(self):
        """M89: one mail to the colleague who wants it, also with viewings."""
        self.second_agent.with_user(self.second_agent).hand_over_notice = "mail"
        _row, mails = self._hand_over()
        self.assertEqual(len(mails), 1)
        self.assertIn(self.second_agent.email, mails.email_to)
        self.assertFalse(mails.recipient_ids)

    def test_viewings_that_are_taken_off_the_form_stay(self):
        """M88: the switch, or the enquiry they belong to."""
        for name, value in (("with_viewings", False), ("lead_ids", self.lead.browse())):
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                form = self._open()
                setattr(form, name, value)
                self.assertEqual(form.viewing_count, name == "with_viewings")
                row, _mails = self._hand_over(form)
                self.assertEqual(self.viewing.agent_id, self.agent)
                self.assertEqual(self.event.user_id, self.agent)
                self.assertEqual(row.viewing_count, 0)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_group_viewing_stays_with_who_shows_it_to_all(self):
        """M88: one seeker does not change who shows a house to many."""
        group = self.env["estate.viewing.group"].create(
            {
                "property_id": self.prop.id,
                "agent_id": self.agent.id,
                "start": SOON + timedelta(days=1),
            }
        )
        shared = group._create_booked(self.lead)
        self.assertEqual(shared.group_id, group)
        self._hand_over()
        self.assertEqual((shared | group.viewing_ids).agent_id, self.agent)
        self.assertEqual(self.viewing.agent_id, self.second_agent)

    def test_taken_back_they_are_as_before(self):
        """M88: organiser, guests and answers; what was carried out stays."""
        later = self._plan(SOON + timedelta(days=1))
        # The colleague comes along to the first one anyhow.
        came = self.second_agent.partner_id
        self.event.with_context(no_mail_to_attendees=True).partner_ids += came
        self.event.attendee_ids.filtered(
            lambda guest: guest.partner_id == came
        ).state = "tentative"
        answers = {who: told[1] for who, told in self._get_guests().items()}
        self.assertEqual(answers[self.agent.partner_id], "accepted")
        row, _mails = self._hand_over()
        self.assertEqual((self.viewing | later).agent_id, self.second_agent)
        self.assertNotIn(self.agent.partner_id, self._get_guests())
        later.with_user(self.second_agent).action_carried_out()
        with self.mock_mail_gateway():
            row.with_user(self.second_agent).action_undo()
            self.env.flush_all()
        self.assertFalse(self._new_mails)
        self.assertEqual(self.viewing.agent_id, self.agent)
        self.assertEqual(self.event.user_id, self.agent)
        back = {who: told[1] for who, told in self._get_guests().items()}
        self.assertEqual(back, answers)
        self.assertEqual(later.agent_id, self.second_agent, "it was he who did it")
        told = self.seeker.interaction_ids.filtered(
            lambda line: line.type_code == "hand_over"
        ).sorted("id")[-1]
        self.assertEqual(told.summary, "From Agent2 to Agent, with viewings to come: 1")
