from odoo import fields, models


class CompanyEnquiry(models.AbstractModel):
    """How long a search is valid unless somebody says otherwise."""

    _name = "estate.company.enquiry.mixin"
    _description = "Company: searches"

    estate_search_days = fields.Integer(
        "A search is valid for", default=365, required=True
    )
    estate_search_notice_days = fields.Integer(
        "Ask before a search ends", default=14, required=True
    )

    _estate_search_days_positive = models.Constraint(
        "CHECK(estate_search_days > 0 AND estate_search_notice_days >= 0)",
        "A search is valid for at least a day.",
    )
