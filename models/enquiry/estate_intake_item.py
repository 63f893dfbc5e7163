from odoo import fields, models

# A listing that lacks one of these is looked at by a person before anybody is called.
DECISIVE = {"deal_type", "type_code", "price", "contact", "contact.phones", "listing"}


class IntakeItem(models.Model):
    """What became of one object of a file; objects without a change leave no row."""

    _name = "estate.intake.item"
    _description = "Result of an intake"
    _order = "id"
    _rec_name = "key"

    message_id = fields.Many2one(
        "estate.intake.message", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="message_id.company_id", store=True)
    key = fields.Char("Object")
    outcome = fields.Selection(
        [
            ("created", "New"),
            ("changed", "Changed"),
            ("withdrawn", "Withdrawn"),
            ("outdated", "Told anew since"),
            ("to_check", "To check"),
            ("failed", "Failed"),
        ],
        required=True,
        index=True,
    )
    property_id = fields.Many2one("estate.property", ondelete="set null")
    note = fields.Text("Why")
