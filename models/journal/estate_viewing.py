from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_datetime

from .. import inner

STATES = [
    ("planned", "Planned"),
    ("done", "Carried out"),
    ("no_show", "No-show"),
    ("cancelled", "Cancelled"),
    ("rescheduled", "Rescheduled"),
]
# What the appointment in the calendar repeats.
CALENDAR_FIELDS = {
    "start",
    "stop",
    "state",
    "lead_id",
    "property_id",
    "partner_id",
    "agent_id",
}


class Viewing(models.Model):
    """A person is shown a property: an appointment with an outcome."""

    _name = "estate.viewing"
    _description = "Viewing"
    _inherit = ["estate.about.contact.mixin", "estate.viewing.calendar.mixin"]
    _order = "start desc, id desc"
    _check_company_auto = True

    lead_id = fields.Many2one(
        "crm.lead",
        "Enquiry",
        index=True,
        ondelete="set null",
        check_company=True,
    )
    property_id = fields.Many2one(
        "estate.property",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        compute="_compute_from_lead",
        store=True,
        readonly=False,
        precompute=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Seeker",
        required=True,
        index=True,
        ondelete="restrict",
        compute="_compute_from_lead",
        store=True,
        readonly=False,
        precompute=True,
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
    # A copy is a new appointment: it has no outcome yet and no event in the calendar.
    state = fields.Selection(
        STATES, required=True, default="planned", index=True, copy=False
    )
    cancelled_by = fields.Selection(
        [("seeker", "Seeker"), ("owner", "Owner"), ("agency", "Agency")], copy=False
    )
    feedback = fields.Text(
        "Viewing report",
        copy=False,
        help="How it went; the owner reads it in the activity report.",
    )
    calendar_event_id = fields.Many2one(
        "calendar.event",
        "Appointment",
        ondelete="set null",
        index="btree_not_null",
        copy=False,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
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

    @api.depends("property_id")
    def _compute_company_id(self):
        for viewing in self:
            viewing.company_id = viewing.property_id.company_id or self.env.company

    @api.depends("start")
    def _compute_stop(self):
        for viewing in self:
            if viewing.start and (not viewing.stop or viewing.stop <= viewing.start):
                viewing.stop = viewing.start + viewing._get_usual_length()

    def _get_usual_length(self):
        company = self.company_id or self.env.company
        return timedelta(minutes=company.estate_viewing_minutes)

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
                    self.env._(
                        "Say who cancelled the viewing %s: seeker, owner or agency.",
                        viewing.display_name,
                    )
                )

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        viewings = super().create(vals_list)
        viewings._sync_calendar()
        viewings._write_viewing_journal()
        return viewings

    def write(self, vals):
        told = self.filtered(
            lambda viewing: viewing.state != vals.get("state", viewing.state)
        )
        told._check_planned()
        if "start" in vals and "stop" not in vals:
            return all(viewing._move(vals) for viewing in self)
        by_agent = self.grouped("agent_id") if "agent_id" in vals else {}
        result = super().write(vals)
        changed = CALENDAR_FIELDS & set(vals)
        if changed and not inner.hear(self.env, "viewing_sync"):
            if changed == {"agent_id"}:
                self._pass_on_appointments(by_agent)
            else:
                self._sync_calendar()
        told._write_viewing_journal()
        return result

    def _move(self, vals):
        """Write another start; the viewing lasts as long as before."""
        start = fields.Datetime.to_datetime(vals["start"])
        return self.write({**vals, "stop": start + (self.stop - self.start)})

    def unlink(self):
        self._get_events().write({"active": False})
        return super().unlink()

    # === JOURNAL ===

    def _write_viewing_journal(self):
        """Tell the journal what became of these viewings, once for each state."""
        self.env["estate.interaction"]._write_journal(
            [viewing._prepare_journal_vals() for viewing in self]
        )

    def _prepare_journal_vals(self):
        self.ensure_one()
        moment = format_datetime(
            self.env,
            self.start,
            tz=self.agent_id.tz or self.env.user.tz,
            dt_format="short",
        )
        texts = {
            "planned": self.env._("Viewing planned for %s", moment),
            "done": self.feedback or self.env._("Viewing carried out"),
            "no_show": self.env._(
                "The seeker did not come to the viewing of %s", moment
            ),
            "cancelled": self.env._("Viewing of %s cancelled", moment),
            "rescheduled": self.env._("Viewing of %s rescheduled", moment),
        }
        # Whether somebody came was seen by the agent at the time of the viewing; all
        # else is done now by whoever does it.
        took_place = self.state in ("done", "no_show")
        now = fields.Datetime.now()
        return {
            "type": f"viewing_{self.state}",
            "lead_id": self.lead_id.id,
            "partner_id": self.partner_id.id,
            "property_id": self.property_id.id,
            "company_id": self.company_id.id,
            "user_id": self.agent_id.id if took_place else self.env.uid,
            "occurred_at": min(self.start, now) if took_place else now,
            "summary": texts[self.state],
            "owner_comment": inner.hear(self.env, "owner_comment") or False,
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
                    self.env._(
                        "The viewing %(viewing)s already has an outcome. Plan a new "
                        "one.",
                        viewing=viewing.display_name,
                    )
                )
