from odoo import models

OWN_STATES = [("estate_plan_report", "Plan reports to owners")]


class ServerActionOutreach(models.AbstractModel):
    """Steps of the outreach room as types of Odoo's server actions."""

    _name = "estate.server.action.outreach.mixin"
    _description = "Server action: reports to owners"

    def _get_estate_start_models(self):
        return super()._get_estate_start_models() | {
            "estate_plan_report": ("estate.property",)
        }

    def _apply_estate_plan_report(self, records):
        return records._plan_owner_reports()
