from datetime import timedelta

from odoo import models


class ActivityReport(models.Model):
    _inherit = "estate.activity.report"

    def _prepare_phase_lines(self, rows):
        """Tell how many seekers stand in each phase, where the report is to tell it."""
        reports = (
            self.browse()
            .union(*rows)
            .filtered(
                lambda report: report.tells_phases and report.audience == "vendor"
            )
        )
        if not reports:
            return []
        # sudo: crm.lead - the seekers of colleagues count, none of them is named
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        groups = leads._read_group(
            [
                ("property_id", "in", reports.property_ids.ids),
                ("lead_role", "=", "seeker"),
            ],
            ["property_id", "stage_id"],
            ["__count"],
        )
        counts = {}
        for prop, stage, count in groups:
            counts.setdefault(prop.id, []).append((stage, count))
        return [
            {
                "report_id": report.id,
                "property_id": prop.id,
                "occurred_at": report._get_period()[1] - timedelta(seconds=1),
                "kind": self.env._("Phase"),
                "section": "phase",
                "text": f"{stage.with_env(self.env).name}: {count}",
            }
            for report in reports
            for prop in report.property_ids
            for stage, count in sorted(
                counts.get(prop.id, ()), key=lambda pair: (pair[0].sequence, pair[0].id)
            )
        ]
