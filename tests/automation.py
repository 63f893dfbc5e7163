"""Automated actions and what is seen of them."""

from odoo.tests import freeze_time

from .common import NOW, EstateCase


class AutomationCase(EstateCase):
    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOW))

    def _call(self, code, **values):
        """Note a call on a new owner lead, by its operator; return the lead."""
        lead = self._create_owner_lead(**values)
        lead.with_user(lead.user_id).action_call_outcome(code)
        return lead

    def _count_moves(self, lead, place):
        """Count the moves of a lead to a phase that were made by the system."""
        return len(
            lead.interaction_ids.filtered(
                lambda row: row.phase_to == place and row.is_automatic
            )
        )
