from odoo import fields, models

from ..groups import MEMBERS

NOTICES = [
    ("task", "By a task"),
    ("mail", "By a task and by mail"),
    ("sms", "By a task and by SMS"),
]


class UserParty(models.AbstractModel):
    """How a person of the agency is told about his contacts."""

    _name = "estate.user.party.mixin"
    _description = "User: contacts"

    opt_out_notice = fields.Selection(
        NOTICES,
        "When a contact stops automatic messages",
        default="task",
        groups=MEMBERS,
        help="How you are told that one of your contacts wants no more automatic "
        "messages.",
    )
