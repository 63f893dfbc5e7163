from odoo import fields, models
from odoo.exceptions import AccessError


class EraseContact(models.TransientModel):
    """Erase what is personal about a contact; dates, kinds and counts stay."""

    _name = "estate.erase.contact"
    _description = "Erase personal data"

    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, ondelete="cascade"
    )
    reason = fields.Text(required=True, help="Who asked for it, when and how.")

    def action_erase(self):
        self.ensure_one()
        if not self.env.user.has_group("crm_real_estate.group_director"):
            raise AccessError(
                self.env._("Only a director may erase personal data. Ask one to do it.")
            )
        # sudo: res.partner - a director erases the person wherever it stands
        self.partner_id.sudo()._erase_personal_data(self.reason)
        return {"type": "ir.actions.act_window_close"}
