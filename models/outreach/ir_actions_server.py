import logging

from odoo import models

_logger = logging.getLogger(__name__)

OWN_STATES = [
    ("estate_plan_report", "Plan reports to owners"),
    ("estate_tell_opt_out", "Tell the agent of an opt-out"),
]


class ServerActionOutreach(models.AbstractModel):
    """Steps of the outreach room as types of Odoo's server actions."""

    _name = "estate.server.action.outreach.mixin"
    _description = "Server action: reports to owners"

    def _get_estate_start_models(self):
        return super()._get_estate_start_models() | {
            "estate_plan_report": ("estate.property",),
            "estate_tell_opt_out": ("estate.consent",),
        }

    def _apply_estate_plan_report(self, records):
        return records._plan_owner_reports()

    def _apply_estate_tell_opt_out(self, records):
        # A click writes a row for each channel: its agent is told once.
        for partner, consents in (
            records.filtered("partner_id").grouped("partner_id").items()
        ):
            try:
                with self.env.cr.savepoint():
                    partner._tell_agent_of_wish(consents.sorted("id")[-1])
            except Exception:
                # The person's wish holds, whoever could not be told of it.
                _logger.exception("An opt-out could not be told (%s)", consents.ids)
