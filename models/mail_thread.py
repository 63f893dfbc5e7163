from odoo import api, models


class MailThread(models.AbstractModel):
    _name = "mail.thread"
    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        # Inbox first: a mail for one of our sources is stored as it came and leaves the
        # gateway; it is parsed later by the job, where an error loses nothing.
        routes = super().message_route(message, message_dict, model, thread_id, custom_values)
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
            self.env["estate.intake.message"].sudo()._receive_mail(
                source, message.as_bytes(), message_dict.get("subject")
            )
