from odoo import models


class Search(models.Model):
    """What is written and done about a search stands in its contact's journal."""

    _name = "estate.search"
    _inherit = ["estate.search", "estate.journal.thread.mixin"]

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        self._journal_message(message)
        return result

    def _get_journal_links(self):
        return {
            "partner_id": self.partner_id.id,
            "search_id": self.id,
            "company_id": self.company_id.id,
        }
