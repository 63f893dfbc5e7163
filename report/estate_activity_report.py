import re

from odoo import api, fields, models
from odoo.tools import format_date

# What goes into a style must be a colour and nothing else.
COLOR = re.compile(r"#[0-9a-fA-F]{6}")


class ReportActivity(models.AbstractModel):
    """The letter that an owner gets: plain values for the template."""

    _name = "report.crm_real_estate.report_activity"
    _description = "Activity report as a letter"

    @api.model
    def _get_report_values(self, docids, data=None):
        reports = self.env["estate.activity.report"].browse(docids)
        reports.check_access("read")
        # sudo: estate.activity.report - its reader may see the owner's address, too
        reports = reports.sudo()
        return {
            "doc_ids": docids,
            "doc_model": reports._name,
            "docs": reports,
            "letters": [self._prepare_letter(report) for report in reports],
        }

    @api.model
    def _prepare_letter(self, report):
        """Return what the template prints of one report, in its reader's language."""
        lang = report._get_lang()
        report = report.with_context(lang=lang)
        company = report.company_id
        written_at = report.sent_at or fields.Datetime.now()
        lines = report.line_ids.sorted(lambda line: (line.occurred_at, line.id))
        first = report.property_ids[:1]
        properties = [
            self._prepare_property(
                report,
                prop,
                lines.filtered(
                    lambda line, prop=prop: (line.property_id or first) == prop
                ),
            )
            for prop in report.property_ids
        ]
        # The closing follows the last line, unless the last property was quiet.
        last_sections = properties[-1]["sections"]
        color = self._get_color(company)
        return {
            "rule": color and f"border-color: {color}",
            "heading": color and f"color: {color}",
            "lang": lang,
            "report": report,
            "company": company,
            "logo": not company.uses_default_logo and company.logo,
            "recipient": report.partner_id,
            "recipient_address": self._get_address(report.partner_id, company),
            "company_address": self._get_address(company.partner_id, company),
            "written_on": self._format_long(
                report, company._to_report_time(written_at)
            ),
            "date_from": self._format_long(report, report.date_from),
            "date_to": self._format_long(report, report.date_to),
            "corrected_on": report.corrects_id.sent_at
            and self._format_long(
                report, company._to_report_time(report.corrects_id.sent_at)
            ),
            "agents": report.property_ids.agent_id.filtered("active"),
            "properties": properties,
            "last_line": last_sections[-1]["lines"][-1] if last_sections else None,
        }

    @api.model
    def _get_color(self, company):
        """Return the agency's own colour (hex), empty for that of the template."""
        color = (company.primary_color or "").strip()
        return color if COLOR.fullmatch(color) else ""

    @api.model
    def _get_address(self, partner, company):
        """Return the lines of an address as its country writes it."""
        if partner.state_id:
            lines = partner._display_address(without_company=True).splitlines()
        else:
            # Odoo's format for countries without one of their own is the American one.
            place = " ".join(part for part in (partner.zip, partner.city) if part)
            country = partner.country_id.name
            lines = [partner.street, partner.street2, place, country]
        home = company.country_id.name
        return [line for line in lines if line and line.strip() and line != home]

    @api.model
    def _prepare_property(self, report, prop, lines):
        sections = [
            {
                "code": section["code"],
                "title": section["title"],
                "lines": [
                    self._prepare_line(report, line)
                    for line in lines
                    if line.section == section["code"]
                ],
            }
            for section in report._get_sections()
        ]
        place = " ".join(part for part in (prop.zip, prop.city) if part)
        return {
            "property": prop,
            "name": prop.name,
            "address": ", ".join(part for part in (prop.street, place) if part),
            "sentences": [
                line["text"]
                for section in sections
                if not section["title"]
                for line in section["lines"]
                if line["text"]
            ],
            "sections": [s for s in sections if s["title"] and s["lines"]],
            "is_quiet": not any(
                s["lines"] for s in sections if s["title"] and s["code"] != "next_step"
            ),
        }

    @api.model
    def _prepare_line(self, report, line):
        moment = report.company_id._to_report_time(line.occurred_at)
        return {
            "date": format_date(report.env, moment.date()),
            "kind": line.kind,
            "text": (line.text or "").strip(),
        }

    @api.model
    def _format_long(self, report, day):
        return format_date(report.env, day, date_format="long")
