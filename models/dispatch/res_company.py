from odoo import fields, models


class CompanyDispatch(models.AbstractModel):
    """How a company calls, and how many free leads one person may reserve at once."""

    _name = "estate.company.dispatch.mixin"
    _description = "Company: calls and claims"

    estate_most_attempts = fields.Integer(
        "Most attempts to reach a person",
        default=8,
        help="Of all outcomes together, until somebody is reached; then the lead is "
        "given up. 0: only the delays of each outcome count.",
    )
    estate_claim_limit = fields.Integer(
        "Unworked claims for each person", default=5, required=True
    )

    _estate_claim_limit_positive = models.Constraint(
        "CHECK(estate_claim_limit > 0)", "A person may claim at least one lead."
    )
