import io
from datetime import datetime

import xlsxwriter

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime

# How many enquiries are printed, and how many a workbook takes.
PRINTED_ROWS = 300
SHEET_ROWS = 100_000
# How a workbook shows what is no plain number or text.
FORMATS = {
    "share": {"num_format": "0.0%"},
    "minutes": {"num_format": "0.0"},
    "at": {"num_format": "yyyy-mm-dd hh:mm"},
    "bold": {"bold": True, "text_wrap": True, "valign": "top"},
}


class ReportResponseTime(models.AbstractModel):
    """The response-time report on paper and as a workbook: plain values."""

    _name = "report.crm_real_estate.report_response_time"
    _description = "Response time report on paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        reports = self.env["estate.response.time"].browse(docids)
        reports.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": reports._name,
            "docs": reports,
            "reports": [self._prepare_page(report) for report in reports],
        }

    # === WHAT IS SHOWN ===

    @api.model
    def _prepare_page(self, report):
        details = report._search_details(PRINTED_ROWS)
        return {
            "company": (report.company_id or self.env.company).name,
            "date_from": format_date(self.env, report.date_from),
            "date_to": format_date(self.env, report.date_to),
            "criteria": self._prepare_criteria(report),
            "tiles": self._prepare_tiles(report),
            "intervals": self._prepare_intervals(report),
            "grouping": self._get_label(report, "grouping"),
            "groups": [
                {
                    "name": line.name,
                    "received": line.received,
                    "answered": line.answered,
                    "mean": line.mean_text,
                    "within_day": self._join(line.within_day, line.within_day_share),
                    "within_delay": self._join(
                        line.within_delay, line.within_delay_share
                    ),
                }
                for line in report.line_ids
            ],
            # sudo: crm.lead, res.partner - who sees an enquiry reads whose it is
            "details": [self._prepare_detail(report, row) for row in details.sudo()],
            "left_out": max(0, report.received - len(details)),
        }

    @api.model
    def _prepare_detail(self, report, row):
        minutes = row[report.measure] if row.answered else None
        return {
            "received_at": self._format_moment(row.received_at),
            "name": row.lead_id.display_name,
            "contact": row.partner_id.display_name,
            "person": row.person_id.name,
            "answered_at": self._format_moment(row.first_response_at),
            "is_entered_later": row.is_entered_later,
            "took": report._get_duration_text(minutes) or self.env._("unanswered"),
        }

    @api.model
    def _prepare_criteria(self, report):
        """Return (label, words) of each criterion that was chosen."""
        chosen = [
            (name, self._get_label(report, name)) for name in ("measure", "pipeline")
        ]
        chosen += [
            (name, ", ".join(report[name].mapped("display_name")))
            for name in ("team_ids", "person_ids", "source_ids", "source_group_ids")
        ]
        labels = report.fields_get([name for name, _words in chosen], ["string"])
        return [(labels[name]["string"], words) for name, words in chosen if words]

    @api.model
    def _prepare_tiles(self, report):
        wanted = report._get_duration_text(report.delay_minutes)
        return [
            (self.env._("received"), report.received),
            (self.env._("answered"), report.answered),
            (self.env._("mean time"), report.mean_text or "-"),
            (
                self.env._("within 24 h"),
                self._join(report.within_day, report.within_day_share),
            ),
            (
                self.env._("within %s", wanted),
                self._join(report.within_delay, report.within_delay_share),
            ),
        ]

    @api.model
    def _prepare_intervals(self, report):
        """Return (name, count, share): the intervals and the rest, together all."""
        rows = [
            (self._get_interval_name(report, one), one.count)
            for one in report.interval_ids
            if one.to_minutes
        ]
        rows += [
            (self.env._("In none of the intervals"), report.outside),
            (self.env._("Unanswered"), report.unanswered),
            (self.env._("All"), report.received),
        ]
        whole = report.received or 1
        return [(name, count, f"{count / whole:.1%}") for name, count in rows]

    @api.model
    def _get_interval_name(self, report, interval):
        to_text = report._get_duration_text(interval.to_minutes)
        if not interval.from_minutes:
            return self.env._("up to %s", to_text)
        return self.env._(
            "more than %(start)s, up to %(stop)s",
            start=report._get_duration_text(interval.from_minutes),
            stop=to_text,
        )

    @api.model
    def _get_label(self, report, name):
        values = dict(report._fields[name]._description_selection(self.env))
        return values.get(report[name], "")

    @api.model
    def _join(self, count, share):
        return f"{count} ({share:.1%})"

    @api.model
    def _format_moment(self, moment):
        return format_datetime(self.env, moment, dt_format="short") if moment else ""

    # === WORKBOOK ===

    @api.model
    def _build_workbook(self, report):
        """Return the bytes of a workbook: figures, groups, and every enquiry."""
        content = io.BytesIO()
        with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
            styles = {name: book.add_format(one) for name, one in FORMATS.items()}
            self._write_figures(book, styles, report)
            self._write_groups(book, styles, report)
            self._write_details(book, styles, report)
        return content.getvalue()

    @api.model
    def _add_sheet(self, book, styles, name, head, width=18):
        sheet = book.add_worksheet(name[:31])
        sheet.set_column(0, len(head) - 1, width)
        sheet.write_row(0, 0, head, styles["bold"])
        sheet.freeze_panes(1, 0)
        return sheet

    @api.model
    def _write_figures(self, book, styles, report):
        head = [self.env._("Response time"), "", ""]
        sheet = self._add_sheet(book, styles, self.env._("Figures"), head, 34)
        rows = [
            (self.env._("From"), str(report.date_from)),
            (self.env._("To"), str(report.date_to)),
            *self._prepare_criteria(report),
            (self.env._("Enquiries"), report.received),
            (self.env._("Answered"), report.answered),
            (self.env._("Mean (minutes)"), report.mean_minutes),
            (self.env._("Within 24 h"), report.within_day, report.within_day_share),
            (self.env._("In time"), report.within_delay, report.within_delay_share),
            *(
                (name, count, count / (report.received or 1))
                for name, count, _share in self._prepare_intervals(report)
            ),
        ]
        for number, row in enumerate(rows, start=1):
            is_mean = isinstance(row[1], float)
            formats = (None, styles["minutes"] if is_mean else None, styles["share"])
            self._write(sheet, number, row, formats)

    @api.model
    def _write_groups(self, book, styles, report):
        label = self._get_label(report, "grouping")
        names = (
            *("received", "answered", "unanswered", "mean_minutes", "within_day"),
            *("within_day_share", "within_delay", "within_delay_share"),
        )
        lines = report.line_ids
        labels = lines.fields_get(names, ["string"])
        head = [label, *(labels[name]["string"] for name in names)]
        sheet = self._add_sheet(book, styles, label, head)
        formats = self._get_formats(styles, ("name", *names))
        for number, line in enumerate(lines, start=1):
            row = [line.name, *(line[name] for name in names)]
            self._write(sheet, number, row, formats)

    @api.model
    def _write_details(self, book, styles, report):
        names = (
            *("received_at", "lead_id", "partner_id", "person_id", "team_id"),
            *("source_id", "source_group_id", "pipeline", "response_start_at"),
            *("first_response_at", "response_minutes", "response_working_minutes"),
            *("unrouted_minutes", "unseen_minutes", "undone_minutes"),
            *("outside_minutes", "is_entered_later"),
        )
        details = report._search_details(SHEET_ROWS)
        labels = details.fields_get(names, ["string"])
        head = [labels[name]["string"] for name in names]
        sheet = self._add_sheet(book, styles, self.env._("Enquiries"), head)
        formats = self._get_formats(styles, names)
        for number, row in enumerate(self._read_details(details, names), start=1):
            self._write(sheet, number, row, formats)

    @api.model
    def _read_details(self, details, names):
        """Yield the cells of each enquiry; moments in the zone of the user."""
        # sudo: crm.lead, res.partner - who sees an enquiry reads whose it is
        for row in details.sudo():
            yield [self._get_cell(row, name) for name in names]

    @api.model
    def _get_cell(self, row, name):
        value = row[name]
        if isinstance(value, datetime):
            # A workbook knows no zones: the moment as the clock of the user told it.
            return fields.Datetime.context_timestamp(self, value).replace(tzinfo=None)
        if isinstance(value, models.BaseModel):
            return value.display_name
        if name == "pipeline":
            return self._get_label(row, name)
        if name.endswith("_minutes") and not row.answered:
            return ""
        return value

    @api.model
    def _get_formats(self, styles, names):
        """Return the format of each column by the end of its name, None for most."""
        return [styles.get(name.rpartition("_")[2]) for name in names]

    @api.model
    def _write(self, sheet, number, row, formats):
        # Words are written as words: none of them becomes a formula.
        for column, (value, style) in enumerate(zip(row, formats, strict=False)):
            if isinstance(value, bool):
                sheet.write_string(number, column, self.env._("yes") if value else "")
            elif isinstance(value, (int, float)):
                sheet.write_number(number, column, value, style)
            elif isinstance(value, datetime):
                sheet.write_datetime(number, column, value, style)
            else:
                sheet.write_string(number, column, value or "")
