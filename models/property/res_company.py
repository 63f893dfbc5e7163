from odoo import fields, models


class CompanyProperty(models.AbstractModel):
    """What a new mandate promises unless somebody says otherwise."""

    _name = "estate.company.property.mixin"
    _description = "Company: mandates"

    estate_news_every_days = fields.Integer(
        "News for owners every (days)", default=14, required=True
    )

    _estate_news_every_days_positive = models.Constraint(
        "CHECK(estate_news_every_days > 1)",
        "An owner can be promised news every second day at most.",
    )
