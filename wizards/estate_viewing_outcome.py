from odoo import fields, models
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
    new_start = fields.Datetime("New time")

    def action_apply(self):
        """Write the outcome; another time is a new viewing of the same length."""
        self.ensure_one()
        # What the dialog was opened with is no default of what follows from it.
        viewing = self.viewing_id.with_context(clean_context(self.env.context))
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
            viewing.copy({"start": self.new_start, "stop": self.new_start + length})
        return {"type": "ir.actions.act_window_close"}
