from odoo import api, fields, models
from odoo.exceptions import AccessError

REASSIGN = "crm_real_estate.group_reassign"


class LeadReassign(models.AbstractModel):
    """Who has a lead that the system gave away is changed by those with the right."""

    _name = "estate.lead.reassign.mixin"
    _description = "Lead: right to reassign"

    is_routed = fields.Boolean(
        "Given by the distribution",
        compute="_compute_is_routed",
        help="A decision says who has this lead and why.",
    )
    is_agent_locked = fields.Boolean(compute="_compute_is_agent_locked")

    @api.depends("decision_ids")
    def _compute_is_routed(self):
        # sudo: estate.dispatch.decision - only whether there is one is read
        rows = self.env["estate.dispatch.decision"].sudo()
        groups = rows._read_group([("lead_id", "in", self.ids)], ["lead_id"])
        routed = {lead.id for (lead,) in groups}
        for lead in self:
            lead.is_routed = lead._origin.id in routed

    @api.depends("is_routed", "user_id")
    @api.depends_context("uid")
    def _compute_is_agent_locked(self):
        is_free = self.env.user.has_group(REASSIGN)
        for lead in self:
            lead.is_agent_locked = not is_free and lead.is_routed

    def _check_may_reassign(self, vals):
        """Refuse to change who has a routed lead without the right to reassign.

        What nobody has may be taken for oneself.

        :param dict vals: values of a write
        :raises AccessError: names the lead and who may do it
        """
        names = {"user_id", "team_id"} & set(vals)
        if not names or self.env.su or self.env.user.has_group(REASSIGN):
            return
        changed = self.filtered(
            lambda lead: any(lead[name].id != (vals[name] or False) for name in names)
            and not lead._is_taken_from_pool(vals)
        )
        routed = changed.filtered("is_routed")
        if routed:
            raise AccessError(
                self.env._(
                    "%(lead)s was given to %(user)s by the distribution. Only who has "
                    'the right "Reassign leads" may change that: ask your office '
                    "manager.",
                    lead=routed[0].display_name,
                    user=routed[0].user_id.name or self.env._("nobody"),
                )
            )

    def _is_taken_from_pool(self, vals):
        """Tell whether a write makes the user responsible for what nobody has."""
        return not self.user_id and vals.get("user_id") == self.env.uid
