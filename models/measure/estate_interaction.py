from odoo import models


class Interaction(models.Model):
    _inherit = "estate.interaction"

    def _answers_since(self, received_at):
        """Tell whether this answers what was received at a moment.

        The kind of event, and that it holds, is known; a person of the agency did it.
        """
        self.ensure_one()
        user = self.user_id
        is_person = not (user.share or user._is_superuser())
        return is_person and self.occurred_at >= received_at

    def _may_change_response(self):
        """Tell whether this new row may stop a clock, stop it earlier, or reopen it."""
        self.ensure_one()
        if self.corrects_id:
            return self.corrects_id == self.lead_id.first_response_id
        lead = self.lead_id
        if self.is_automatic or not self.type_id.is_response or not lead.received_at:
            return False
        first = lead.first_response_at
        return not first or self.occurred_at < first

    # === HOOKS ANSWERED ===

    def _on_journal_written(self):
        super()._on_journal_written()
        # sudo: crm.lead - whoever answers stops the clock
        rows = self.filtered("lead_id").sudo()
        if rows := rows.filtered(lambda row: row._may_change_response()):
            rows.lead_id._renew_response()
