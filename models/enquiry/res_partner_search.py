from odoo import api, fields, models
from odoo.fields import Domain

from ..groups import MEMBERS

# States of a property that its owner no longer has to sell.
SOLD = ("closed", "withdrawn")


class PartnerSearch(models.AbstractModel):
    """What a contact searches for, and whether he may have something to sell."""

    _name = "estate.partner.search.mixin"
    _description = "Contact: searches"

    estate_search_ids = fields.One2many(
        "estate.search", "partner_id", "Searches", groups=MEMBERS
    )
    estate_search_count = fields.Integer(
        compute="_compute_search_count", groups=MEMBERS
    )
    is_possible_vendor = fields.Boolean(
        "Possible vendor",
        compute="_compute_is_possible_vendor",
        search="_search_is_possible_vendor",
        help="Searches, and must sell first or owns a property.",
        groups=MEMBERS,
    )

    def _compute_search_count(self):
        # The button opens stopped searches, too.
        searches = self.env["estate.search"].with_context(active_test=False)
        groups = searches._read_group(
            [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.estate_search_count = counts.get(partner.id, 0)

    def _compute_is_possible_vendor(self):
        # Archived contacts as well, but neither their archived searches nor properties.
        found = self.search(
            Domain("id", "in", self.ids)
            & Domain("is_possible_vendor", "=", True)
            & Domain("active", "in", (True, False))
        )
        for partner in self:
            partner.is_possible_vendor = partner in found

    @api.model
    def _search_is_possible_vendor(self, operator, value):
        if operator != "in":
            return NotImplemented
        searches = self.env["estate.search"]
        is_open = searches._get_open_domain()
        asks = (
            Domain("lead_role", "=", "seeker")
            & Domain("won_status", "=", "pending")
            & Domain("active", "=", True)
        )
        sells = Domain("must_sell_first", "=", True)
        seeking = Domain("estate_search_ids", "any", is_open) | Domain(
            "estate_lead_ids", "any", asks
        )
        owning = Domain("owned_property_ids", "any", [("state", "not in", SOLD)])
        vendors = (
            Domain("estate_search_ids", "any", is_open & sells)
            | Domain("estate_lead_ids", "any", asks & sells)
            | seeking & owning
        )
        return vendors if True in value else ~vendors

    def action_open_searches(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Searches of %s", self.name),
            "res_model": "estate.search",
            "view_mode": "kanban,list,form",
            "domain": [("partner_id", "=", self.id)],
            "context": {"default_partner_id": self.id, "active_test": False},
        }

    # === ERASURE ===

    def _find_searches(self):
        # sudo: estate.search - all of the person's, whoever sees them
        searches = self.env["estate.search"].sudo().with_context(active_test=False)
        return searches.search([("partner_id", "in", self.ids)])

    def _get_personal_documents(self):
        return [*super()._get_personal_documents(), self._find_searches()]

    def _on_erased(self, reason):
        super()._on_erased(reason)
        self._find_searches()._erase()
