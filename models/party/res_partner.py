from odoo import api, fields, models

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
    consent_ids = fields.One2many("estate.consent", "partner_id", "Consents")

    def _may_receive_automatic(self, channel, purpose):
        """Return those of `self` who may get an automatic message. The one gate.

        :param str channel: "email" or "sms"
        :param str purpose: a purpose of `estate.consent`
        :return: recordset; a person opted out, blacklisted or without address is not
            in it
        """
        allowed = self.filtered("automatic_messages_allowed")
        if channel == "email":
            allowed = allowed.filtered(lambda p: p.email_normalized and not p.is_blacklisted)
        elif channel == "sms":
            allowed = allowed.filtered(lambda p: p.phone_sanitized and not p.phone_blacklisted)
        return allowed - allowed._get_denied(channel, purpose)

    def _get_denied(self, channel, purpose):
        """Return those of `self` whose latest word on channel and purpose is no."""
        # sudo: estate.consent - the gate must see every denial, whoever asks
        rows = self.env["estate.consent"].sudo().search(
            [
                ("partner_id", "in", self.ids),
                ("channel", "=", channel),
                ("purpose", "in", ("all", purpose)),
            ],
            order="occurred_at, id",
        )
        latest = {(row.partner_id, row.purpose): row.state for row in rows}
        denied = {partner.id for (partner, _purpose), state in latest.items() if state == "denied"}
        return self.filtered(lambda partner: partner.id in denied)

    def _merge_denials(self, others):
        """Write what `others` denied again as denied for `self`: a merge forgets no no."""
        # sudo: estate.consent - every denial counts, whoever merges
        rows = self.env["estate.consent"].sudo().search(
            [("partner_id", "in", (self | others).ids)], order="occurred_at, id"
        )
        latest = {(r.partner_id, r.channel, r.purpose): r.state for r in rows}
        denied = {(channel, purpose) for (_p, channel, purpose), state in latest.items()
                  if state == "denied"}
        for channel, purpose in sorted(denied):
            self._record_consent("denied", "merge", (channel,), purpose)

    def _record_consent(self, state, source, channels=("email", "sms"), purpose="all"):
        """Add what these contacts just told us to the consent ledger."""
        # sudo: estate.consent - whoever may edit a contact may note what it told
        return self.env["estate.consent"].sudo().create(
            [
                {
                    "partner_id": partner.id,
                    "channel": channel,
                    "purpose": purpose,
                    "state": state,
                    "source": source,
                    "user_id": self.env.uid,
                }
                for partner in self
                for channel in channels
            ]
        )

    @api.model
    def _get_estate_contact_defaults(self):
        """Return what a contact made by an intake starts with."""
        return {"estate_kind": "draft"}

    # === ERASURE ===

    def _erase_personal_data(self, reason):
        """Empty and archive these contacts and all texts about them; counts stay.

        :param str reason: who asked, when and how; kept in the journal
        """
        for partner in self:
            partner._on_erased(reason)
            partner._erase_messages()
            partner.with_context(tracking_disable=True).write(partner._prepare_erased_vals())

    def _prepare_erased_vals(self):
        self.ensure_one()
        texts = ("email", "phone", "street", "street2", "zip", "city", "website", "function",
                 "vat", "comment", "company_name", "ref")
        return {
            **{name: False for name in texts if name in self._fields},
            "name": f"[erased] {self.id}",
            "image_1920": False,
            "active": False,
        }

    def _erase_messages(self):
        """Delete chatter, mails and activities of these contacts."""
        # sudo: mail.message - the person's messages are deleted, whoever wrote them
        self.env["mail.message"].sudo().search(
            [("model", "=", "res.partner"), ("res_id", "in", self.ids)]
        ).unlink()
        self.env["mail.activity"].sudo().with_context(active_test=False).search(
            [("res_model", "=", "res.partner"), ("res_id", "in", self.ids)]
        ).unlink()

    # === HOOKS ===

    def _on_automatic_messages_switched(self, allowed, source):
        """The opt-out box of these contacts was switched."""
        self._record_consent("given" if allowed else "denied", source)

    def _on_merging(self, others):
        """The contacts `others` are about to be merged into `self`: stricter wins."""
        denied = not all((self | others).mapped("automatic_messages_allowed"))
        self._merge_denials(others)
        if denied:
            self.with_context(estate_consent_source="merge").automatic_messages_allowed = False
        if not self.estate_kind:
            self.estate_kind = others.filtered("estate_kind")[:1].estate_kind

    def _on_merged(self, merged_ids):
        """`self` now carries what hung on the contacts `merged_ids`."""

    def _on_erased(self, reason):
        """The personal data of these contacts are being erased."""
