from odoo import models

from . import inner


class PartnerMerge(models.TransientModel):
    _name = "base.partner.merge.automatic.wizard"
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        # Twins are told by phone, name or address, too: managers merge them although
        # their mails differ; the other mail stays as the second.
        if extra_checks and self._are_ours_to_merge(partner_ids):
            extra_checks = False
        return super()._merge(partner_ids, dst_partner, extra_checks)

    def _are_ours_to_merge(self, partner_ids):
        """Return whether the user may merge these contacts whatever their mails are.

        Not those of somebody who logs in: his mail is the key to his account.
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        return (
            self.env.user.has_group("crm_real_estate.group_office_manager")
            and any(partners.mapped("estate_kind"))
            and not partners.with_context(active_test=False).user_ids
        )

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
