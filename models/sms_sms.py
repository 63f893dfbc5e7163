from odoo import api, fields, models

from . import inner


class SmsSms(models.Model):
    _name = "sms.sms"
    _inherit = ["estate.sms.outreach.mixin", "sms.sms"]

    state = fields.Selection(
        selection_add=[("estate_waiting", "Waits for the morning")],
        ondelete={"estate_waiting": "cascade"},
    )

    @api.model_create_multi
    def create(self, vals_list):
        if inner.hear(self.env, "automatic"):
            purpose = inner.hear(self.env, "purpose")
            for vals in vals_list:
                vals.setdefault("estate_automatic", True)
                vals.setdefault("estate_purpose", purpose)
        return super().create(vals_list)

    def send(self, unlink_failed=False, unlink_sent=True, raise_exception=False):
        self._keep_quiet()
        return super().send(unlink_failed, unlink_sent, raise_exception)

    @api.model
    def _process_queue(self):
        self._release()
        self.search(
            [("state", "=", "outgoing"), ("estate_automatic", "=", True)]
        )._keep_quiet()
        return super()._process_queue()
