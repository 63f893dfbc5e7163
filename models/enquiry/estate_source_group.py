from odoo import fields, models

from ..groups import MEMBERS


class SourceGroup(models.Model):
    """Marketing sources that are looked at together, such as all portals."""

    _name = "estate.source.group"
    _description = "Source group"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    source_ids = fields.One2many(
        "utm.source",
        "source_group_id",
        "Marketing sources",
        help="A source is in one group at most.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index="btree_not_null")


class UtmSource(models.AbstractModel):
    _name = "estate.utm.source.enquiry.mixin"
    _description = "Marketing source: group"

    source_group_id = fields.Many2one(
        "estate.source.group",
        "Source group",
        index="btree_not_null",
        ondelete="set null",
        groups=MEMBERS,
        copy=False,
    )
