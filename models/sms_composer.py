from odoo import api, fields, models

from . import inner
from .party.estate_consent import BATCH_PURPOSES


class SmsComposer(models.TransientModel):
    _name = "sms.composer"
    _inherit = "sms.composer"

    estate_purpose = fields.Selection(
        BATCH_PURPOSES,
        "It is about",
        compute="_compute_estate_purpose",
        store=True,
        readonly=False,
        help="An SMS to several contacts is automatic. Advertising goes only to those "
        "who agreed to it; nothing goes to who forbade automatic messages.",
    )

    @api.depends("res_model")
    def _compute_estate_purpose(self):
        # Who writes to contacts without a case of theirs advertises.
        for composer in self:
            is_general = composer.res_model == "res.partner"
            composer.estate_purpose = "advertising" if is_general else "all"

    def _action_send_sms(self):
        # An SMS to several records at once is automatic: it passes the gate.
        if len(self._get_records() or ()) < 2:
            return super()._action_send_sms()
        purpose = inner.hear(self.env, "purpose", self.estate_purpose or "all")
        composer = inner.say(self, automatic=True, purpose=purpose)
        return super(SmsComposer, composer)._action_send_sms()

    def _prepare_body_values(self, records):
        texts = super()._prepare_body_values(records)
        if inner.hear(self.env, "campaign") and records._name == "res.partner":
            texts = records._add_campaign_link(texts)
        return texts

    def _get_optout_record_ids(self, records, recipients_info):
        ids = super()._get_optout_record_ids(records, recipients_info)
        if not inner.hear(self.env, "automatic"):
            return ids
        if records._name not in ("crm.lead", "res.partner"):
            return ids
        # sudo: lead, contact - the gate must see every recipient, whoever sends
        purpose = inner.hear(self.env, "purpose", "all")
        return [*ids, *records.sudo()._get_left_out("sms", purpose).ids]

    def _prepare_mass_sms(self, records, sms_record_values):
        texts = super()._prepare_mass_sms(records, sms_record_values)
        if isinstance(records, self.env.registry["estate.journal.thread.mixin"]):
            # The mass mode passes by the hook of posted messages.
            automatic = bool(inner.hear(self.env, "automatic"))
            inner.say(records, automatic=automatic)._journal_mass_sms(texts)
        return texts
