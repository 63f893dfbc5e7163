from odoo import fields, models

# What a refusal says about the search: criterion -> limit that it moves.
CRITERIA = [
    ("price_max", "The price is too high"),
    ("area_min", "It is too small"),
    ("area_max", "It is too large"),
    ("room_min", "It has too few rooms"),
    ("place", "It is in the wrong place"),
]


class RefusalReason(models.Model):
    """Why a seeker refuses what fits his search, and what follows from it."""

    _name = "estate.refusal.reason"
    _description = "Reason of a refusal"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    criterion = fields.Selection(
        CRITERIA,
        "Says about the search",
        help="Counted in what the seeker does, beside what he says he searches for.",
    )
    offer_again = fields.Selection(
        [("never", "Never"), ("cheaper", "When the price falls")],
        required=True,
        default="never",
        help="Whether the same property may be offered to him once more.",
    )
    stops_search = fields.Boolean(
        help="He searches no longer: nothing more is offered for this search."
    )
    company_id = fields.Many2one("res.company", index="btree_not_null")
