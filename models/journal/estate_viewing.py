from odoo import _, api, fields, models
from odoo.exceptions import UserError, ValidationError

STATES = [
    ("planned", "Planned"),
    ("done", "Carried out"),
    ("no_show", "No-show"),
    ("cancelled", "Cancelled"),
    ("rescheduled", "Rescheduled"),
]


class Viewing(models.Model):
    """A person is shown a property: an appointment with an outcome."""

    _name = "estate.viewing"
    _description = "Viewing"
    _order = "start desc, id desc"
    _check_company_auto = True

    lead_id = fields.Many2one(
        "crm.lead", "Enquiry", index=True, ondelete="set null", check_company=True,
    )
    property_id = fields.Many2one(
        "estate.property", "Property", required=True, index=True, ondelete="restrict",
        compute="_compute_from_lead", store=True, readonly=False, precompute=True,
    )
    partner_id = fields.Many2one(
        "res.partner", "Seeker", required=True, index=True, ondelete="restrict",
        compute="_compute_from_lead", store=True, readonly=False, precompute=True,
    )
    agent_id = fields.Many2one(
        "res.users", "Agent", required=True, default=lambda self: self.env.user, index=True,
        domain="[('share', '=', False)]",
    )
    start = fields.Datetime(required=True, index=True)
    stop = fields.Datetime(
        required=True, compute="_compute_stop", store=True, readonly=False, precompute=True
    )
    state = fields.Selection(STATES, required=True, default="planned", index=True)
    cancelled_by = fields.Selection(
        [("seeker", "Seeker"), ("owner", "Owner"), ("agency", "Agency")]
    )
    feedback = fields.Text(
        "Viewing report", help="How it went; the owner reads it in the activity report."
    )
    calendar_event_id = fields.Many2one(
        "calendar.event", "Appointment", ondelete="set null", index="btree_not_null"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )

    _ends_after_start = models.Constraint(
        "CHECK(stop > start)", "A viewing must end after it starts."
    )

    # === COMPUTE ===

    @api.depends("lead_id")
    def _compute_from_lead(self):
        for viewing in self.filtered("lead_id"):
            viewing.property_id = viewing.lead_id.property_id or viewing.property_id
            viewing.partner_id = viewing.lead_id.partner_id or viewing.partner_id

    @api.depends("start")
    def _compute_stop(self):
        minutes = self.env.company.estate_viewing_minutes
        for viewing in self:
            if viewing.start and (not viewing.stop or viewing.stop <= viewing.start):
                viewing.stop = fields.Datetime.add(viewing.start, minutes=minutes)

    @api.depends("property_id", "partner_id")
    def _compute_display_name(self):
        for viewing in self:
            viewing.display_name = (
                f"{viewing.property_id.name or ''} · {viewing.partner_id.name or ''}"
            )

    @api.constrains("cancelled_by", "state")
    def _check_cancelled_by_somebody(self):
        for viewing in self:
            if viewing.state == "cancelled" and not viewing.cancelled_by:
                raise ValidationError(
                    _("Say who cancelled the viewing %s: seeker, owner or agency.", viewing.display_name)
                )

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        viewings = super().create(vals_list)
        viewings._sync_calendar()
        viewings._write_viewing_journal()
        return viewings

    def write(self, vals):
        before = {viewing.id: viewing.state for viewing in self}
        result = super().write(vals)
        if {"start", "stop", "property_id", "agent_id", "state"} & set(vals):
            self._sync_calendar()
        self.filtered(lambda v: v.state != before[v.id])._write_viewing_journal()
        return result

    # === CALENDAR ===

    def _sync_calendar(self):
        """Keep one calendar event per planned viewing; a fallen one is archived."""
        for viewing in self:
            event = viewing.calendar_event_id.with_context(**self._calendar_context())
            if viewing.state in ("cancelled", "rescheduled"):
                event.active = False
            elif event:
                event.write(viewing._prepare_calendar_vals())
            elif viewing.state == "planned":
                viewing.calendar_event_id = event.create(viewing._prepare_calendar_vals())

    @api.model
    def _calendar_context(self):
        # The invitation is an own, hand-written mail; the seeker's name and phone do not
        # belong into a description that every employee can read.
        return {
            "no_mail_to_attendees": True,
            "skip_contact_description": True,
            "skip_attendee_notification": True,
            "mail_activity_automation_skip": True,
            "estate_viewing_sync": True,
        }

    def _prepare_calendar_vals(self):
        self.ensure_one()
        prop = self.property_id
        return {
            "name": _("Viewing: %s", prop.name),
            "start": self.start,
            "stop": self.stop,
            "location": ", ".join(part for part in (prop.street, prop.zip, prop.city) if part),
            "user_id": self.agent_id.id,
            "partner_ids": [
                fields.Command.set((self.agent_id.partner_id | self.partner_id).ids)
            ],
            "opportunity_id": self.lead_id.id,
            "active": True,
        }

    def _follow_calendar(self):
        """Take over what was changed on the appointment in somebody's calendar."""
        for viewing in self.filtered(lambda v: v.state == "planned"):
            event = viewing.calendar_event_id
            vals = {
                name: event[name] for name in ("start", "stop") if event[name] != viewing[name]
            }
            if vals:
                viewing.with_context(estate_viewing_sync=True).write(vals)

    # === JOURNAL ===

    def _write_viewing_journal(self):
        """Tell the journal what became of these viewings, once for each state."""
        self.env["estate.interaction"]._write_journal(
            [viewing._prepare_journal_vals() for viewing in self]
        )

    def _prepare_journal_vals(self):
        self.ensure_one()
        local = fields.Datetime.context_timestamp(
            self.with_context(tz=self.agent_id.tz or self.env.user.tz), self.start
        )
        moment = local.strftime("%d.%m.%Y %H:%M")
        texts = {
            "planned": _("Viewing planned for %s", moment),
            "done": self.feedback or _("Viewing carried out"),
            "no_show": _("The seeker did not come to the viewing of %s", moment),
            "cancelled": _("Viewing of %s cancelled", moment),
            "rescheduled": _("Viewing of %s rescheduled", moment),
        }
        return {
            "type": f"viewing_{self.state}",
            "lead_id": self.lead_id.id,
            "partner_id": self.partner_id.id,
            "property_id": self.property_id.id,
            "company_id": self.company_id.id,
            "occurred_at": self.start if self.state == "done" else fields.Datetime.now(),
            "summary": texts[self.state],
            "owner_comment": self.env.context.get("estate_owner_comment") or False,
            "origin": f"estate.viewing,{self.id},{self.state}",
        }

    # === ACTIONS ===

    def action_done(self):
        """Open the short form that asks how it went."""
        self.ensure_one()
        return self._open_outcome("done")

    def action_no_show(self):
        self._check_planned()
        self.write({"state": "no_show"})

    def action_cancel(self):
        self.ensure_one()
        return self._open_outcome("cancelled")

    def action_reschedule(self):
        self.ensure_one()
        return self._open_outcome("rescheduled")

    def _open_outcome(self, state):
        self._check_planned()
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["state"]._description_selection(self.env))[state],
            "res_model": "estate.viewing.outcome",
            "view_mode": "form",
            "target": "new",
            "context": {"default_viewing_id": self.id, "default_state": state},
        }

    def _check_planned(self):
        for viewing in self:
            if viewing.state != "planned":
                raise UserError(
                    _(
                        "The viewing %(viewing)s already has an outcome. Plan a new one.",
                        viewing=viewing.display_name,
                    )
                )
