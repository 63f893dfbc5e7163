from odoo import api, models
from odoo.fields import Domain

from . import inner
from .outreach.res_users import ALERT_KINDS

# What everybody chooses for himself.
NOTICES = ("hand_over_notice", "opt_out_notice")


class ResUsers(models.Model):
    _name = "res.users"
    _inherit = ["estate.user.alert.mixin", "estate.user.party.mixin", "res.users"]

    # === ACCESS ===

    @api.model
    def _search(self, domain, *args, **kwargs):
        domain = Domain(domain)
        # Whether contacts that were just found have a login: they are seen.
        contacts = self.env["res.partner"]
        known = contacts._get_known_visible([domain], "partner_id")
        asked = inner.say(self, visibility_known=known) if known else self
        return super(ResUsers, asked)._search(domain, *args, **kwargs)

    # === THEIR OWN SETTINGS ===

    @property
    def SELF_READABLE_FIELDS(self):
        mine = [*ALERT_KINDS.values(), "estate_alert_address", *NOTICES]
        return [*super().SELF_READABLE_FIELDS, *mine]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        # The address for alerts is an administrator's to set.
        return [*super().SELF_WRITEABLE_FIELDS, *ALERT_KINDS.values(), *NOTICES]

    def _notify_security_setting_update(
        self, subject, content, mail_values=None, **kwargs
    ):
        # Who is being erased is not written to any more.
        if inner.hear(self.env, "erasing"):
            return self.env["mail.mail"]
        return super()._notify_security_setting_update(
            subject, content, mail_values, **kwargs
        )
