from odoo import fields, models
from odoo.exceptions import UserError

from ..models.party.estate_consent import PURPOSES


class ConsentTell(models.TransientModel):
    """Records what a contact allowed or forbade, with how it was told: the proof."""

    _name = "estate.consent.tell"
    _description = "Record a consent"

    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, readonly=True, ondelete="cascade"
    )
    state = fields.Selection(
        [("given", "Allows"), ("denied", "Forbids")], "What it said", required=True
    )
    purpose = fields.Selection(PURPOSES, required=True, default="all")
    by_email = fields.Boolean("E-mail", default=True)
    by_sms = fields.Boolean("SMS")
    by_phone = fields.Boolean("Phone")
    by_post = fields.Boolean("Post")
    source = fields.Char(
        "How it was told",
        required=True,
        help="For example: on the phone on Monday, or form signed at the viewing.",
    )

    def action_record(self):
        """Add what was said to the ledger, for each channel."""
        self.ensure_one()
        self.partner_id.check_access("write")
        channels = [
            channel
            for channel in ("email", "sms", "phone", "post")
            if self[f"by_{channel}"]
        ]
        if not channels:
            raise UserError(self.env._("Choose at least one channel."))
        self.partner_id._record_consent(self.state, self.source, channels, self.purpose)
        return {"type": "ir.actions.act_window_close"}
