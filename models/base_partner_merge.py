from odoo import models


class PartnerMerge(models.TransientModel):
    _name = "base.partner.merge.automatic.wizard"
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        # Odoo moves the keys by raw SQL: what must be put right before and after it is
        # known to our contacts alone.
        dst_partner._on_merging(src_partners)
        merged_ids = src_partners.ids
        result = super()._update_foreign_keys(src_partners, dst_partner)
        dst_partner.invalidate_recordset()
        dst_partner._on_merged(merged_ids)
        return result
