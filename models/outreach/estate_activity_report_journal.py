from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

# What is read of each row of the journal.
JOURNAL = (
    "type_id",
    "property_id",
    "partner_id",
    "occurred_at",
    "create_date",
    "summary",
    "owner_comment",
    "owner_values",
)


class ActivityReport(models.Model):
    _inherit = "estate.activity.report"

    def _get_period(self):
        """Return the moments [start, stop) of the period as naive UTC."""
        self.ensure_one()
        company = self.company_id
        return (
            company._get_day_start(self.date_from),
            company._get_day_start(self.date_to + timedelta(days=1)),
        )

    def _get_lang(self):
        return self.partner_id.lang or self.company_id.partner_id.lang or self.env.lang

    def _fill_lines(self):
        """Read the journal for these drafts; what was added by hand stays.

        The number of queries depends on the number of languages, neither on that of the
        reports nor on that of the rows.
        """
        self.line_ids.filtered(lambda line: not line.is_added).unlink()
        rows = self._find_rows()
        vals_list = []
        for lang, reports in self.grouped(lambda report: report._get_lang()).items():
            translated = reports.with_context(lang=lang)
            mine = {
                report: rows[report].with_context(lang=lang) for report in translated
            }
            for section in translated._get_sections():
                vals_list += section["lines"](mine)
        self.env["estate.activity.report.line"]._write_read(self, vals_list)
        self.write({"filled_at": fields.Datetime.now()})

    def _find_rows(self):
        """Return the rows of the journal that each report tells about: report -> rows.

        Those that happened in its period, and those that were told too late for the
        reports before: each row stands in one report of a plan.
        """
        first = self._get_first_moments()
        scopes = {report: report._get_row_domain(first.get(report)) for report in self}
        # sudo: estate.interaction - the report tells what colleagues did, too
        journal = self.env["estate.interaction"].sudo()
        # By one query: Odoo reads a thousand of what it has searched at a time.
        found = journal.search_fetch(
            Domain.OR(scopes.values()) & journal._get_told_domain(),
            JOURNAL,
            order="occurred_at, id",
        )
        told = self._get_told_elsewhere(found)
        by_property = found.grouped("property_id")
        without = by_property.get(found.property_id.browse(), found.browse())
        rows = {}
        for report, domain in scopes.items():
            mine = without.union(
                *(by_property.get(prop, found.browse()) for prop in report.property_ids)
            )
            rows[report] = mine.filtered_domain(domain).filtered(
                lambda row, known=told[report.plan_id.id]: row.id not in known
            )
        return rows

    def _get_row_domain(self, first):
        """Return the domain of rows of this report's period.

        :param first: moment from which rows told late still count, or None
        """
        self.ensure_one()
        start, stop = self._get_period()
        period = Domain("occurred_at", ">=", start)
        if first and first < start:
            period |= Domain("occurred_at", ">=", first) & Domain(
                "create_date", ">=", start
            )
        return self._get_subject_domain() & Domain("occurred_at", "<", stop) & period

    def _get_subject_domain(self):
        """Return the domain of rows about what, and of the kinds, this report tells."""
        mine = Domain("partner_id", "=", self.partner_id.id)
        about = Domain("property_id", "in", self.property_ids.ids)
        if self.audience == "seeker":
            about = mine & (about | Domain("property_id", "=", False))
        else:
            # What is told to the owner himself need not be about a property.
            about |= mine & Domain("property_id", "=", False)
        if kinds := self.plan_id.type_ids:
            about &= Domain("type_id", "in", kinds.ids) | Domain(
                "owner_comment", "!=", False
            )
        return about

    def _get_first_moments(self):
        """Return when the first report of each plan begins: report -> moment."""
        firsts = dict(
            self._read_group(
                [("plan_id", "in", self.plan_id.ids)], ["plan_id"], ["date_from:min"]
            )
        )
        return {
            report: report.company_id._get_day_start(firsts[report.plan_id])
            for report in self
            if report.plan_id in firsts
        }

    def _get_told_elsewhere(self, rows):
        """Return what other reports of a plan tell: plan id -> set of row ids."""
        lines = self.env["estate.activity.report.line"].search(
            [
                ("report_id.plan_id", "in", self.plan_id.ids),
                ("report_id", "not in", self.ids),
                ("interaction_id", "in", rows.ids),
            ]
        )
        told = defaultdict(set)
        for line in lines:
            told[line.report_id.plan_id.id].add(line.interaction_id.id)
        return told
