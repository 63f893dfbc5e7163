from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class EraseContact(models.TransientModel):
    """Erase what is personal about a contact; dates, kinds and counts stay."""

    _name = "estate.erase.contact"
    _description = "Erase personal data"

    partner_id = fields.Many2one("res.partner", "Contact", ondelete="cascade")
    partner_ids = fields.Many2many(
        "res.partner", string="Contacts", help="Chosen in the list of contacts."
    )
    reason = fields.Text(required=True, help="Who asked for it, when and how.")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        chosen = self.env.context.get("active_ids") or []
        is_list = self.env.context.get("active_model") == "res.partner"
        if is_list and not values.get("partner_id"):
            values["partner_ids"] = [Command.set(chosen)]
        return values

    def action_erase(self):
        self.ensure_one()
        if not self.env.user.has_group("crm_real_estate.group_director"):
            raise AccessError(
                self.env._("Only a director may erase personal data. Ask one to do it.")
            )
        persons = self.partner_id | self.partner_ids
        if not persons:
            raise UserError(self.env._("Choose whose personal data are to be erased."))
        # sudo: res.partner - a director erases the person wherever it stands
        persons.sudo()._erase_personal_data(self.reason)
        return {"type": "ir.actions.act_window_close"}
