from odoo import fields, models

USAGES = [("residential", "Residential"), ("commercial", "Commercial")]


class PropertyType(models.Model):
    """A kind of property, such as an apartment; kinds may have sub-kinds."""

    _name = "estate.property.type"
    _description = "Property type"
    _order = "sequence, name, id"
    _parent_store = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, copy=False, help="What imports and rules call this type."
    )
    usage = fields.Selection(USAGES)
    parent_id = fields.Many2one("estate.property.type", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index="btree_not_null")

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "This code is already used by another property type. Choose another one.",
    )
