from odoo import models

from . import inner


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["estate.activity.task.mixin", "mail.activity"]

    def _action_done(self, feedback=False, attachment_ids=None):
        done = self.filtered("res_model")
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if inner.hear(self.env, "journal_skip"):
            return result
        for model, activities in done.exists().grouped("res_model").items():
            if isinstance(
                self.env[model], self.env.registry["estate.journal.thread.mixin"]
            ):
                # sudo: lead, contact, property - who has a task may close it, even
                # where he may not see its record; only what is to be told is read
                records = (
                    self.env[model].sudo().browse(activities.mapped("res_id")).exists()
                )
                records._journal_done_activities(activities, feedback)
        return result
