from odoo import models
from odoo.tools.misc import hash_sign, verify_hash_signed

STOP_SCOPE = "estate.offers.stop"


class LeadOffer(models.AbstractModel):
    """A lead that began with an offer: what its mail says and links to."""

    _name = "estate.lead.offer.mixin"
    _description = "Lead: offer by mail"

    def _get_offer_url(self):
        """Return the address of the page where the seeker answers the offer."""
        self.ensure_one()
        # sudo: estate.pair - the mail is about it
        pair = self.sudo().pair_ids.sorted(lambda p: (p.is_queued, p.id))[-1:]
        return pair._get_answer_url() if pair else ""

    def _get_stop_offers_url(self):
        """Return the address that ends all offers to the contact."""
        self.ensure_one()
        # sudo: ir.config_parameter - the secret that signs
        token = hash_sign(self.sudo().env, STOP_SCOPE, self.partner_id.id)
        return f"{self.get_base_url()}/real_estate/offers/stop/{token}"

    def _read_stop_token(self, token):
        """Return the contact that a link to end offers stands for."""
        # sudo: res.partner - who has the signed link was written to
        partners = self.env["res.partner"].sudo()
        try:
            partner_id = verify_hash_signed(partners.env, STOP_SCOPE, token)
        except ValueError:
            return partners
        return partners.browse(partner_id or ()).exists()

    def _get_offer_facts(self):
        """Return in one line what the offer says about the property."""
        self.ensure_one()
        # Odoo tries a template on the first lead there is, which may have none.
        return self.property_id._get_offer_facts() if self.property_id else ""
