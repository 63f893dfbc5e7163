from odoo import _, fields, models
from odoo.exceptions import UserError


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
        self.ensure_one()
        viewing = self.viewing_id
        viewing._check_planned()
        vals = {"state": self.state}
        if self.state == "done":
            vals["feedback"] = self.feedback
        elif self.state == "cancelled":
            vals["cancelled_by"] = self.cancelled_by
        elif not self.new_start:
            raise UserError(_("Say when the viewing takes place instead."))
        viewing.with_context(estate_owner_comment=self.owner_comment).write(vals)
        if self.state == "rescheduled":
            length = viewing.stop - viewing.start
            viewing.copy(
                {
                    "start": self.new_start,
                    "stop": self.new_start + length,
                    "state": "planned",
                    "calendar_event_id": False,
                }
            )
        return {"type": "ir.actions.act_window_close"}
