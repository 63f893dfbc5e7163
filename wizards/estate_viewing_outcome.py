from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context

from ..models import inner


class ViewingOutcome(models.TransientModel):
    """Asks what an outcome of a viewing needs: how it went, or who cancelled."""

    _name = "estate.viewing.outcome"
    _description = "Outcome of a viewing"

    viewing_id = fields.Many2one(
        "estate.viewing", required=True, readonly=True, ondelete="cascade"
    )
    state = fields.Selection(
        [
            ("done", "Carried out"),
            ("cancelled", "Cancelled"),
            ("rescheduled", "Rescheduled"),
            ("report", "Viewing report"),
        ],
        required=True,
        readonly=True,
    )
    feedback = fields.Text(
        "Viewing report",
        help="The owner reads it in the activity report. Name no seeker.",
    )
    owner_comment = fields.Text("Comment for the owner")
    cancelled_by = fields.Selection(
        [("seeker", "Seeker"), ("owner", "Owner"), ("agency", "Agency")],
        default="seeker",
    )
    new_start = fields.Datetime("New time", default=lambda self: self._get_next_start())
    was_invited = fields.Boolean(compute="_compute_was_invited")
    tell_seeker = fields.Boolean(
        "Tell the seeker by mail",
        default=True,
        help="The old appointment is called off in his calendar, the new one comes "
        "with an invitation.",
    )

    @api.depends("viewing_id")
    def _compute_was_invited(self):
        for wizard in self:
            wizard.was_invited = bool(wizard.viewing_id.invited_at)

    @api.model
    def _get_next_start(self):
        """Return when agent and property are free next, for a viewing that moves."""
        context = self.env.context
        if context.get("default_state") != "rescheduled":
            return False
        viewing = self.viewing_id.browse(context.get("default_viewing_id")).exists()
        starts = viewing and viewing._get_free_starts(
            viewing.agent_id,
            viewing.property_id,
            viewing.lead_id.team_id or viewing.property_id.team_id,
            1,
        )
        return starts[0] if starts else False

    def action_apply(self):
        """Write the outcome; another time is a new viewing of the same length."""
        self.ensure_one()
        # What the dialog was opened with is no default of what follows from it.
        viewing = self.viewing_id.with_context(clean_context(self.env.context))
        if self.state == "report":
            if not self.feedback:
                raise UserError(self.env._("Write how the viewing went."))
            viewing._add_report(self.feedback, self.owner_comment)
            return {"type": "ir.actions.act_window_close"}
        viewing._check_planned()
        vals = {"state": self.state}
        if self.state == "done":
            vals["feedback"] = self.feedback
        elif self.state == "cancelled":
            vals["cancelled_by"] = self.cancelled_by
        elif not self.new_start:
            raise UserError(self.env._("Say when the viewing takes place instead."))
        inner.say(viewing, owner_comment=self.owner_comment).write(vals)
        if self.state == "rescheduled":
            length = viewing.stop - viewing.start
            viewing.copy(
                {
                    "start": self.new_start,
                    "stop": self.new_start + length,
                    "send_invitation": self.tell_seeker and self.was_invited,
                }
            )
        if self.state != "done" and self.tell_seeker:
            viewing._call_off()
        return {"type": "ir.actions.act_window_close"}
