from odoo import api, models
from odoo.tools import email_normalize_all

from . import inner
from .party.estate_erasure import drop_addresses


class MailMail(models.Model):
    _name = "mail.mail"
    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        if inner.hear(self.env, "automatic"):
            mails.filtered(lambda mail: mail.state == "outgoing")._pass_gate()
        # What a posted message sends was told when it was posted.
        unposted = [not vals.get("mail_message_id") for vals in vals_list]
        fresh = mails.browse(
            [mail.id for mail, alone in zip(mails, unposted, strict=True) if alone]
        )
        fresh._tell_journal()
        return mails

    def _pass_gate(self):
        """Take out of automatic mails whom the gate does not let through."""
        # sudo: res.partner - the gate must see every recipient, whoever sends
        contacts = self.env["res.partner"].sudo()
        addresses = {
            mail: set(email_normalize_all(mail.email_to or "")) for mail in self
        }
        named = contacts.search(
            [("email_normalized", "in", list(set().union(*addresses.values())))]
        )
        # sudo: mail.mail - as above
        left_out = (self.sudo().recipient_ids | named)._get_left_out(
            "email", inner.hear(self.env, "purpose", "all")
        )
        refused = left_out._get_mailed_addresses()
        for mail in self:
            recipients = mail.recipient_ids & left_out
            if not recipients and not addresses[mail] & refused:
                continue
            mail.recipient_ids -= recipients
            mail.email_to = drop_addresses(mail.email_to, refused)
            if not (mail.recipient_ids or mail.email_to):
                mail.write({"state": "cancel", "failure_type": "mail_optout"})

    def _tell_journal(self):
        thread = self.env.registry["estate.journal.thread.mixin"]
        for model, mails in self.filtered("model").grouped("model").items():
            if model in self.env and isinstance(self.env[model], thread):
                # sudo: lead, contact, property - it is told whoever sees the record
                records = self.env[model].sudo().browse(mails.mapped("res_id")).exists()
                records._journal_mails(mails)

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        messages = self.mail_message_id
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
        # sudo: estate.responder.answer - whoever's mail it is, its fate is noted
        answers = self.env["estate.responder.answer"].sudo()
        answers._note_mails_sent(
            messages, bool(success_pids or success_emails) and not failure_type
        )
        return result
