from datetime import timedelta

from odoo import fields, models

HELP = "Tells how many people search for such a property, now and at a lower price."


class ReportPlan(models.Model):
    _inherit = "estate.report.plan"

    with_demand = fields.Boolean("Demand in the report", help=HELP)


class ActivityReportLine(models.Model):
    _inherit = "estate.activity.report.line"

    section = fields.Selection(
        selection_add=[("demand", "Demand"), ("next_step",)],
        ondelete={"demand": "cascade"},
    )


class ActivityReport(models.Model):
    """How many seekers the property would find; no seeker is named."""

    _inherit = "estate.activity.report"

    with_demand = fields.Boolean("Demand in the report", help=HELP)

    def _get_sections(self):
        sections = super()._get_sections()
        demand = {
            "code": "demand",
            "title": self.env._("Demand"),
            "lines": self._prepare_demand_lines,
        }
        return [*sections[:-1], demand, *sections[-1:]]

    def _prepare_demand_lines(self, rows):
        reports = self.browse().union(*rows)
        reports = reports.filtered(lambda r: r.with_demand and r.audience == "vendor")
        offered = reports.property_ids.filtered("is_offered")
        texts = offered.with_env(self.env)._get_demand_texts()
        return [
            {
                "report_id": report.id,
                "property_id": prop.id,
                "occurred_at": report._get_period()[1] - timedelta(seconds=1),
                "kind": self.env._("Demand"),
                "section": "demand",
                "text": texts[prop],
            }
            for report in reports
            for prop in report.property_ids
            if prop in texts
        ]
