from odoo import fields, models


class TeamEnquiry(models.AbstractModel):
    """An office and the mails it receives."""

    _name = "estate.team.enquiry.mixin"
    _description = "Office: intake"

    intake_source_id = fields.Many2one(
        "estate.intake.source",
        "Mails are enquiries for",
        ondelete="restrict",
        help="Mails to this team's address are stored in this inbox and become "
        "enquiries.",
    )

    def _get_office_leads_action(self):
        """Return the window with the open leads of this office, of both roles."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_real_estate.crm_lead_action_enquiries"
        )
        return action | {
            "display_name": self.name,
            "path": False,
            "domain": [("lead_role", "!=", False)],
            "context": {
                "search_default_open": 1,
                "search_default_team_id": self.id,
                "default_team_id": self.id,
                "default_lead_role": "seeker",
                "default_type": "opportunity",
            },
        }
