from odoo import models


class CrmStage(models.Model):
    _name = "crm.stage"
    _inherit = ["estate.stage.enquiry.mixin", "crm.stage"]
