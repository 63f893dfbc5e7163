from odoo import models


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = [
        "estate.company.outreach.mixin",
        "estate.company.dispatch.mixin",
        "estate.company.response.mixin",
        "estate.company.enquiry.mixin",
        "estate.company.journal.mixin",
        "estate.company.property.mixin",
        "res.company",
    ]
