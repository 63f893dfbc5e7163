from odoo import fields, models


class IntakeSource(models.Model):
    _inherit = "estate.intake.source"

    owner_call_basis = fields.Selection(
        [
            ("asked", "They asked to be called"),
            ("prospecting", "Nobody asked: prospecting"),
        ],
        "Why owners may be called",
        help="Where the law wants a consent, owners who did not ask are not called "
        "without it. Empty: nobody said; the consent is then not enforced.",
    )
