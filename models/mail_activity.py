from odoo import models


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        mine = self.filtered(lambda activity: activity.res_model == "crm.lead")
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if mine and not self.env.context.get("estate_journal_skip"):
            leads = self.env["crm.lead"].browse(mine.mapped("res_id")).exists()
            leads._get_estate_leads()._journal_done_activities(mine, feedback)
        return result
