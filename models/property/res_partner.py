from odoo import api, fields, models
from odoo.fields import Domain

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

    # === VISIBILITY ===

    @api.depends("owned_property_ids.agent_id", "owned_property_ids.team_id")
    def _compute_is_estate_visible(self):
        return super()._compute_is_estate_visible()

    @api.model
    def _get_side_ties(self, where=Domain.TRUE):
        owned = self._tie("estate.property", where, "owner_ids")
        return [*super()._get_side_ties(where), owned]

    @api.model
    def _get_visible_ties(self):
        here = Domain("company_id", "in", self.env.companies.ids)
        mine = Domain("agent_id", "=", self.env.uid)
        # Whose mandate one has, one always sees.
        mandates = self._tie("estate.mandate", here & mine, "owner_ids", few=True)
        ties = [*super()._get_visible_ties(), mandates]
        level = self._get_contact_level("offer")
        if level == "none":
            return ties
        which = here & (mine | self._get_offer_of_level())
        # Most are seen for their properties: PostgreSQL looks there first.
        return [self._tie("estate.property", which, "owner_ids"), *ties]

    @api.model
    def _get_level_ties(self):
        which = self._get_offer_of_level()
        if which.is_false():
            return super()._get_level_ties()
        which &= Domain("company_id", "in", self.env.companies.ids)
        owned = self._tie("estate.property", which, "owner_ids")
        return [*super()._get_level_ties(), owned]

    @api.model
    def _get_offer_of_level(self):
        """Return a domain of the properties that the user's office or company has."""
        level = self._get_contact_level("offer")
        if level == "office":
            return Domain("team_id", "in", self._get_office_ids())
        return Domain(level == "company")

    # === KINDS AND CALLERS ===

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
