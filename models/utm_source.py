from odoo import models


class UtmSource(models.Model):
    _name = "utm.source"
    _inherit = ["estate.utm.source.enquiry.mixin", "utm.source"]
