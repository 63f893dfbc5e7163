from odoo import models


class MailComposeMessage(models.TransientModel):
    _name = "mail.compose.message"
    _inherit = "mail.compose.message"

    def _get_optout_emails(self, mail_values_dict):
        # A mail to several contacts at once is automatic: it passes the gate.
        emails = list(super()._get_optout_emails(mail_values_dict))
        if self.model not in ("crm.lead", "res.partner"):
            return emails
        records = self.env[self.model].browse(mail_values_dict)
        partners = records if self.model == "res.partner" else records.partner_id
        ours = partners.filtered("estate_kind")
        denied = ours - ours._may_receive_automatic("email", "all")
        return emails + [mail for mail in denied.mapped("email_normalized") if mail]
