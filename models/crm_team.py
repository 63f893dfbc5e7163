from odoo import models
from odoo.fields import Domain


class CrmTeam(models.Model):
    _name = "crm.team"
    _inherit = ["estate.team.enquiry.mixin", "estate.team.party.mixin", "crm.team"]

    def _get_lead_to_assign_domain(self):
        # CRM's own assignment would merge and hand out our leads by other rules.
        domain = Domain(super()._get_lead_to_assign_domain())
        return domain & Domain("lead_role", "=", False)

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        if self.intake_source_id:
            # Mails to this team go into the inbox first, see the intake source.
            values["alias_model_id"] = self.env["ir.model"]._get_id("estate.intake.message")
            values["alias_defaults"] = repr({"source_id": self.intake_source_id.id})
        return values

    def write(self, vals):
        result = super().write(vals)
        if "intake_source_id" in vals:
            for team in self:
                alias = team._alias_get_creation_values()
                # sudo: mail.alias - who may set the office up may say where its mail goes
                team.alias_id.sudo().write(
                    {
                        "alias_model_id": alias["alias_model_id"],
                        "alias_defaults": alias["alias_defaults"],
                    }
                )
        return result
