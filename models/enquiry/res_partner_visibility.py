from odoo import api, models
from odoo.fields import Domain

# side -> the role of the leads that put a contact on it
ROLES = {"offer": "owner", "demand": "seeker"}
NAMED = Domain("partner_id", "!=", False)


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
        for which in self._get_leads_of_levels():
            seen |= which & here
        # Most are seen for their leads: PostgreSQL looks there first.
        leads = self._tie("crm.lead", NAMED & seen)
        return [leads, *super()._get_visible_ties(), *self._tie_searches()]

    @api.model
    def _get_level_ties(self):
        which, ties = Domain.OR(self._get_leads_of_levels()), super()._get_level_ties()
        if which.is_false():
            return ties
        which &= Domain("company_id", "in", [*self.env.companies.ids, False])
        return [self._tie("crm.lead", NAMED & which), *ties]

    @api.model
    def _get_leads_of_levels(self):
        """Return a domain of leads for each level that shows those of others."""
        roles = {}
        for side, role in ROLES.items():
            roles.setdefault(self._get_contact_level(side), []).append(role)
        every = []
        if "office" in roles:
            teams = Domain("team_id", "in", self._get_office_ids())
            every.append(teams & Domain("lead_role", "in", roles["office"]))
        if "company" in roles:
            every.append(Domain("lead_role", "in", roles["company"]))
        return every

    @api.model
    def _tie_searches(self):
        """Return the searches that the user's level shows him, with their seekers."""
        level = self._get_contact_level("demand")
        if level == "none":
            return []
        which = Domain("company_id", "in", self.env.companies.ids)
        if level != "company":
            people = Domain("agent_id", "=", self.env.uid)
            if level == "office":
                people |= Domain("agent_id", "in", self._list_colleagues())
            which &= people
        return [self._tie("estate.search", which, few=level == "own")]

    @api.model
    def _list_colleagues(self):
        """Return a sub-query of the users of the user's offices."""
        # sudo: crm.team.member - safe, as only those of the user's own offices are read
        members = self.env["crm.team.member"].sudo()
        query = members._search(
            [("crm_team_id", "in", self._get_office_ids()), ("active", "=", True)]
        )
        return query.subselect(members._field_to_sql(query.table, "user_id", query))
