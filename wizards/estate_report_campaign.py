from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models import inner

NAMED = 20


class ReportCampaign(models.TransientModel):
    """A mailing or SMS to owners, each with his own current report."""

    _name = "estate.report.campaign"
    _description = "Mailing with reports"

    partner_ids = fields.Many2many(
        "res.partner",
        string="Owners",
        required=True,
        default=lambda self: self._get_default_partners(),
    )
    channel = fields.Selection(
        [("email", "E-mail"), ("sms", "SMS")], required=True, default="email"
    )
    carry = fields.Selection(
        [("link", "Link to the owner's page"), ("attachment", "Last report as PDF")],
        "Carries",
        required=True,
        default="link",
    )
    subject = fields.Char()
    body = fields.Html("Text")
    sms_text = fields.Text("Message", help="The link is put at its end.")
    receiver_count = fields.Integer("Receivers", compute="_compute_receivers")
    left_out = fields.Text("Left out", compute="_compute_receivers")

    @api.model
    def _get_default_partners(self):
        if self.env.context.get("active_model") != "res.partner":
            return False
        return self.env["res.partner"].browse(self.env.context.get("active_ids"))

    @api.depends("partner_ids", "channel", "carry")
    def _compute_receivers(self):
        for campaign in self:
            receivers, reasons = campaign._choose_receivers()
            campaign.receiver_count = len(receivers)
            lines = [
                f"{partner.display_name}: {reason}"
                for partner, reason in reasons[:NAMED]
            ]
            if len(reasons) > NAMED:
                lines.append(self.env._("and %s more", len(reasons) - NAMED))
            campaign.left_out = "\n".join(lines)

    def _choose_receivers(self):
        """Return (receivers, list of (contact left out, why))."""
        self.ensure_one()
        partners = self.partner_ids._origin or self.partner_ids
        agreed = partners._may_receive_automatic(self.channel, "advertising")
        pages = partners._get_reported_properties()
        reports = partners._get_current_reports()
        receivers, reasons = partners.browse(), []
        for partner in partners:
            reason = self._get_obstacle(partner, agreed, pages, reports)
            if reason:
                reasons.append((partner, reason))
            else:
                receivers |= partner
        return receivers, reasons

    def _get_obstacle(self, partner, agreed, pages, reports):
        if not pages[partner]:
            return self.env._("owns no property that you look after")
        if self.channel == "email" and not partner.email_normalized:
            return self.env._("has no mail address")
        if self.channel == "sms" and not partner.phone_sanitized:
            return self.env._("has no mobile number")
        if partner not in agreed:
            return self.env._("did not agree to advertising, or wants no messages")
        if self._is_attached() and partner not in reports:
            return self.env._("has got no report yet that could be attached")
        return None

    def _is_attached(self):
        return self.channel == "email" and self.carry == "attachment"

    def action_send(self):
        """Send to those who may receive it; each gets his own report."""
        self.ensure_one()
        receivers, _reasons = self._choose_receivers()
        if not receivers:
            raise UserError(
                self.env._(
                    "Nobody of these owners may receive it. See who and why below."
                )
            )
        if self.channel == "email":
            self._send_mails(receivers)
        else:
            self._send_sms(receivers)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("On its way to %s owners.", len(receivers)),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _send_mails(self, receivers):
        if not self.subject or not self.body:
            raise UserError(self.env._("Write a subject and a text."))
        composers = inner.say(
            self.env["mail.compose.message"],
            campaign=self.carry,
            automatic=True,
            purpose="advertising",
        )
        composer = composers.create(
            {
                "composition_mode": "mass_mail",
                "model": "res.partner",
                "res_ids": receivers.ids,
                "subject": self.subject,
                "body": self.body,
            }
        )
        composer._action_send_mail()

    def _send_sms(self, receivers):
        if not self.sms_text:
            raise UserError(self.env._("Write a message."))
        composers = inner.say(
            self.env["sms.composer"],
            campaign="link",
            automatic=True,
            purpose="advertising",
        )
        composer = composers.create(
            {
                "composition_mode": "mass",
                "res_model": "res.partner",
                "res_ids": str(receivers.ids),
                "body": self.sms_text,
                "mass_keep_log": True,
            }
        )
        composer._action_send_sms()
