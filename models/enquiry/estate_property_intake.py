"""How a neutral listing is told in the fields of a property."""

from odoo import api, models
from odoo.tools import hmac

# Attributes of a listing that are compared with the last import, as JSON values.
COMPARED = (
    "deal_type",
    "title",
    "description",
    "type_code",
    "usage",
    "market",
    "state",
    "price",
    "currency",
    "living_area",
    "plot_area",
    "room_count",
    "bedroom_count",
    "floor",
    "street",
    "zip",
    "city",
    "country",
    "latitude",
    "longitude",
    "provider",
    "object_number",
)
# Attributes that fill a field of the same name; an empty one empties the field.
SAME_NAME = (
    "deal_type",
    "usage",
    "market",
    "living_area",
    "plot_area",
    "room_count",
    "bedroom_count",
    "floor",
    "street",
    "zip",
    "city",
    "latitude",
    "longitude",
    "description",
)


class PropertyIntake(models.AbstractModel):
    _name = "estate.property.intake.mixin"
    _description = "Property: what a source says of it"

    @api.model
    def _get_intake_lookups(self):
        """Return ids by code of types, countries, currencies, read once for a file."""
        types = self.env["estate.property.type"].with_context(active_test=False)
        currencies = self.env["res.currency"].with_context(active_test=False)
        return {
            "type_id": {kind.code: kind.id for kind in types.search([])},
            "country_id": {c.code: c.id for c in self.env["res.country"].search([])},
            "currency_id": {c.name: c.id for c in currencies.search([])},
        }

    @api.model
    def _prepare_intake_snapshot(self, listing):
        """Return what the source says, as plain JSON: compared at the next import."""
        values = {name: getattr(listing, name) for name in COMPARED}
        if listing.price is not None:
            values["price"] = str(listing.price)
        # Only whether they changed is asked: the persons stand on their contacts alone.
        told = repr((listing.contact.phones, listing.contact.emails))
        # sudo: ir.config_parameter - the secret of the database is the key
        return values | {
            "contact": hmac(self.env(su=True), "estate.property.intake", told)
        }

    @api.model
    def _prepare_intake_vals(self, listing, lookups, names=COMPARED):
        """Return field values for the attributes `names` of a listing.

        What the source leaves empty keeps its default where a property cannot do
        without: name, currency, country, state.
        """
        vals = {
            name: getattr(listing, name) or False for name in SAME_NAME if name in names
        }
        if "price" in names:
            vals["price"] = float(listing.price or 0)
        if "type_code" in names:
            vals["type_id"] = lookups["type_id"].get(listing.type_code, False)
        optional = {
            "title": ("name", listing.title),
            "currency": ("currency_id", lookups["currency_id"].get(listing.currency)),
            "country": ("country_id", lookups["country_id"].get(listing.country)),
            "state": ("state", listing.state),
        }
        for name, (field, value) in optional.items():
            if name in names and value:
                vals[field] = value
        return vals
