from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_amount

# Changes of the price in percent that the curve shows, and those told in words.
CURVE = (10, 5, 0, -5, -10, -15)
TOLD = (0, -5)
# Without these there is nothing to compare.
NEEDED = ("deal_type", "price")


class Property(models.Model):
    """How many seekers a property would find, at its price and at others."""

    _inherit = "estate.property"

    demand_text = fields.Char("Demand", compute="_compute_demand")
    demand_curve = fields.Html(compute="_compute_demand", sanitize=False)

    def _compute_demand(self):
        found = self._count_demand(CURVE)
        for prop in self:
            counts = found.get(prop)
            prop.demand_text = prop._tell_demand(counts) if counts else False
            prop.demand_curve = prop._draw_demand(counts) if counts else False

    def _count_demand(self, steps=TOLD):
        """Return {property: {percent: seekers}} of those whose price is known."""
        known = self.filtered(lambda prop: all(prop[name] for name in NEEDED))
        stored = known.filtered(lambda prop: isinstance(prop.id, int))
        return self.env["estate.pair"]._count_seekers(stored, steps)

    def _tell_demand(self, counts):
        """Return the demand in one sentence that names nobody."""
        step = TOLD[1]
        return self.env._(
            "%(now)s seekers match, at %(step)s %% it is %(then)s.",
            now=counts[0],
            step=f"−{-step}",
            then=counts[step],
        )

    def _get_demand_texts(self):
        """Return {property: sentence} for those of these that can be compared."""
        return {
            prop: prop._tell_demand(counts)
            for prop, counts in self._count_demand().items()
        }

    def _draw_demand(self, counts):
        """Return the curve as rows: the price, a bar, how many seekers."""
        most = max(counts.values()) or 1
        row = Markup(
            '<div class="d-flex align-items-center gap-2 mb-1{weight}">'
            '<span class="text-end" style="width: 3.5rem">{step}</span>'
            '<span class="text-end text-nowrap" style="width: 8rem">{price}</span>'
            '<div class="progress flex-grow-1" style="height: 1rem">'
            '<div class="progress-bar" style="width: {width}%"></div></div>'
            '<span style="width: 3rem">{count}</span></div>'
        )
        rows = []
        for step in sorted(counts, reverse=True):
            price = self.price * (100 + step) / 100
            rows.append(
                row.format(
                    weight=" fw-bold" if not step else "",
                    step=f"{step:+d} %".replace("-", "−") if step else "",
                    price=format_amount(
                        self.env, price, self.currency_id, trailing_zeroes=False
                    ),
                    width=round(100 * counts[step] / most),
                    count=counts[step],
                )
            )
        return Markup('<div class="o_estate_demand">{}</div>').format(
            Markup().join(rows)
        )
