from odoo import models

from . import inner


class PartnerMerge(models.TransientModel):
    _name = "base.partner.merge.automatic.wizard"
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        # Odoo moves the keys by raw SQL: what must be put right before and after it is
        # known to our contacts alone.
        # sudo: res.partner - who may merge contacts merges what hangs on them; what the
        # kind of the survivor asks for may follow with the last step
        others = src_partners.sudo()
        survivor = inner.say(dst_partner.sudo(), incomplete=True)
        survivor._take_over_consent(others)
        survivor._on_merging(others)
        merged_ids = src_partners.ids
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # Everything else in the cache was moved behind the ORM's back, too.
        self.env.invalidate_all()
        survivor._on_merged(merged_ids)
        return result

    def _update_values(self, src_partners, dst_partner):
        return super()._update_values(
            src_partners, inner.say(dst_partner, contact_merge=True)
        )
