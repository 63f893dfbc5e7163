from odoo import fields, models


class ActivityTypeOutreach(models.AbstractModel):
    """A kind of task, and what an owner reads of it."""

    _name = "estate.activity.type.outreach.mixin"
    _description = "Activity type: words for owners"

    estate_owner_text = fields.Char(
        "Words for owners",
        translate=True,
        help="An open task of this kind about a property is told to its owner in these "
        "words, never in its own. Empty: it is not told.",
    )
