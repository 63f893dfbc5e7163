from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyIdentity(models.AbstractModel):
    """What a property is called: its number and its name."""

    _name = "estate.property.identity.mixin"
    _description = "Property: number and name"

    name = fields.Char(
        required=True,
        index="trigram",
        tracking=True,
        help="Left empty, it is made from type and address.",
    )
    reference = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        index=True,
        default=lambda self: self.env._("New"),
    )

    @api.depends("name", "reference")
    def _compute_display_name(self):
        for prop in self:
            prop.display_name = (
                f"[{prop.reference}] {prop.name}" if prop.reference else prop.name
            )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._number(vals_list)
        for vals in vals_list:
            if not vals.get("name"):
                vals["name"] = self._get_default_name(vals)
        return super().create(vals_list)

    def write(self, vals):
        if "name" not in vals or vals["name"]:
            return super().write(vals)
        for prop in self:
            known = {
                "type_id": prop.type_id.id,
                "street": prop.street,
                "city": prop.city,
            }
            named = vals | {"name": prop._get_default_name(known | vals)}
            super(PropertyIdentity, prop).write(named)
        return True

    def _number(self, vals_list):
        """Give each new property its reference, from the sequence of its company."""
        new, by_company = self.env._("New"), {}
        for vals in vals_list:
            if vals.get("reference", new) == new:
                company = vals.get("company_id") or self.env.company.id
                by_company.setdefault(company, []).append(vals)
        for company, values in by_company.items():
            sequence = self._get_reference_sequence(company)
            for vals in values:
                vals["reference"] = sequence.next_by_id()

    @api.model
    def _get_reference_sequence(self, company_id):
        """Return the sequence of a company, else the one for all companies."""
        # sudo: ir.sequence - everybody who may add a property may draw a number
        sequences = self.env["ir.sequence"].sudo()
        sequence = sequences.search(
            [
                ("code", "=", "estate.property"),
                ("company_id", "in", (company_id, False)),
            ],
            order="company_id",
            limit=1,
        )
        if not sequence:
            raise UserError(
                self.env._(
                    "There is no sequence for properties. Update the module to restore "
                    "it."
                )
            )
        return sequence

    @api.model
    def _get_default_name(self, vals):
        """Return a name made from type and address: "Apartment, Dlouhá 1, Praha"."""
        kind = self.env["estate.property.type"].browse(vals.get("type_id") or False)
        first = kind.name or self.env._("Property")
        return ", ".join(filter(None, (first, vals.get("street"), vals.get("city"))))
