from odoo import fields, models


class PairRefuse(models.TransientModel):
    """A seeker refuses what was offered: why, and what follows from it."""

    _name = "estate.pair.refuse"
    _description = "Refusal of a match"

    pair_ids = fields.Many2many("estate.pair", string="Matches", ondelete="cascade")
    reason_id = fields.Many2one(
        "estate.refusal.reason", required=True, ondelete="cascade"
    )
    stops_search = fields.Boolean(related="reason_id.stops_search")
    offer_again = fields.Selection(related="reason_id.offer_again")
    note = fields.Text("What he said")

    def action_refuse(self):
        """Remember the refusal; leads about these properties end with it."""
        self.ensure_one()
        self.pair_ids.check_access("read")
        self.pair_ids._refuse(self.reason_id, self.note or "")
        return {"type": "ir.actions.act_window_close"}
