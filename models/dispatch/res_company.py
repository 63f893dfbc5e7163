from odoo import fields, models


class CompanyDispatch(models.AbstractModel):
    """How a company calls."""

    _name = "estate.company.dispatch.mixin"
    _description = "Company: calls"

    estate_most_attempts = fields.Integer(
        "Most attempts to reach a person",
        default=8,
        help="Of all outcomes together, until somebody is reached; then the lead is "
        "given up. 0: only the delays of each outcome count.",
    )
