from odoo import models
from odoo.exceptions import AccessError

from .crm_lead_reassign import REASSIGN


class Property(models.Model):
    _inherit = "estate.property"

    def write(self, vals):
        self._check_may_change_agent(vals)
        return super().write(vals)

    def _check_may_change_agent(self, vals):
        """Refuse another agent where the distribution chose the one there is.

        New enquiries go to the agent of their property: whoever changes him gives
        leads away.
        """
        if "agent_id" not in vals or self.env.su or self.env.user.has_group(REASSIGN):
            return
        agent_id = vals["agent_id"] or False
        changed = self.filtered(
            lambda prop: prop.agent_id and prop.agent_id.id != agent_id
        )
        # sudo: estate.dispatch.decision - only whether the agent was given is read
        given = self.env["estate.dispatch.decision"].sudo()
        decisions = given.search(
            [
                ("step", "=", "agent"),
                ("user_id", "!=", False),
                ("lead_id.property_id", "in", changed.ids),
            ],
            limit=1,
        )
        if decisions:
            raise AccessError(
                self.env._(
                    "%(property)s was given to %(user)s by the distribution. Only who "
                    'has the right "Reassign leads" may change its agent: ask your '
                    "office manager.",
                    property=decisions.lead_id.property_id.display_name,
                    user=decisions.lead_id.property_id.agent_id.name,
                )
            )
