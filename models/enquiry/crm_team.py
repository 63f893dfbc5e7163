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
