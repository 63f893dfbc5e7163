from odoo import fields, models


class ChannelDispatch(models.AbstractModel):
    """A channel that belongs to an office, made for its free leads."""

    _name = "estate.channel.dispatch.mixin"
    _description = "Channel: office"

    estate_company_id = fields.Many2one(
        "res.company",
        "Company of the office",
        readonly=True,
        copy=False,
        ondelete="cascade",
        help="A channel for the free leads of an office is for its company alone.",
    )
