from odoo import models

OWN_STATES = [
    ("estate_plan_report", "Plan reports to owners"),
    ("estate_alert", "Alert"),
]


class ServerActionOutreach(models.AbstractModel):
    """Steps of the outreach room as types of Odoo's server actions."""

    _name = "estate.server.action.outreach.mixin"
    _description = "Server action: reports to owners, alerts"

    def _get_estate_start_models(self):
        return super()._get_estate_start_models() | {
            "estate_plan_report": ("estate.property",),
            "estate_alert": (
                "crm.lead",
                "estate.call",
                "estate.interaction",
                "estate.viewing",
            ),
        }

    def _apply_estate_plan_report(self, records):
        return records._plan_owner_reports()

    def _apply_estate_alert(self, records):
        self._get_leads_of(records)._get_alertable()._send_alerts()
