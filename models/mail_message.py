from odoo import api, fields, models


class MailMessage(models.Model):
    _name = "mail.message"
    _inherit = "mail.message"

    estate_automatic = fields.Boolean(
        "Sent by the system",
        help="Written by a rule, a job or a batch, not by a person.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("estate_automatic"):
            for vals in vals_list:
                vals.setdefault("estate_automatic", True)
        return super().create(vals_list)
