from datetime import timedelta

from odoo import fields, models

LATE = timedelta(hours=24)


class Viewing(models.Model):
    _inherit = "estate.viewing"

    def _prepare_journal_vals(self):
        vals = super()._prepare_journal_vals()
        by_seeker = self.state == "cancelled" and self.cancelled_by == "seeker"
        if by_seeker and self.start - fields.Datetime.now() < LATE:
            vals["type"] = "viewing_cancelled_late"
        return vals
