from odoo import fields, models


class CompanyOutreach(models.AbstractModel):
    """How often owners hear from us unless their plan says otherwise."""

    _name = "estate.company.outreach.mixin"
    _description = "Company: reports"

    estate_report_rhythm = fields.Selection(
        [("weekly", "Every week"), ("two_weekly", "Every two weeks"), ("monthly", "Every month")],
        "Rhythm of owners' reports", default="weekly", required=True,
    )
