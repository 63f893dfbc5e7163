from odoo import api, models

from . import inner


class MailMail(models.Model):
    _name = "mail.mail"
    _inherit = ["estate.mail.outreach.mixin", "mail.mail"]

    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        if inner.hear(self.env, "automatic"):
            mails.filtered(lambda mail: mail.state == "outgoing")._pass_gate()
            mails._keep_quiet()
        # What a posted message sends was told when it was posted.
        unposted = [not vals.get("mail_message_id") for vals in vals_list]
        fresh = mails.browse(
            [mail.id for mail, alone in zip(mails, unposted, strict=True) if alone]
        )
        fresh._tell_journal()
        return mails

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        # Who said no while a mail lay in the queue gets it no more.
        queued = self.exists().filtered(
            lambda m: m.state == "outgoing" and m.estate_automatic
        )
        queued._pass_gate()
        refused = queued.filtered(lambda mail: mail.state == "cancel")
        refused._cancel_because(self.env._("Opted out meanwhile"), "mail_optout")
        queued._stop_overtaken()
        return super(MailMail, self - queued._keep_quiet(True)).send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        emails = super()._prepare_outgoing_list(mail_server, doc_to_followers)
        return self._add_way_out(emails) if self.estate_automatic else emails

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
