from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import clean_context

from .. import inner


class ViewingCalendar(models.AbstractModel):
    """A viewing stands in the calendar; moved there, it is moved here."""

    _name = "estate.viewing.calendar.mixin"
    _description = "Viewing: appointment in the calendar"

    @api.model
    def _calendar_context(self):
        # The invitation is an own, hand-written mail; the seeker's name and phone do
        # not belong into a description that every employee can read.
        return {
            "no_mail_to_attendees": True,
            "skip_contact_description": True,
            "skip_attendee_notification": True,
            "mail_activity_automation_skip": True,
            "mail_notify_author": False,
            **inner.get_words(viewing_sync=True),
        }

    def _get_events(self):
        # sudo: calendar.event - who may change the viewing may move its appointment
        events = (
            self.env["calendar.event"]
            .sudo()
            .with_context(clean_context(self.env.context))
        )
        # sudo: calendar.event - the same, whoever wrote it into the calendar
        events |= self.sudo().calendar_event_id
        return events.with_context(**self._calendar_context())

    def _sync_calendar(self):
        """Keep one event per planned viewing; that of a fallen one is archived.

        The appointment of a group viewing is the group's: no seeker stands in it.
        """
        alone = self.filtered(lambda v: not v.group_id)
        alone.filtered(
            lambda v: v.state in ("cancelled", "rescheduled")
        )._get_events().write({"active": False})
        planned = alone.filtered(lambda v: v.state == "planned")
        for viewing in planned.filtered("calendar_event_id"):
            viewing._get_events().write(viewing._prepare_calendar_vals())
        lonely = planned.filtered(lambda v: not v.calendar_event_id)
        events = (
            self.browse()
            ._get_events()
            .create([viewing._prepare_calendar_vals() for viewing in lonely])
        )
        for viewing, event in zip(lonely, events, strict=True):
            viewing.calendar_event_id = event.id

    def _pass_on_appointments(self, by_agent):
        """Have the new agent take the place of the former; other guests stay.

        :param dict by_agent: former agent -> those of these viewings he had
        """
        planned = self.filtered(lambda v: v.state == "planned")
        planned.filtered(lambda v: not v.calendar_event_id)._sync_calendar()
        for former, viewings in by_agent.items():
            agent = self.agent_id
            if agent == former:
                continue
            comes, leaves = agent.partner_id, former.partner_id
            events = (viewings & planned)._get_events()
            # Who attends already is not invited a second time.
            guest = events.filtered(lambda event: comes in event.partner_ids)  # noqa: B023
            leave = Command.unlink(leaves.id)
            join = Command.link(comes.id)
            guest.write({"user_id": agent.id, "partner_ids": [leave]})
            (events - guest).write({"user_id": agent.id, "partner_ids": [leave, join]})

    def _prepare_calendar_vals(self):
        self.ensure_one()
        prop = self.property_id
        return {
            "name": self.env._("Viewing: %s", prop.name),
            "start": self.start,
            "stop": self.stop,
            "location": prop._get_place(),
            "user_id": self.agent_id.id,
            "partner_ids": [
                Command.set((self.agent_id.partner_id | self.partner_id).ids)
            ],
            "opportunity_id": self.lead_id.id,
            "active": True,
        }

    def _follow_lost_appointment(self):
        """The appointments were archived or deleted in somebody's calendar.

        One that was still to come is called off. When its time has begun nobody but the
        agent knows whether the viewing took place: he gets the task to say so.
        """
        planned = self.filtered(lambda viewing: viewing.state == "planned")
        now = fields.Datetime.now()
        ahead = planned.filtered(lambda viewing: viewing.start > now)
        inner.say(ahead, viewing_sync=True).write(
            {"state": "cancelled", "cancelled_by": "agency"}
        )
        for viewing in planned - ahead:
            about = viewing.lead_id or viewing.property_id
            about.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=viewing.agent_id.id,
                summary=self.env._("What became of the viewing?"),
                note=self.env._(
                    "The appointment of %(viewing)s was taken out of the calendar "
                    "after it began. Open the viewing and say how it ended.",
                    viewing=viewing.display_name,
                ),
            )

    def _follow_calendar(self):
        """Take over what was changed on the appointment in somebody's calendar."""
        for viewing in self.filtered(lambda v: v.state == "planned"):
            event = viewing.calendar_event_id
            # An event may last no time at all, a viewing may not.
            stop = max(event.stop, event.start + timedelta(minutes=1))
            if (event.start, stop) != (viewing.start, viewing.stop):
                inner.say(viewing, viewing_sync=True).write(
                    {"start": event.start, "stop": stop}
                )
