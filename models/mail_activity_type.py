from odoo import models


class MailActivityType(models.Model):
    _name = "mail.activity.type"
    _inherit = ["estate.activity.type.outreach.mixin", "mail.activity.type"]
