from odoo import fields, models


class InteractionType(models.Model):
    _inherit = "estate.interaction.type"

    reliability_weight = fields.Float(
        "Weight for reliability",
        help="Above 0: it speaks for the contact; below 0: against; 0: it does not "
        "count. A change counts for every contact from the next night on.",
    )
    is_for_managers = fields.Boolean(
        "Noted by managers only",
        help="Only an office manager can log it, such as a breach of an agreement.",
    )
