from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class InteractionCorrect(models.TransientModel):
    """Asks why an entry of the journal is wrong, and takes it out of every figure."""

    _name = "estate.interaction.correct"
    _description = "Correct an entry"

    interaction_id = fields.Many2one(
        "estate.interaction", "Entry", required=True, readonly=True, ondelete="cascade"
    )
    reason = fields.Text(
        required=True, help="It stays in the journal beside the entry it corrects."
    )

    def action_apply(self):
        """Add the correction; the entry itself stays as it is."""
        self.ensure_one()
        row = self.interaction_id
        row.check_access("read")
        if not row._may_be_corrected():
            raise AccessError(
                self.env._(
                    "%(entry)s was written by %(user)s. Only he or an office manager "
                    "can correct it.",
                    entry=row.display_name,
                    user=row.user_id.name,
                )
            )
        if row.type_code in ("correction", "erasure"):
            raise UserError(self.env._("%s cannot be corrected.", row.display_name))
        row._correct(self.reason)
        return {"type": "ir.actions.act_window_close"}
