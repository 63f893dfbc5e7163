from odoo import models


class Viewing(models.Model):
    _inherit = "estate.viewing"

    def action_open_lead(self):
        self.ensure_one()
        return self.lead_id._get_records_action(name=self.lead_id.display_name)
