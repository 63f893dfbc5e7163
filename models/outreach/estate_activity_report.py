import base64
import logging
from datetime import datetime, time, timedelta

import pytz

from odoo import _, api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)
REPORT = "crm_real_estate.action_report_activity"
MOST_ATTEMPTS = 5


class ActivityReport(models.Model):
    """What was done for an owner in a period; frozen once it is sent."""

    _name = "estate.activity.report"
    _description = "Activity report"
    _inherit = "estate.ledger.chain.mixin"
    _order = "date_to desc, id desc"
    _rec_name = "name"

    name = fields.Char(compute="_compute_name")
    plan_id = fields.Many2one(
        "estate.report.plan", "Plan", ondelete="set null", readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", "Owner", ondelete="set null", index=True
    )
    property_ids = fields.Many2many("estate.property", string="Properties", required=True)
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True)
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Sent")], required=True, default="draft", readonly=True,
        index=True,
    )
    opening = fields.Text("Opening words")
    line_ids = fields.One2many("estate.activity.report.line", "report_id", "Lines")
    pdf_attachment_id = fields.Many2one(
        "ir.attachment", "PDF", readonly=True, ondelete="set null", copy=False
    )
    mail_id = fields.Many2one("mail.mail", "Mail", readonly=True, ondelete="set null", copy=False)
    sent_at = fields.Datetime(readonly=True, copy=False)
    error = fields.Text("Held back because", readonly=True, copy=False)
    attempts = fields.Integer(readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True,
        ondelete="restrict",
    )

    _ledger_links = ("partner_id", "plan_id", "mail_id", "pdf_attachment_id")
    _ledger_texts = ("opening",)
    _ledger_frozen_state = "sent"
    _ledger_facts = ("date_from", "date_to", "sent_at", "property_ids")

    _period_uniq = models.UniqueIndex(
        "(plan_id, date_from) WHERE plan_id IS NOT NULL",
        "There is already a report about this period.",
    )
    _ends_after_start = models.Constraint(
        "CHECK(date_to >= date_from)", "A report must end on or after the day it starts."
    )

    @api.depends("partner_id", "date_from", "date_to")
    def _compute_name(self):
        for report in self:
            report.name = _(
                "%(owner)s, %(start)s to %(end)s",
                owner=report.partner_id.name or _("Owner"),
                start=fields.Date.to_string(report.date_from),
                end=fields.Date.to_string(report.date_to),
            )

    # === CONTENT ===

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        reports.filtered(lambda r: not r.line_ids)._fill_lines()
        return reports

    def _get_period(self):
        """Return the moments [start, stop) of the period as naive UTC."""
        self.ensure_one()
        zone = pytz.timezone(self.company_id.resource_calendar_id.tz or "UTC")
        days = self.date_from, self.date_to + timedelta(days=1)
        return [
            zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
            for day in days
        ]

    def _fill_lines(self):
        """Take what the journal holds of the period; each line can be mended in the draft."""
        for report in self:
            start, stop = report._get_period()
            # sudo: estate.interaction - the report tells what colleagues did, too
            rows = self.env["estate.interaction"].sudo().search(
                [
                    ("property_id", "in", report.property_ids.ids),
                    ("occurred_at", ">=", start),
                    ("occurred_at", "<", stop),
                    *self.env["estate.interaction"]._get_valid_domain(),
                ],
                order="occurred_at, id",
            )
            report_in_lang = report.with_context(lang=report.partner_id.lang or self.env.lang)
            vals_list = [
                vals
                for section in report_in_lang._get_sections()
                for vals in section["lines"](rows.with_env(report_in_lang.env).sudo())
            ]
            self.env["estate.activity.report.line"].create(
                [{**vals, "report_id": report.id} for vals in vals_list]
            )

    def _get_sections(self):
        """Return the sections of the report, in their order. Extend it to add one.

        :return: list of dicts: `code` (value of a line's `section`), `title`, and
            `lines`, a function from journal rows to values of report lines
        """
        return [
            {"code": "action", "title": _("What we did"), "lines": self._prepare_event_lines},
            {"code": "viewing", "title": _("Viewing reports"), "lines": self._prepare_viewing_lines},
            {"code": "comment", "title": _("Our comments"), "lines": self._prepare_comment_lines},
        ]

    def _prepare_event_lines(self, rows):
        shown = rows.filtered(lambda r: r.type_id.is_owner_visible and r.type_id.section == "action")
        return [self._prepare_line(row, "action", row._get_owner_text()) for row in shown]

    def _prepare_viewing_lines(self, rows):
        shown = rows.filtered(lambda r: r.type_id.is_owner_visible and r.type_id.section == "viewing")
        return [self._prepare_line(row, "viewing", row._get_owner_text()) for row in shown]

    def _prepare_comment_lines(self, rows):
        return [
            self._prepare_line(row, "comment", row.owner_comment)
            for row in rows.filtered("owner_comment")
        ]

    def _prepare_line(self, row, section, text):
        return {
            "interaction_id": row.id,
            "property_id": row.property_id.id,
            "occurred_at": row.occurred_at,
            "kind": row.type_id.name,
            "section": section,
            "text": text,
        }

    # === SENDING ===

    @api.model
    def _cron_send_activity_reports(self, batch=20):
        """Make, print and mail what is due; killed anywhere and run again, each once."""
        cron = self.env["ir.cron"]
        plans = self.env["estate.report.plan"]
        due = plans.search([("next_date", "<=", fields.Date.add(fields.Date.today(), days=1))])
        for plan in due:
            locked = plan.try_lock_for_update(allow_referencing=True)
            if locked and locked.next_date <= locked._get_today():
                self._guard(locked, lambda plan: self.create([plan._prepare_due_report()]))
            if not cron._commit_progress(1):
                return
        seen = []
        while reports := self.search([*self._get_due_domain(), ("id", "not in", seen)], limit=batch):
            for report in reports:
                seen.append(report.id)
                report._send_in_steps(cron._commit_progress)
                if not cron._commit_progress(1):
                    return

    @api.model
    def _get_due_domain(self):
        return [("state", "=", "draft"), ("plan_id", "!=", False), ("attempts", "<", MOST_ATTEMPTS)]

    def _send_in_steps(self, commit):
        """Print, then mail and freeze; after each step a killed worker starts there again."""
        report = self.try_lock_for_update(allow_referencing=True)
        report = report.filtered_domain(self._get_due_domain())
        if not report:
            return
        if not report._get_allowed_recipient():
            report._hold_back(
                _(
                    "%s does not want automatic mails or has no mail address. Print the "
                    "report or send it by hand.",
                    report.partner_id.display_name,
                )
            )
            return
        if not report.pdf_attachment_id:
            if not self._guard(report, lambda r: r._print()):
                return
            commit()
            report = report.try_lock_for_update(allow_referencing=True)
        self._guard(report, lambda r: r._mail())

    def _get_allowed_recipient(self):
        return self.partner_id._may_receive_automatic("email", "report")

    @api.model
    def _guard(self, record, step):
        """Do one step in its own savepoint; a failure is kept with the record."""
        try:
            with self.env.cr.savepoint():
                step(record)
            return True
        except Exception as error:
            _logger.exception("%s %s failed", record._name, record.ids)
            if record._name == self._name:
                record._hold_back(f"{type(error).__name__}: {error}", record.attempts + 1)
            return False

    def _hold_back(self, reason, attempts=MOST_ATTEMPTS):
        self.write({"error": reason, "attempts": attempts})

    def _print(self):
        """Make the PDF and keep it with the report."""
        for report in self:
            lang = report.partner_id.lang or self.env.lang
            # sudo: ir.actions.report - the report holds rows its reader may not open
            content, _kind = self.env["ir.actions.report"].sudo().with_context(lang=lang)._render_qweb_pdf(
                REPORT, report.ids
            )
            report.pdf_attachment_id = self.env["ir.attachment"].create(
                {
                    "name": f"{report.with_context(lang=lang)._get_file_name()}.pdf",
                    "datas": base64.b64encode(content),
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": report.id,
                }
            )

    def _get_file_name(self):
        self.ensure_one()
        return _("Activity report %s", fields.Date.to_string(self.date_to))

    def _mail(self):
        """Queue the mail and freeze the report in one transaction: one report, one mail."""
        template = self.env.ref("crm_real_estate.mail_template_activity_report")
        for report in self:
            mail_id = template.send_mail(
                report.id,
                email_values={
                    "attachment_ids": [fields.Command.link(report.pdf_attachment_id.id)],
                    "auto_delete": False,
                    "estate_automatic": bool(report.plan_id),
                },
            )
            now = fields.Datetime.now()
            report.line_ids.write({"state": "sent"})
            report.write(
                {"mail_id": mail_id, "state": "sent", "sent_at": now, "error": False}
            )
            report._append_to_chain()
        self._write_report_journal()

    def _write_report_journal(self):
        self.env["estate.interaction"]._write_journal(
            [
                {
                    "type": "report_sent",
                    "partner_id": report.partner_id.id,
                    "property_id": prop.id,
                    "summary": report._get_file_name(),
                    "origin": f"estate.activity.report,{report.id},{prop.id}",
                    "is_automatic": bool(report.plan_id),
                }
                for report in self
                for prop in report.property_ids
            ]
        )

    # === ACTIONS ===

    def action_print(self):
        """Show the PDF: the kept one of a sent report, a fresh one of a draft."""
        self.ensure_one()
        if self.state == "draft":
            self.pdf_attachment_id = False
            self._print()
        elif not self.pdf_attachment_id:
            raise UserError(_("The PDF of %s was erased with the owner's data.", self.name))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.pdf_attachment_id.id}",
            "target": "new",
        }

    def action_send(self):
        """Send these drafts now, by hand: a person decided it for this one owner."""
        for report in self:
            if report.state == "sent":
                raise UserError(_("%s was already sent and cannot change.", report.name))
            if not report.partner_id.email:
                raise UserError(
                    _("%s has no mail address. Add one, or print the report.",
                      report.partner_id.display_name)
                )
            report._print()
            report._mail()

    def action_refresh(self):
        """Read the journal again; changes made by hand in these drafts are lost."""
        drafts = self.filtered(lambda r: r.state == "draft")
        drafts.line_ids.unlink()
        drafts.write({"error": False, "attempts": 0, "pdf_attachment_id": False})
        drafts._fill_lines()


class ActivityReportLine(models.Model):
    """One line of a report; its text can be mended until the report is sent."""

    _name = "estate.activity.report.line"
    _description = "Line of an activity report"
    _inherit = "estate.ledger.mixin"
    _order = "property_id, section, occurred_at, id"
    _rec_name = "kind"

    report_id = fields.Many2one(
        "estate.activity.report", required=True, index=True, ondelete="cascade"
    )
    interaction_id = fields.Many2one("estate.interaction", ondelete="restrict")
    property_id = fields.Many2one("estate.property", "Property", ondelete="set null")
    section = fields.Selection(
        [("action", "Actions"), ("viewing", "Viewing reports"), ("comment", "Comments")],
        required=True, default="comment",
    )
    occurred_at = fields.Datetime("When", required=True, default=fields.Datetime.now)
    kind = fields.Char(required=True)
    text = fields.Text()
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Sent")], required=True, default="draft", readonly=True
    )
    company_id = fields.Many2one(related="report_id.company_id")

    _ledger_links = ("property_id",)
    _ledger_texts = ("text",)
    _ledger_frozen_state = "sent"
