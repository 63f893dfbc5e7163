from odoo import models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = [
        "estate.partner.outreach.mixin",
        "estate.partner.enquiry.mixin",
        "estate.partner.journal.mixin",
        "estate.partner.property.mixin",
        "estate.partner.find.mixin",
        "estate.partner.party.mixin",
        "res.partner",
    ]

    def write(self, vals):
        switched = self.browse()
        if "automatic_messages_allowed" in vals:
            wanted = bool(vals["automatic_messages_allowed"])
            switched = self.filtered(lambda p: p.automatic_messages_allowed != wanted)
        result = super().write(vals)
        if switched:
            source = self.env.context.get("estate_consent_source") or self.env._("Contact form")
            switched._on_automatic_messages_switched(wanted, source)
        return result
