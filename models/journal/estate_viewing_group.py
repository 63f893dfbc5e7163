import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import format_datetime

from .. import inner

CALENDAR_FIELDS = {"start", "stop", "agent_id", "property_id", "state"}
# What each viewing of a group has from it.
SHARED_FIELDS = {"start", "stop", "agent_id"}


class ViewingGroup(models.Model):
    """A property is shown to many at once, each with a place of his own.

    Who holds a place is decided by `estate.viewing.place` alone, in a transaction of
    its own; the viewing of that person follows.
    """

    _name = "estate.viewing.group"
    _description = "Group viewing"
    _order = "start desc, id desc"
    _check_company_auto = True

    property_id = fields.Many2one(
        "estate.property",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    agent_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        index=True,
        domain="[('share', '=', False)]",
    )
    start = fields.Datetime(required=True, index=True)
    stop = fields.Datetime(
        required=True,
        compute="_compute_stop",
        store=True,
        readonly=False,
        precompute=True,
    )
    places = fields.Integer(required=True, default=10)
    state = fields.Selection(
        [("planned", "Planned"), ("cancelled", "Cancelled")],
        required=True,
        default="planned",
        copy=False,
    )
    viewing_ids = fields.One2many("estate.viewing", "group_id", "Seekers")
    place_ids = fields.One2many(
        "estate.viewing.place", "group_id", "Held places", groups="base.group_system"
    )
    booked_count = fields.Integer("Booked", compute="_compute_booked_count")
    free_count = fields.Integer("Free places", compute="_compute_booked_count")
    calendar_event_id = fields.Many2one(
        "calendar.event",
        "Appointment",
        ondelete="set null",
        index="btree_not_null",
        copy=False,
    )
    company_id = fields.Many2one(
        related="property_id.company_id", store=True, index=True
    )

    _ends_after_start = models.Constraint(
        "CHECK(stop > start)", "A viewing must end after it starts."
    )
    _places_positive = models.Constraint(
        "CHECK(places > 0)", "A group viewing has at least one place."
    )

    @api.depends("start")
    def _compute_stop(self):
        usual = self.env["estate.viewing"]._get_usual_length() * 2
        for group in self:
            if group.start and (not group.stop or group.stop <= group.start):
                saved = group._origin
                length = saved.stop and saved.start and saved.stop - saved.start
                group.stop = group.start + (length or usual)

    @api.depends("places", "place_ids")
    def _compute_booked_count(self):
        # sudo: estate.viewing.place - how many there are, not who holds them
        places = self.env["estate.viewing.place"].sudo()
        groups = places._read_group(
            [("group_id", "in", self.ids)], ["group_id"], ["__count"]
        )
        counts = {group.id: count for group, count in groups}
        for group in self:
            group.booked_count = counts.get(group.id, 0)
            group.free_count = max(group.places - group.booked_count, 0)

    @api.depends("property_id", "start")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for group in self:
            moment = group.start and format_datetime(
                self.env, group.start, dt_format="short"
            )
            parts = filter(None, (group.property_id.name, moment))
            group.display_name = " · ".join(parts)

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        groups = super().create(vals_list)
        groups._sync_calendar()
        return groups

    def write(self, vals):
        if "start" in vals and "stop" not in vals:
            return all(group._move(vals) for group in self)
        result = super().write(vals)
        if CALENDAR_FIELDS & set(vals):
            self._sync_calendar()
        if shared := SHARED_FIELDS & set(vals):
            for group in self:
                values = group._prepare_shared_vals()
                group._get_planned().write({name: values[name] for name in shared})
        return result

    def _move(self, vals):
        """Write another start; the viewing lasts as long as before."""
        start = fields.Datetime.to_datetime(vals["start"])
        return self.write({**vals, "stop": start + (self.stop - self.start)})

    def _prepare_shared_vals(self):
        self.ensure_one()
        return {"start": self.start, "stop": self.stop, "agent_id": self.agent_id.id}

    def _get_planned(self):
        """Return the viewings of this group that are still to come."""
        # sudo: estate.viewing - those of colleagues' seekers follow the group, too
        viewings = self.sudo().viewing_ids
        return viewings.filtered(lambda viewing: viewing.state == "planned")

    def unlink(self):
        # sudo: calendar.event - who may delete the viewing may take it out
        self.sudo().calendar_event_id.with_context(
            **self.env["estate.viewing"]._calendar_context()
        ).write({"active": False})
        return super().unlink()

    def _sync_calendar(self):
        """Keep one event per group viewing: the agent's, without any seeker."""
        events = self.env["estate.viewing"].browse()._get_events()
        for group in self:
            vals = group._prepare_calendar_vals()
            # sudo: calendar.event - who may change the viewing may move its event
            if event := group.sudo().calendar_event_id:
                event.with_context(**events.env.context).write(vals)
            elif group.state == "planned":
                group.calendar_event_id = events.create(vals).id

    def _prepare_calendar_vals(self):
        self.ensure_one()
        prop = self.property_id
        return {
            "name": self.env._("Group viewing: %s", prop.name),
            "start": self.start,
            "stop": self.stop,
            "location": prop._get_place(),
            "user_id": self.agent_id.id,
            "partner_ids": [fields.Command.set(self.agent_id.partner_id.ids)],
            "active": self.state == "planned",
        }

    # === BOOKING ===

    def _book(self, lead):
        """Give the seeker of an enquiry a place, if one is left.

        Of any number of people at once as many get one as there are places. Asking
        again finds the place one has.

        :param lead: `crm.lead` about the property of this group viewing
        :return: the `estate.viewing`, empty when all places are taken
        """
        self.ensure_one()
        viewings = self.env["estate.viewing"]
        if self.state != "planned" or self.start <= fields.Datetime.now():
            return viewings
        if not self._take_place(lead):
            return viewings
        mine = self.viewing_ids.filtered(
            lambda v: v.lead_id == lead and v.state == "planned"
        )
        try:
            with self.env.cr.savepoint():
                return mine or self._create_booked(lead)
        except psycopg2.errors.UniqueViolation as error:
            # Pressed twice: the second time finds the viewing of the first.
            raise ConcurrencyError(f"lead {lead.id} was booked twice") from error

    def _create_booked(self, lead):
        """Create the viewing of a seeker who holds a place."""
        return inner.say(self.env["estate.viewing"], has_place=True).create(
            {
                "group_id": self.id,
                "lead_id": lead.id,
                "property_id": self.property_id.id,
                "partner_id": lead.partner_id.id,
                **self._prepare_shared_vals(),
            }
        )

    def _take_place(self, lead):
        """Take a place for a lead, if one is left; tell whether it has one."""
        self.ensure_one()
        return self.env["estate.viewing.place"]._take(self, lead)

    def action_add_seeker(self):
        """Open the short form of a viewing in this group."""
        self.ensure_one()
        view = self.env.ref("crm_real_estate.estate_viewing_view_form_quick")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add a seeker"),
            "res_model": "estate.viewing",
            "view_mode": "form",
            "target": "new",
            "views": [(view.id, "form")],
            "context": {
                "default_group_id": self.id,
                "default_property_id": self.property_id.id,
                "default_agent_id": self.agent_id.id,
                "default_start": self.start,
                "default_stop": self.stop,
            },
        }

    def action_cancel(self):
        """Call the group viewing off, with all viewings that are still to come."""
        self.write({"state": "cancelled"})
        self._get_planned().write({"state": "cancelled", "cancelled_by": "agency"})

    def action_all_came(self):
        """Everybody whose outcome is still open came: one click for the whole group."""
        planned = self.viewing_ids.filtered(lambda v: v.state == "planned")
        if not planned:
            raise UserError(self.env._("Nobody is left whose outcome is open."))
        inner.say(planned, told_at_once=True).write({"state": "done"})
