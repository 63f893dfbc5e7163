from odoo import fields, models


class CompanyDispatch(models.AbstractModel):
    """How many free leads one person may reserve at once."""

    _name = "estate.company.dispatch.mixin"
    _description = "Company: claims"

    estate_claim_limit = fields.Integer(
        "Unworked claims for each person", default=5, required=True
    )

    _estate_claim_limit_positive = models.Constraint(
        "CHECK(estate_claim_limit > 0)", "A person may claim at least one lead."
    )
