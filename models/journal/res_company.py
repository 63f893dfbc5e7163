from odoo import fields, models


class CompanyJournal(models.AbstractModel):
    """How long a viewing takes unless somebody says otherwise."""

    _name = "estate.company.journal.mixin"
    _description = "Company: viewings"

    estate_viewing_minutes = fields.Integer(
        "Length of a viewing", default=30, required=True
    )

    estate_retention_months = fields.Integer(
        "Months that contacts are kept",
        default=60,
        help="After so many months without any event a contact is listed as past "
        "retention, so that a director may erase it; 0: never.",
    )

    _estate_viewing_minutes_positive = models.Constraint(
        "CHECK(estate_viewing_minutes > 0)", "A viewing takes at least a minute."
    )
