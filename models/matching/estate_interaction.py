from odoo import models

# What a seeker does when he answers an offer otherwise than by its link.
ANSWERS = ("mail_received", "enquiry")


class Interaction(models.Model):
    _inherit = "estate.interaction"

    def _on_journal_written(self):
        super()._on_journal_written()
        rows = self.filtered(
            lambda row: row.lead_id.lead_role == "seeker" and row.type_code in ANSWERS
        )
        # sudo: estate.pair - only whether something was offered is read
        offered = rows.lead_id.sudo().filtered("pair_ids")
        offered._count_as_answered()
