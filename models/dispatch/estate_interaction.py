from odoo import models

# What comes in is no work on a lead.
INCOMING = ("enquiry", "mail_received")


class Interaction(models.Model):
    _inherit = "estate.interaction"

    def _is_human_work(self):
        """Return whether a person of the agency did this."""
        self.ensure_one()
        user = self.user_id
        return not (
            self.is_automatic
            or user._is_superuser()
            or user.share
            or self.type_code in INCOMING
        )

    # === HOOKS ANSWERED ===

    def _on_journal_written(self):
        super()._on_journal_written()
        # Who works on a lead keeps it.
        self.filtered("lead_id").filtered(
            lambda row: row._is_human_work()
        ).lead_id._end_leases("worked")
