from odoo import fields, models


class CompanyJournal(models.AbstractModel):
    """How long a viewing takes unless somebody says otherwise."""

    _name = "estate.company.journal.mixin"
    _description = "Company: viewings"

    estate_viewing_minutes = fields.Integer(
        "Length of a viewing", default=30, required=True
    )

    _estate_viewing_minutes_positive = models.Constraint(
        "CHECK(estate_viewing_minutes > 0)", "A viewing takes at least a minute."
    )
