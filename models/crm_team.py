from odoo import models

from . import inner
from .groups import MEMBERS


class CrmTeam(models.Model):
    """The host of our mixins on Odoo's sales team."""

    _name = "crm.team"
    _inherit = [
        "estate.team.dispatch.mixin",
        "estate.team.enquiry.mixin",
        "estate.team.party.mixin",
        "crm.team",
    ]

    # === CRM'S OWN LEADS ===

    def _compute_lead_unassigned_count(self):
        # The list behind this figure shows Odoo's own leads.
        scoped = inner.say(self, scope=False)
        super(CrmTeam, scoped)._compute_lead_unassigned_count()

    def _action_assign_leads(self, force_quota=False, creation_delta_days=7):
        # CRM's own assignment would merge our leads and hand them out by other rules.
        own = self.filtered(lambda team: not team.is_estate_office)
        scoped = inner.say(own, scope=False)
        return super(CrmTeam, scoped)._action_assign_leads(
            force_quota, creation_delta_days
        )

    def _action_assign_leads_logs(self, teams_data, members_data):
        offices = self.filtered("is_estate_office")
        own = self - offices
        logs = []
        if own:
            logs = super(CrmTeam, own)._action_assign_leads_logs(
                teams_data, members_data
            )
        if offices:
            logs.append(
                self.env._(
                    "Left out, their leads go by the rules of the distribution: %s.",
                    ", ".join(offices.mapped("name")),
                )
            )
        return logs

    def action_primary_channel_button(self):
        if self.is_estate_office and self.env.user.has_groups(MEMBERS):
            return self._get_office_leads_action()
        return super().action_primary_channel_button()

    # === MAIL ===

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        if self.intake_source_id:
            # Mails to this team go into the inbox first, see the intake source.
            values["alias_model_id"] = self.env["ir.model"]._get_id(
                "estate.intake.message"
            )
            values["alias_defaults"] = repr({"source_id": self.intake_source_id.id})
        return values

    def write(self, vals):
        result = super().write(vals)
        if "intake_source_id" in vals:
            for team in self:
                alias = team._alias_get_creation_values()
                # sudo: mail.alias - who sets the office up says where its mail goes
                team.alias_id.sudo().write(
                    {
                        "alias_model_id": alias["alias_model_id"],
                        "alias_defaults": alias["alias_defaults"],
                    }
                )
        return result
