from odoo import api, models
from odoo.fields import Domain

# side -> the role of the leads that put a contact on it
ROLES = {"offer": "owner", "demand": "seeker"}


class PartnerLeadVisibility(models.AbstractModel):
    """Who may open a lead sees its contact; offices and companies by their level."""

    _name = "estate.partner.lead.visibility.mixin"
    _description = "Contact: seen for its leads"

    @api.depends(
        "estate_lead_ids.user_id",
        "estate_lead_ids.team_id",
        "estate_lead_ids.lead_role",
        "estate_search_ids.agent_id",
    )
    def _compute_is_estate_visible(self):
        return super()._compute_is_estate_visible()

    @api.model
    def _get_side_ties(self, where=Domain.TRUE):
        ours = Domain("lead_role", "!=", False)
        return [
            *super()._get_side_ties(where),
            self._tie("crm.lead", ours & where),
            self._tie("estate.search", where),
        ]

    @api.model
    def _get_visible_ties(self):
        # Who may open a lead, also an archived or a free one, can work it: he writes
        # to its contact, follows, meets and rings it.
        # sudo: ir.rule - taken off, the user's own rules are asked
        rules = self.env(su=False)["ir.rule"]
        seen = rules._compute_domain("crm.lead", "read")
        here = Domain("company_id", "in", [*self.env.companies.ids, False])
        for side, role in ROLES.items():
            level = self._get_contact_level(side)
            ours = Domain("lead_role", "=", role) & here
            if level == "office":
                teams = self.env.user.crm_team_ids.ids
                seen |= ours & Domain("team_id", "in", teams)
            elif level == "company":
                seen |= ours
        named = Domain("partner_id", "!=", False)
        # Most are seen for their leads: PostgreSQL looks there first.
        leads = self._tie("crm.lead", named & seen)
        return [leads, *super()._get_visible_ties(), *self._tie_searches()]

    @api.model
    def _tie_searches(self):
        """Return the searches that the user's level shows him, with their seekers."""
        level = self._get_contact_level("demand")
        if level == "none":
            return []
        which = Domain("company_id", "in", self.env.companies.ids)
        if level != "company":
            people = self.env.user
            if level == "office":
                people |= people.crm_team_ids.crm_team_member_ids.user_id
            which &= Domain("agent_id", "in", people.ids)
        return [self._tie("estate.search", which)]
