from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import formatLang

from ...tools import intake_filter, places
from ..property.estate_property import DEAL_TYPES


class IntakeCriterion(models.Model):
    """One kind of listing that the agency wants from a source."""

    _name = "estate.intake.criterion"
    _description = "Intake criterion"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, help="What the reason of a refusal calls it.")
    source_id = fields.Many2one(
        "estate.intake.source", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    deal_type = fields.Selection(DEAL_TYPES, "Deal", help="Empty: sale and rent.")
    type_ids = fields.Many2many(
        "estate.property.type",
        string="Types",
        check_company=True,
        help="Their sub-types are included. Empty: every type.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    price_min = fields.Monetary(
        "Price from", help="This price itself fits. 0: no lower limit."
    )
    price_max = fields.Monetary(
        "Price to", help="This price itself is too high. 0: no upper limit."
    )
    territory_ids = fields.Many2many(
        "estate.territory",
        string="Territories",
        check_company=True,
        help="A place fits when it lies in one of these territories, or in one of the "
        "postal codes or cities beside. All empty: every place.",
    )
    postal_codes = fields.Text(
        help="One per line or separated by commas. 110* stands for all that begin with "
        "110, 11000-11999 for a range."
    )
    city_names = fields.Text("Cities", help="One per line or separated by commas.")

    @api.constrains("price_min", "price_max")
    def _check_prices_in_order(self):
        for criterion in self:
            low, high = criterion.price_min, criterion.price_max
            if low < 0 or high < 0 or (high and low >= high):
                raise ValidationError(
                    self.env._(
                        "%(criterion)s: no price is from %(low)s and below %(high)s. "
                        "Make the second price the higher one, or leave it at 0.",
                        criterion=criterion.name,
                        low=formatLang(self.env, low),
                        high=formatLang(self.env, high),
                    )
                )

    @api.constrains("postal_codes")
    def _check_postal_codes_readable(self):
        for criterion in self:
            codes = places.read_codes(criterion.postal_codes or "")
            if codes.unreadable:
                raise ValidationError(
                    self.env._(
                        "%(criterion)s: postal code %(code)s cannot be read. Write it "
                        "as 11000, 110* or 11000-11999.",
                        criterion=criterion.name,
                        code=codes.unreadable[0],
                    )
                )

    def _gather_criteria(self):
        """Return these criteria as plain values, in their order."""
        types = self.env["estate.property.type"].with_context(active_test=False)
        return [
            intake_filter.Criterion(
                key=criterion.id,
                deal_type=criterion.deal_type or "",
                types=frozenset(
                    types.search([("id", "child_of", criterion.type_ids.ids)]).ids
                    if criterion.type_ids
                    else ()
                ),
                price_min=_to_limit(criterion.price_min),
                price_max=_to_limit(criterion.price_max),
                territories=frozenset(criterion.territory_ids.ids),
                codes=places.read_codes(criterion.postal_codes or ""),
                cities=places.read_cities(criterion.city_names or ""),
            )
            for criterion in self
        ]


def _to_limit(price):
    return Decimal(str(price)) if price else None
