from odoo import models
from odoo.exceptions import UserError


class LeadActions(models.AbstractModel):
    """What an agent does with an enquiry, one button each."""

    _name = "estate.lead.actions.mixin"
    _description = "Lead: buttons of the agent"

    def action_answer(self):
        """Open the mail composer on this lead, written by hand to its contact."""
        return self._open_composer(
            self.env._("Answer"), "crm_real_estate.mail_template_answer", "answer"
        )

    def action_send_documentation(self):
        """Open the composer with the property's documentation attached."""
        self.ensure_one()
        documents = self.property_id.documentation_ids
        if not documents:
            raise UserError(
                self.env._(
                    "%s has no documentation yet. Add files to the property under "
                    "Documentation, then send it.",
                    self.property_id.display_name or self.display_name,
                )
            )
        action = self._open_composer(
            self.env._("Send documentation"),
            "crm_real_estate.mail_template_documentation",
            "documentation_sent",
        )
        action["context"]["default_attachment_ids"] = documents.ids
        return action

    def _open_composer(self, title, template, code):
        """Return the composer's action; the journal row gets `code`."""
        self.ensure_one()
        if not self.partner_id.email:
            raise UserError(
                self.env._(
                    "%s has no mail address. Add one to the contact, or call.",
                    self.partner_id.display_name or self.display_name,
                )
            )
        template = self.env.ref(template, raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": "crm.lead",
                "default_res_ids": self.ids,
                "default_partner_ids": self.partner_id.ids,
                "default_composition_mode": "comment",
                "default_template_id": template.id if template else False,
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "estate_interaction_code": code,
            },
        }

    def action_plan_viewing(self):
        """Open the short form of a viewing with everything known filled in."""
        self.ensure_one()
        if not self.property_id:
            raise UserError(
                self.env._(
                    "%s is about no property yet. Choose one first.", self.display_name
                )
            )
        viewings = self.env["estate.viewing"]
        agent = self.user_id or self.env.user
        starts = viewings._get_free_starts(agent, self.property_id, self.team_id, 1)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan a viewing"),
            "res_model": "estate.viewing",
            "view_mode": "form",
            "target": "new",
            "views": [
                (
                    self.env.ref("crm_real_estate.estate_viewing_view_form_quick").id,
                    "form",
                )
            ],
            "context": {
                "default_lead_id": self.id,
                "default_agent_id": agent.id,
                "default_start": starts[0] if starts else False,
                "default_send_invitation": True,
            },
        }
