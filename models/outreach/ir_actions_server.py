import logging

from odoo import fields, models

_logger = logging.getLogger(__name__)

OWN_STATES = [
    ("estate_plan_report", "Plan reports to owners"),
    ("estate_send_report", "Send activity report"),
    ("estate_alert", "Alert"),
    ("estate_answer", "Answer enquiry"),
    ("estate_tell_opt_out", "Tell the agent of an opt-out"),
]
# state -> models whose records such an action can start from
START_MODELS = {
    "estate_plan_report": ("estate.property",),
    "estate_send_report": ("estate.property", "estate.interaction", "estate.viewing"),
    "estate_answer": ("crm.lead", "estate.interaction"),
    "estate_alert": ("crm.lead", "estate.call", "estate.interaction", "estate.viewing"),
    "estate_tell_opt_out": ("estate.consent",),
}


class ServerActionOutreach(models.AbstractModel):
    """Steps of the outreach room as types of Odoo's server actions."""

    _name = "estate.server.action.outreach.mixin"
    _description = "Server action: what leaves by itself"

    estate_responder_id = fields.Many2one(
        "estate.responder",
        "Answer with",
        help="Empty: the automatic answer that fits the enquiry, if there is one.",
    )

    def _get_estate_start_models(self):
        return super()._get_estate_start_models() | START_MODELS

    def _apply_estate_plan_report(self, records):
        return records._plan_owner_reports()

    def _apply_estate_send_report(self, records):
        about = records if records._name == "estate.property" else records.property_id
        about._report_to_owners()

    def _apply_estate_alert(self, records):
        self._get_leads_of(records)._get_alertable()._send_alerts()

    def _apply_estate_answer(self, records):
        self._get_leads_of(records)._answer_automatically(self.estate_responder_id)

    def _apply_estate_tell_opt_out(self, records):
        # A click writes a row for each channel: its agent is told once.
        told = records.filtered("partner_id").grouped("partner_id")
        for partner, consents in told.items():
            try:
                with self.env.cr.savepoint():
                    partner._tell_agent_of_wish(consents.sorted("id")[-1])
            except Exception:
                # The person's wish holds, whoever could not be told of it.
                _logger.exception("An opt-out could not be told (%s)", consents.ids)
