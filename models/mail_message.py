from odoo import api, fields, models

from . import inner


class MailMessage(models.Model):
    _name = "mail.message"
    _inherit = "mail.message"

    estate_automatic = fields.Boolean(
        "Sent by the system",
        help="Written by a rule, a job or a batch, not by a person.",
    )
    estate_purpose = fields.Char(
        "Automatic purpose", help="What a message of the system is for; see the gate."
    )

    estate_at_once = fields.Boolean(
        "Also at night", help="The answer to an enquiry does not wait for the morning."
    )

    @api.model_create_multi
    def create(self, vals_list):
        # Said for each message: a default in a client's context means nothing.
        automatic = bool(inner.hear(self.env, "automatic"))
        for vals in vals_list:
            vals.setdefault("estate_automatic", automatic)
            vals.setdefault("estate_purpose", inner.hear(self.env, "purpose"))
            vals.setdefault("estate_at_once", bool(inner.hear(self.env, "at_once")))
        return super().create(vals_list)
