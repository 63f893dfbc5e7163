from odoo import api, fields, models


class ActivityReport(models.Model):
    """What a person changed in a draft, and what a correction changes."""

    _inherit = "estate.activity.report"

    corrects_id = fields.Many2one(
        "estate.activity.report",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="A sent report never changes: what was wrong in it is told in a new one.",
    )
    correction_ids = fields.One2many(
        "estate.activity.report", "corrects_id", "Corrections"
    )
    review = fields.Html(
        "Differences",
        compute="_compute_review",
        sanitize=False,
        help="What the owner reads differently from the journal, or from the report "
        "that is corrected.",
    )

    @api.depends(
        "line_ids.text", "line_ids.kind", "line_ids.original_text", "corrects_id"
    )
    def _compute_review(self):
        for report in self:
            differences = report._get_differences()
            report.review = differences and self.env["ir.qweb"]._render(
                "crm_real_estate.report_review", {"differences": differences}
            )

    def _get_differences(self):
        """Return what differs: list of dicts `what`, `kind`, `before`, `after`."""
        self.ensure_one()
        if self.corrects_id:
            return self._compare_with_corrected()
        return [
            {
                "what": "added" if line.is_added else "mended",
                "kind": line.kind,
                "before": "" if line.is_added else line.original_text,
                "after": line.text,
            }
            for line in self.line_ids
            if line.is_added or (line.text or "") != (line.original_text or "")
        ]

    def _compare_with_corrected(self):
        old = self._get_compared_lines(self.corrects_id)
        new = self._get_compared_lines(self)
        differences = []
        for key in [*old, *(key for key in new if key not in old)]:
            before, after = old.get(key), new.get(key)
            if before != after:
                differences.append(
                    {
                        "what": "added"
                        if before is None
                        else "left_out"
                        if after is None
                        else "mended",
                        "kind": key[-1],
                        "before": before,
                        "after": after,
                    }
                )
        return differences

    @api.model
    def _get_compared_lines(self, report):
        """Return the texts of a report: (property, event or moment, kind) -> text."""
        return {
            (
                line.property_id.id,
                line.section,
                line.interaction_id.id or str(line.occurred_at),
                line.kind,
            ): line.text or ""
            for line in report.line_ids
        }

    def action_correct(self):
        """Begin the report that corrects this one: the same period, read anew."""
        self.ensure_one()
        correction = self.create(
            {
                "partner_id": self.partner_id.id,
                "audience": self.audience,
                "company_id": self.company_id.id,
                "property_ids": [fields.Command.set(self.property_ids.ids)],
                "date_from": self.date_from,
                "date_to": self.date_to,
                "corrects_id": self.id,
            }
        )
        return correction._get_records_action(name=self.env._("Correction"))
