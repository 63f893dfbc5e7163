from odoo import api, fields, models

from .. import inner
from ..groups import MEMBERS
from .estate_consent import ASKED_PURPOSES

ESTATE_KINDS = [
    ("draft", "Draft client"),
    ("standard", "Standard contact"),
    ("verified", "Verified client"),
    ("agency", "Agency"),
]


class PartnerParty(models.AbstractModel):
    """A contact of the agency: its kind and what it allows us to send."""

    _name = "estate.partner.party.mixin"
    _description = "Contact: kind and consent"

    estate_kind = fields.Selection(
        ESTATE_KINDS,
        "Contact kind",
        index="btree_not_null",
        tracking=True,
        help="Empty: not a contact of the real estate business, nothing of it applies.",
    )
    automatic_messages_allowed = fields.Boolean(
        default=True,
        tracking=True,
        help="When off, no automatic mail or SMS leaves to this contact. What a person "
        "writes by hand still goes.",
    )
    consent_ids = fields.One2many(
        "estate.consent",
        "partner_id",
        "Consents",
        groups=MEMBERS,
    )

    hand_over_ids = fields.One2many(
        "estate.hand.over",
        "partner_id",
        "Hand-overs",
        groups=MEMBERS,
    )

    # === THE GATE ===

    def _may_receive_automatic(self, channel, purpose):
        """Return those of `self` who may get an automatic message. The one gate.

        :param str channel: "email" or "sms"
        :param str purpose: a purpose of `estate.consent`
        :return: recordset; a person opted out, blacklisted, archived or without address
            is not in it
        """
        allowed = self.filtered(lambda p: p.active and p.automatic_messages_allowed)
        if channel == "email":
            allowed = allowed.filtered(
                lambda p: p.email_normalized and not p.is_blacklisted
            )
        elif channel == "sms":
            allowed = allowed.filtered(
                lambda p: p.phone_sanitized and not p.phone_blacklisted
            )
        if purpose in ASKED_PURPOSES:
            allowed = allowed._get_asking(channel, purpose)
        return allowed - allowed._get_denied(channel, purpose)

    def _get_left_out(self, channel, purpose="all"):
        """Return those of `self` whom the gate keeps out of what a batch or rule sends.

        Contacts that are not of the real estate business keep to Odoo's own rules, save
        that the no of an erased person holds for whoever has its address now.
        """
        ours = self.filtered("estate_kind")
        denied = ours - ours._may_receive_automatic(channel, purpose)
        return denied | (self - ours)._get_denied(channel, purpose)

    def _get_asking(self, channel, purpose):
        """Return those of `self` whose latest word on channel and purpose is yes."""
        words = self._get_latest_consents()
        return self.filtered(
            lambda partner: words.get((partner, channel, purpose)) == "given"
        )

    def _get_denied(self, channel, purpose):
        """Return those of `self` whose latest word on channel and purpose is no."""
        purposes = ("all", purpose)
        # sudo: estate.consent - the gate must see every denial, whoever asks
        rows = (
            self.env["estate.consent"]
            .sudo()
            .search_fetch(
                [
                    ("partner_id", "in", self.ids),
                    ("channel", "=", channel),
                    ("purpose", "in", purposes),
                ]
            )
        )
        words = [
            (row.occurred_at, row.id, row.partner_id.id, row.purpose, row.state)
            for row in rows
        ]
        erased = self.env["estate.erased.denial"]._find(
            {address for partner in self for address in partner._get_addresses()},
            channel,
            purposes,
        )
        words += [
            (moment, 0, partner.id, told, "denied")
            for partner in self
            for address in partner._get_addresses()
            for moment, told in erased.get(address, ())
        ]
        latest = {
            (partner, told): state for _at, _id, partner, told, state in sorted(words)
        }
        denied = {
            partner for (partner, _told), state in latest.items() if state == "denied"
        }
        return self.filtered(lambda partner: partner.id in denied)

    def _get_addresses(self):
        """Return the normalized mail addresses and phone numbers of these contacts."""
        names = (
            *("email_normalized", "phone_sanitized"),
            *("second_email_normalized", "second_phone_sanitized"),
        )
        # sudo: res.partner - an address is one of the person, whoever acts
        return {value for name in names for value in self.sudo().mapped(name) if value}

    def _get_mailed_addresses(self):
        """Return the normalized addresses that a mail to these contacts may go to."""
        return set(filter(None, self.mapped("email_normalized")))

    @api.model
    def _mailing_get_opt_out_list(self, mailing):
        """Tell Odoo's mailings, where that app is installed, whom to leave out."""
        # sudo: res.partner - the gate must see every recipient, whoever sends
        partners = self.sudo().browse(mailing._get_recipients())
        return partners._get_left_out("email", "advertising")._get_mailed_addresses()

    @api.model
    def _mailing_get_opt_out_list_sms(self, mailing):
        # sudo: res.partner - who forbade messages is left out, whoever may see him
        partners = self.sudo().browse(mailing._get_recipients())
        return partners._get_left_out("sms", "advertising").ids

    # === CONSENT ===

    def _get_latest_consents(self):
        """Return their last words: (contact, channel, purpose) -> state."""
        # sudo: estate.consent - every word counts, whoever asks
        rows = (
            self.env["estate.consent"]
            .sudo()
            .search_fetch([("partner_id", "in", self.ids)], order="occurred_at, id")
        )
        return {(row.partner_id, row.channel, row.purpose): row.state for row in rows}

    def _merge_denials(self, others):
        """Write what anybody of them denied again as denied for `self`."""
        latest = (self | others)._get_latest_consents()
        denied = {key[1:] for key, state in latest.items() if state == "denied"}
        for channel, purpose in sorted(denied):
            self._record_consent("denied", "merge", (channel,), purpose)

    def _record_consent(self, state, source, channels=("email", "sms"), purpose="all"):
        """Add what these contacts just told us to the consent ledger."""
        # sudo: estate.consent - whoever may edit a contact may note what it told
        return (
            self.env["estate.consent"]
            .sudo()
            .create(
                [
                    {
                        "partner_id": partner.id,
                        "channel": channel,
                        "purpose": purpose,
                        "state": state,
                        "source": source,
                        "user_id": self.env.uid,
                        "mail": inner.hear(self.env, "consent_mail", 0),
                    }
                    for partner in self
                    for channel in channels
                ]
            )
        )

    def _record_switch(self, allowed, source):
        """Keep as proof that the opt-out box of these contacts was switched."""
        self._record_consent("given" if allowed else "denied", source)

    def _take_over_consent(self, others):
        """Take over what contacts merged into `self` have said: stricter wins."""
        self._merge_denials(others)
        if not all((self | others).mapped("automatic_messages_allowed")):
            stricter = inner.say(self, consent_source="merge")
            stricter.automatic_messages_allowed = False
        if self.estate_kind in (False, "draft"):
            # A draft knows less than any other kind.
            known = others.filtered(lambda p: p.estate_kind not in (False, "draft"))
            self.estate_kind = (
                (known or self | others).filtered("estate_kind")[:1].estate_kind
            )

    # === HOOKS ===

    def _on_merging(self, others):
        """The contacts `others` are about to be merged into `self`."""

    def _on_merged(self, merged_ids):
        """`self` now carries what hung on the contacts `merged_ids`."""
