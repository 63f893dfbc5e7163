from odoo import fields, models


class UserParty(models.AbstractModel):
    """How a person wants to hear that a contact was handed over to him."""

    _name = "estate.user.party.mixin"
    _description = "User: hand-overs"

    hand_over_notice = fields.Selection(
        [
            ("task", "By a task"),
            ("mail", "By a task and a mail"),
            ("sms", "By a task and an SMS"),
        ],
        "Contacts handed over to me",
        default="task",
        help="How you are told at once that a colleague gave you a contact.",
    )
