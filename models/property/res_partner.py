from odoo import fields, models

from ..groups import MEMBERS


class PartnerProperty(models.AbstractModel):
    """A contact as an owner."""

    _name = "estate.partner.property.mixin"
    _description = "Contact: owned properties"

    owned_property_ids = fields.Many2many(
        "estate.property",
        "estate_property_owner_rel",
        "partner_id",
        "property_id",
        "Owned properties",
        copy=False,
        groups=MEMBERS,
    )

    def _get_estate_used(self):
        return super()._get_estate_used() | self.filtered("owned_property_ids")

    def _get_caller_documents(self):
        documents = super()._get_caller_documents()
        owned = {
            prop.id: partner.id
            for partner in self
            for prop in partner.owned_property_ids
        }
        return documents | {"estate.property": owned}
