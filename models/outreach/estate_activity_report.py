import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .. import inner
from .estate_report_plan import AUDIENCES

# What a report says: when it changes, a PDF made before is no longer true.
CONTENT = {"partner_id", "property_ids", "date_from", "date_to", "opening"}
# What decides which rows of the journal belong to a report.
SCOPE = {"property_ids", "date_from", "date_to", "audience", "tells_phases"}


class ActivityReport(models.Model):
    """What was done for an owner in a period; frozen once it is sent."""

    _name = "estate.activity.report"
    _description = "Activity report"
    _inherit = [
        "estate.retry.mixin",
        "estate.about.contact.mixin",
        "estate.ledger.chain.mixin",
    ]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Sent")],
        required=True,
        default="draft",
        readonly=True,
        index=True,
        copy=False,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="restrict",
    )
    # To whom, about what, of which period
    plan_id = fields.Many2one(
        "estate.report.plan",
        ondelete="set null",
        readonly=True,
        index="btree_not_null",
        copy=False,
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", ondelete="set null", index=True
    )
    audience = fields.Selection(
        AUDIENCES, "Told as", required=True, default="vendor", readonly=True
    )
    property_ids = fields.Many2many(
        "estate.property",
        string="Properties",
        required=True,
        check_company=True,
        ondelete="restrict",
        context={"active_test": False},
        domain="[('owner_ids', 'in', partner_id)] if audience == 'vendor' else "
        "[('lead_ids.partner_id', 'in', partner_id)]",
    )
    property_count = fields.Integer(compute="_compute_property_count")
    date_from = fields.Date(
        "From", required=True, default=lambda self: self._default_date_from()
    )
    date_to = fields.Date("To", required=True, default=fields.Date.context_today)
    # What it says
    tells_phases = fields.Boolean(
        "Seekers by phase", help="Tells how many seekers stand in each phase today."
    )
    opening = fields.Text(
        "Opening words", help="Empty: a sentence that names the period."
    )
    line_ids = fields.One2many("estate.activity.report.line", "report_id", "Lines")
    filled_at = fields.Datetime("Journal read at", readonly=True, copy=False)
    # What became of it
    pdf_attachment_id = fields.Many2one(
        "ir.attachment", "PDF", readonly=True, ondelete="set null", copy=False
    )
    pdf_checksum = fields.Char("Checksum of the PDF", readonly=True, copy=False)
    mail_id = fields.Many2one(
        "mail.mail", readonly=True, ondelete="set null", copy=False
    )
    mail_state = fields.Selection(related="mail_id.state")
    channel = fields.Selection(
        [("email", "E-mail"), ("post", "Post")], "Sent by", readonly=True, copy=False
    )
    sent_at = fields.Datetime("Sent on", readonly=True, copy=False)
    line_facts = fields.Char(compute="_compute_line_facts")

    _ledger_links = ("partner_id", "plan_id", "mail_id", "pdf_attachment_id")
    _ledger_texts = ("opening",)
    _ledger_frozen_state = "sent"
    _ledger_facts = (
        "date_from",
        "date_to",
        "sent_at",
        "channel",
        "property_ids",
        "pdf_checksum",
        "line_facts",
    )

    _period_uniq = models.UniqueIndex(
        "(plan_id, date_from) WHERE plan_id IS NOT NULL",
        "There is already a report about this period.",
    )
    _ends_after_start = models.Constraint(
        "CHECK(date_to >= date_from)",
        "A report must end on or after the day it starts.",
    )
    # === COMPUTE ===

    @api.model
    def _default_date_from(self):
        return fields.Date.context_today(self) - timedelta(days=7)

    @api.depends("partner_id", "date_from", "date_to")
    @api.depends_context("lang")
    def _compute_name(self):
        for report in self:
            report.name = self.env._(
                "%(owner)s, %(start)s to %(end)s",
                owner=report.partner_id.name or self.env._("Owner"),
                start=format_date(self.env, report.date_from),
                end=format_date(self.env, report.date_to),
            )

    @api.depends("property_ids")
    def _compute_property_count(self):
        for report in self:
            report.property_count = len(report.property_ids)

    @api.depends("line_ids.section", "line_ids.kind", "line_ids.occurred_at")
    def _compute_line_facts(self):
        for report in self:
            report.line_facts = json.dumps(
                [
                    [
                        line.section,
                        line.kind,
                        str(line.occurred_at),
                        line.interaction_id.id,
                    ]
                    for line in report.line_ids.sorted("id")
                ]
            )

    @api.constrains("property_ids", "partner_id")
    def _check_has_property(self):
        for report in self:
            if not report.property_ids:
                raise ValidationError(
                    self.env._(
                        "The report to %s tells about no property. Choose one.",
                        report.partner_id.display_name,
                    )
                )

    # An onchange: a ledger has no stored field that is computed.
    @api.onchange("partner_id", "audience")
    def _onchange_partner_id(self):
        own = (
            self.partner_id._get_offered_properties()
            if self.audience == "seeker"
            else self.partner_id.owned_property_ids
        )
        self.property_ids = own.filtered(
            lambda prop: prop.company_id == self.company_id
        )

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        if not inner.hear(self.env, "fill_later"):
            reports._fill_lines()
        return reports

    def write(self, vals):
        result = super().write(vals)
        if CONTENT & set(vals):
            self._drop_pdf()
        if SCOPE & set(vals):
            self._fill_lines()
        return result

    def _drop_pdf(self):
        """Forget a PDF that was made before these drafts changed."""
        drafts = self.filtered(lambda report: report.state == "draft")
        drafts.pdf_attachment_id.unlink()

    # === ACTIONS ===

    def action_print(self):
        """Show the PDF: the kept one of a sent report, a fresh one of a draft."""
        self.ensure_one()
        if self.state == "draft":
            url = f"/report/pdf/crm_real_estate.report_activity/{self.id}"
        elif self.pdf_attachment_id:
            self._check_pdf()
            url = f"/web/content/{self.pdf_attachment_id.id}"
        else:
            raise UserError(
                self.env._(
                    "The PDF of %s was erased with the owner's data.", self.display_name
                )
            )
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    def action_refresh(self):
        """Read the journal again; lines added by hand stay, mended ones are lost."""
        self._check_draft()
        self._drop_pdf()
        self._forget_failures()
        self._fill_lines()

    def action_send(self):
        """Send this report now: a person decided it for this one owner."""
        self.ensure_one()
        self._check_draft()
        self.lock_for_update(allow_referencing=True)
        if not self.partner_id.email:
            raise UserError(
                self.env._(
                    "%s has no mail address. Add one, or print the report and press "
                    "Delivered on paper.",
                    self.partner_id.display_name,
                )
            )
        self._print()
        self._mail(is_automatic=False)

    def action_deliver(self):
        """Freeze this report: the owner has it on paper. Opens what he has."""
        self.ensure_one()
        self._check_draft()
        self.lock_for_update(allow_referencing=True)
        self._print()
        self._freeze("post", is_automatic=False)
        return self.action_print()

    def action_try_again(self):
        """Let the job send these reports, after what held them back was put right."""
        self._check_draft()
        self._forget_failures()

    def _check_draft(self):
        for report in self:
            if report.state != "draft":
                raise UserError(
                    self.env._(
                        "%s was already sent and cannot change.", report.display_name
                    )
                )
