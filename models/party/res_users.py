from odoo import fields, models

from ..groups import MEMBERS

NOTICES = [
    ("task", "By a task"),
    ("mail", "By a task and a mail"),
    ("sms", "By a task and an SMS"),
]


class UserParty(models.AbstractModel):
    """How a person wants to hear what became of his contacts."""

    _name = "estate.user.party.mixin"
    _description = "User: notices about contacts"

    hand_over_notice = fields.Selection(
        NOTICES,
        "Contacts handed over to me",
        default="task",
        help="How you are told at once that a colleague gave you a contact.",
    )
    opt_out_notice = fields.Selection(
        NOTICES,
        "When a contact stops automatic messages",
        default="task",
        groups=MEMBERS,
        copy=False,
        help="How you are told that one of your contacts wants no more automatic "
        "messages.",
    )
