from odoo import api, models

from . import inner


class MailThread(models.AbstractModel):
    _name = "mail.thread"
    _inherit = "mail.thread"

    # === THE GATE ===

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        # sudo: mail.message - who posts on a portal may not read what he posts
        posted = message.sudo()
        kind = (msg_vals or {}).get("message_type") or posted.message_type
        is_answer = kind in ("auto_comment", "out_of_office")
        if not (posted.estate_automatic or is_answer):
            return recipients
        # What the system sends passes the gate, whoever's click set it off.
        ids = [data["id"] for data in recipients if data["id"] and data["share"]]
        # sudo: res.partner - the gate must see every recipient, whoever sends
        contacts = self.env["res.partner"].sudo().browse(ids)
        channel = "sms" if kind == "sms" else "email"
        purpose = "answer" if is_answer else "all"
        purpose = inner.hear(self.env, "purpose", purpose)
        left_out = set(contacts._get_left_out(channel, purpose).ids)
        return [data for data in recipients if data["id"] not in left_out]

    # === INBOX FIRST ===

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        # The inbox keeps a mail as it came, not as Python would write it again.
        raw = getattr(message, "data", message)
        raw = raw.encode() if isinstance(raw, str) else bytes(raw)
        thread = inner.say(self, raw_mail=raw)
        return super(MailThread, thread).message_process(
            model, message, custom_values, save_original, strip_attachments, thread_id
        )

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        # A mail for one of our sources is stored and leaves the gateway; it is parsed
        # later by the job, where an error loses nothing.
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        others = []
        for route in routes or []:
            if route[0] == "estate.intake.message" and not route[1]:
                self._store_estate_mail(message, message_dict, route[2] or {})
            else:
                others.append(route)
        return others

    @api.model
    def _store_estate_mail(self, message, message_dict, values):
        # sudo: estate.intake.source - the gateway delivers for everybody
        sources = self.env["estate.intake.source"].sudo()
        source = sources.browse(values.get("source_id")).exists()
        if source:
            raw = inner.hear(self.env, "raw_mail") or message.as_bytes()
            # sudo: estate.intake.message - as above
            inbox = self.env["estate.intake.message"].sudo()
            inbox._receive_mail(source, raw, message_dict.get("subject"))
