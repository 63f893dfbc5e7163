from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..groups import MEMBERS
from ..party.contact_ties import Ties


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
    def _has_business(self, company_id):
        # sudo: estate.property - only whether there is one
        properties = self.env["estate.property"].sudo()
        owned = Domain("company_id", "=", company_id) & Domain("owner_ids", "!=", False)
        return super()._has_business(company_id) or bool(
            properties.with_context(active_test=False).search(owned, limit=1)
        )

    @api.model
    def _get_side_ties(self):
        return [*super()._get_side_ties(), self._tie_owners(Domain.TRUE)]

    @api.model
    def _get_visible_ties(self):
        ties = super()._get_visible_ties()
        level = self._get_contact_level("offer")
        if level == "none":
            return ties
        which = Domain("company_id", "in", self.env.companies.ids)
        if level != "company":
            mine = Domain("agent_id", "=", self.env.uid)
            if level == "office":
                mine |= Domain("team_id", "in", self.env.user.crm_team_ids.ids)
            which &= mine
        return [*ties, self._tie_owners(which)]

    @api.model
    def _tie_owners(self, domain):
        """Return the owners of the properties in a domain."""
        # sudo: estate.property - who owns one, nothing else of it is read
        properties = self.env["estate.property"].sudo().with_context(active_test=False)
        query = properties._search(domain)
        owner = properties._fields["owner_ids"]
        alias = query.make_alias(properties._table, "owner_ids")
        query.add_join(
            "JOIN",
            alias,
            owner.relation,
            SQL(
                "%s = %s",
                SQL.identifier(alias, owner.column1),
                SQL.identifier(properties._table, "id"),
            ),
        )
        return Ties(query, SQL.identifier(alias, owner.column2))
