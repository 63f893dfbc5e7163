from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime
from odoo.tools.date_utils import localized

from ...tools import slots

DAY = timedelta(days=1)
HORIZON = timedelta(days=14)
MOST_SUGGESTIONS = 6


class Viewing(models.Model):
    """When agent and property are free, and what stands in the way."""

    _inherit = "estate.viewing"

    clash = fields.Text(
        "In the way",
        compute="_compute_clash",
        help="What the agent or the property has at that time already.",
    )
    free_slots = fields.Json(
        "Free times",
        compute="_compute_free_slots",
        help="When agent and property are free next, inside the business hours.",
    )

    @api.depends("start", "stop", "agent_id", "property_id", "state")
    def _compute_clash(self):
        self.clash = False
        for viewing in self.filtered(lambda v: v.state == "planned" and v.start):
            stop = viewing.stop or viewing.start + viewing._get_usual_length()
            lines = [
                self._say_busy(who, busy)
                for who, busy in viewing._find_clashes(viewing.start, stop)
            ]
            viewing.clash = "\n".join(lines) or False

    def _say_busy(self, who, pair):
        """Return the sentence that somebody is busy from a moment to another."""
        start, stop = (
            format_datetime(self.env, moment, dt_format="short") for moment in pair
        )
        return self.env._(
            "%(who)s: busy from %(start)s to %(stop)s", who=who, start=start, stop=stop
        )

    def _find_clashes(self, start, stop):
        """Return what stands in the way of [start, stop): (who, (start, stop))."""
        events = self._find_agent_events(self.agent_id, start, stop)
        own = self._origin.calendar_event_id
        clashes = [
            (self.agent_id.name, (event.start, event.stop)) for event in events - own
        ]
        others = self._find_property_viewings(self.property_id, start, stop)
        clashes += [
            (self.property_id.name, (other.start, other.stop))
            for other in others
            # A viewing of the agent himself stands in his calendar.
            if other != self._origin and other.calendar_event_id not in events
        ]
        return clashes

    @api.model
    def _find_agent_events(self, agent, start, stop):
        # sudo: calendar.event - only when the agent is busy is read, not with what
        return (
            self.env["calendar.event"]
            .sudo()
            .search(
                [
                    ("partner_ids", "in", agent.partner_id.ids),
                    ("show_as", "=", "busy"),
                    ("start", "<", stop),
                    ("stop", ">", start),
                ]
            )
        )

    @api.model
    def _find_property_viewings(self, prop, start, stop):
        # sudo: estate.viewing - only when the property is shown is read, not to whom
        return self.sudo().search(
            Domain("property_id", "in", prop.ids)
            & Domain("state", "=", "planned")
            & Domain("start", "<", stop)
            & Domain("stop", ">", start)
        )

    @api.depends("agent_id", "property_id", "lead_id")
    def _compute_free_slots(self):
        self.free_slots = False
        for viewing in self.filtered(lambda v: v.state == "planned"):
            office = viewing.lead_id.team_id or viewing.property_id.team_id
            viewing.free_slots = [
                {
                    "start": fields.Datetime.to_string(start),
                    "label": format_datetime(
                        self.env, start, dt_format="EEE d.M. H:mm"
                    ),
                }
                for start in self._get_free_starts(
                    viewing.agent_id, viewing.property_id, office
                )
            ]

    @api.model
    def _get_free_starts(self, agent, prop, office, count=MOST_SUGGESTIONS):
        """Return when `agent` can next show a property, within two weeks.

        :param agent: `res.users`
        :param prop: `estate.property`, at whose other viewings it is not free
        :param office: `crm.team` whose business hours hold
        :return: list of naive UTC, an hour from now at the earliest
        """
        earliest = fields.Datetime.now() + timedelta(hours=1)
        horizon = earliest + HORIZON
        calendar = office._get_business_calendar()
        if not (calendar and agent):
            return []
        hours = calendar._work_intervals_batch(
            localized(earliest - DAY), localized(horizon)
        )
        events = self._find_agent_events(agent, earliest, horizon)
        viewings = self._find_property_viewings(prop, earliest, horizon)
        busy = [(item.start, item.stop) for item in (*events, *viewings)]
        starts = slots.free_starts(
            localized(earliest),
            self._get_usual_length(),
            [(pair[0], pair[1]) for pair in hours[False]],
            [(localized(start), localized(stop)) for start, stop in busy],
            count,
        )
        return [start.astimezone(pytz.utc).replace(tzinfo=None) for start in starts]
