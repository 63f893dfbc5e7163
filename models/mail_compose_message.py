from odoo import models

from . import inner


class MailComposeMessage(models.TransientModel):
    _name = "mail.compose.message"
    _inherit = [
        "estate.compose.outreach.mixin",
        "estate.composer.enquiry.mixin",
        "mail.compose.message",
    ]

    def _action_send_mail_mass_mail(self, res_ids, auto_commit=False):
        return super(
            MailComposeMessage, self._mark_batch(res_ids)
        )._action_send_mail_mass_mail(res_ids, auto_commit=auto_commit)

    def _action_send_mail_comment(self, res_ids):
        composer = self._mark_batch(res_ids)._associate()
        return super(MailComposeMessage, composer)._action_send_mail_comment(res_ids)

    def _mark_batch(self, res_ids):
        # A mail to several records at once is automatic: it passes the gate.
        if len(res_ids) < 2:
            return self
        purpose = inner.hear(self.env, "purpose", self.estate_purpose or "all")
        return inner.say(self, automatic=True, purpose=purpose)

    def _prepare_mail_values_dynamic(self, res_ids):
        values = super()._prepare_mail_values_dynamic(res_ids)
        if (carry := inner.hear(self.env, "campaign")) and self.model == "res.partner":
            self.env[self.model].browse(res_ids)._add_campaign_report(values, carry)
        return values

    def _get_optout_emails(self, mail_values_dict):
        emails = super()._get_optout_emails(mail_values_dict)
        if not inner.hear(self.env, "automatic"):
            return emails
        if self.model not in ("crm.lead", "res.partner"):
            return emails
        # sudo: lead, contact - the gate must see every recipient, whoever sends
        records = self.env[self.model].sudo().browse(mail_values_dict)
        purpose = inner.hear(self.env, "purpose", "all")
        left_out = records._get_left_out("email", purpose)
        return [*emails, *sorted(left_out._get_mailed_addresses())]
