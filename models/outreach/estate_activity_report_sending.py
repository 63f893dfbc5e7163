import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .. import inner

REPORT = "crm_real_estate.action_report_activity"
TEMPLATE = "crm_real_estate.mail_template_activity_report"
BATCH = 20
# What alone is no news.
QUIET = ("state", "next_step")


class ActivityReport(models.Model):
    _inherit = "estate.activity.report"

    @api.model
    def _cron_send_activity_reports(self):
        """Make, fill, print and mail what is due: each once, wherever it is killed.

        What a report needs next follows from what it has, and every step is committed:
        the next run goes on where this one ended. Mail first, print last, so that what
        is ready does not wait for the slow step.
        """
        progress = self.env["ir.cron"]._commit_progress
        plans = self.env["estate.report.plan"]
        while done := (
            plans._make_due_reports(BATCH)
            or self._fill_due_reports(BATCH)
            or self._mail_due_reports(BATCH)
            or self._print_due_report()
        ):
            if not progress(done):
                # commit: nothing new, but the job must come back at once for the rest
                progress(remaining=1)
                return

    @api.model
    def _get_due_domain(self):
        """Return the domain of drafts that the job has to bring to their owners."""
        return Domain("state", "=", "draft") & Domain(
            "plan_id", "any", [("active", "=", True)]
        )

    # === STEPS ===

    @api.model
    def _fill_due_reports(self, limit):
        domain = self._get_due_domain() & Domain("filled_at", "=", False)
        reports = self._take(domain, limit)
        reports._try(lambda due: due._fill_or_drop())
        return len(reports)

    def _fill_or_drop(self):
        """Fill these drafts; those with nothing to tell go, where the plan says so."""
        self._fill_lines()
        told = self.env["estate.activity.report.line"]._read_group(
            [("report_id", "in", self.ids), ("section", "not in", QUIET)],
            ["report_id"],
        )
        telling = self.browse().union(*(report for (report,) in told))
        quiet = (self - telling).filtered(lambda one: one.plan_id.when_quiet == "skip")
        quiet.unlink()

    @api.model
    def _print_due_report(self):
        """Print one report; the attempt is committed first: printing may kill us."""
        domain = (
            self._get_due_domain()
            & Domain("filled_at", "!=", False)
            & Domain("pdf_attachment_id", "=", False)
        )
        taken = self._take(domain, 1)
        wanted = taken._hold_back_unwanted()
        # commit: the counted attempt; the lock ends with it and is taken anew
        self.env["ir.cron"]._commit_progress()
        wanted._lock_again().filtered_domain(domain)._try(lambda due: due._print())
        return len(taken)

    @api.model
    def _mail_due_reports(self, limit):
        domain = self._get_due_domain() & Domain("pdf_attachment_id", "!=", False)
        reports = self._take(domain, limit)
        reports._hold_back_unwanted()._try(lambda due: due._mail(is_automatic=True))
        return len(reports)

    def _hold_back_unwanted(self):
        """Return those of these reports that may go; the others wait, with a reason."""
        partners = self.partner_id
        allowed = partners._may_receive_automatic("email", "report")
        for partner in partners - allowed:
            reports = self.filtered(
                lambda report, partner=partner: report.partner_id == partner
            )
            if partner.email:
                reason = self.env._(
                    "%s does not want automatic mails. Print the report, or send it by "
                    "hand.",
                    partner.display_name,
                )
            else:
                reason = self.env._(
                    "%s has no mail address. Add one and press Try again, or print the "
                    "report and press Delivered on paper.",
                    partner.display_name,
                )
            reports._hold_back(reason)
        return self.filtered(lambda report: report.partner_id in allowed)

    # === PRINT, MAIL, FREEZE ===

    def _print(self):
        """Make the PDF of each of these drafts and keep it with the report."""
        self._drop_pdf()
        for report in self:
            printer = self.env["ir.actions.report"].with_company(report.company_id)
            content, _kind = printer._render_qweb_pdf(REPORT, report.ids)
            report.pdf_attachment_id = self.env["ir.attachment"].create(
                {
                    "name": f"{report._get_file_name()}.pdf",
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": report.id,
                }
            )

    def _get_file_name(self):
        self.ensure_one()
        env = self.with_context(lang=self._get_lang()).env
        return env._("Activity report %s", fields.Date.to_string(self.date_to))

    def _mail(self, is_automatic):
        """Queue the mails and freeze the reports, in one transaction."""
        template = inner.say(self.env.ref(TEMPLATE), purpose="report")
        mails = template.send_mail_batch(
            self.ids,
            email_values={"auto_delete": False, "estate_automatic": is_automatic},
        )
        for report, mail in zip(self, mails, strict=True):
            mail.attachment_ids = [Command.link(report.pdf_attachment_id.id)]
            report.mail_id = mail
        self._freeze("email", is_automatic)

    def _get_pdf_checksum(self):
        """Return the hex SHA-256 of the kept document."""
        content = self.pdf_attachment_id.with_context(bin_size=False).raw or b""
        return hashlib.sha256(content).hexdigest()

    def _check_pdf(self):
        """Refuse a document that is not the one that was sent.

        :raises UserError: when the kept file was exchanged or damaged
        """
        for report in self:
            # Reports of an older version carry the shorter sum of Odoo's attachments.
            kept = report.pdf_attachment_id
            found = {report._get_pdf_checksum(), kept.checksum}
            if report.pdf_checksum not in found:
                raise UserError(
                    self.env._(
                        "The kept PDF of %s is not the one that was sent: the file was "
                        "changed or damaged. Ask your administrator for the backup of "
                        "that day.",
                        report.display_name,
                    )
                )

    def _freeze(self, channel, is_automatic):
        """Make these reports facts: hashed, chained, and never changed again."""
        for report in self:
            report.pdf_checksum = report._get_pdf_checksum()
        self._forget_failures()
        # sudo: estate.activity.report - nobody but this step may declare a report sent
        frozen = self.sudo()
        frozen.line_ids.write({"state": "sent"})
        frozen.write(
            {"channel": channel, "sent_at": fields.Datetime.now(), "state": "sent"}
        )
        self._write_report_journal(is_automatic)

    def _write_report_journal(self, is_automatic):
        self.env["estate.interaction"]._write_journal(
            [
                {
                    "type": "report_sent",
                    "partner_id": report.partner_id.id,
                    "property_id": prop.id,
                    "summary": report._get_file_name(),
                    "origin": f"estate.activity.report,{report.id},{prop.id}",
                    "is_automatic": is_automatic,
                }
                for report in self
                for prop in report.property_ids
            ]
        )

    def _get_automatic_case(self):
        """Return what an automatic message about this report is about."""
        return ", ".join(self.property_ids.mapped("name"))
