from odoo import api, fields, models
from odoo.tools import hmac

from .estate_consent import CHANNELS, PURPOSES


class ErasedDenial(models.Model):
    """A no of an erased person: known by the hash of its mail or phone."""

    _name = "estate.erased.denial"
    _description = "Denial of an erased person"
    _inherit = "estate.ledger.mixin"
    _order = "id"
    _rec_name = "channel"

    address_hash = fields.Char(
        required=True,
        help="Keyed with the secret of this database: it tells whether an address is "
        "the one that said no, and nothing else.",
    )
    channel = fields.Selection(CHANNELS, required=True)
    purpose = fields.Selection(PURPOSES, required=True)
    denied_at = fields.Datetime(required=True, default=fields.Datetime.now)

    _address_uniq = models.UniqueIndex("(address_hash, channel, purpose)")

    @api.model
    def _hash(self, address):
        """Return the keyed hash of a normalized mail address or phone number."""
        # sudo: ir.config_parameter - the secret is the key, it is never shown
        return hmac(self.env(su=True), self._name, address)

    @api.model
    def _remember(self, addresses, denials):
        """Keep the denials of a person under each of its addresses, each once.

        :param addresses: normalized mails and phones
        :param denials: set of (channel, purpose)
        """
        hashes = [self._hash(address) for address in addresses]
        # sudo: estate.erased.denial - nobody has rights on it
        rows = self.sudo()
        known = {
            (row.address_hash, row.channel, row.purpose)
            for row in rows.search([("address_hash", "in", hashes)])
        }
        wanted = {(digest, *denial) for digest in hashes for denial in denials}
        rows.create(
            [
                {"address_hash": digest, "channel": channel, "purpose": purpose}
                for digest, channel, purpose in sorted(wanted - known)
            ]
        )

    @api.model
    def _find(self, addresses, channel, purposes):
        """Return what erased persons denied: dict address -> [(moment, purpose)]."""
        by_hash = {self._hash(address): address for address in addresses}
        # sudo: estate.erased.denial - the gate must see every denial, whoever asks
        rows = self.sudo().search(
            [
                ("address_hash", "in", list(by_hash)),
                ("channel", "=", channel),
                ("purpose", "in", purposes),
            ]
        )
        found = {}
        for row in rows:
            words = found.setdefault(by_hash[row.address_hash], [])
            words.append((row.denied_at, row.purpose))
        return found
