from odoo import models


class Viewing(models.Model):
    _inherit = "estate.viewing"

    def _prepare_journal_vals(self):
        vals = super()._prepare_journal_vals()
        if self.state == "done" and not self.feedback:
            vals["owner_values"] = {"without_words": True}
        return vals
