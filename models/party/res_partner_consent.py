from odoo import api, fields, models
from odoo.tools import format_datetime

from ..groups import MEMBERS
from .estate_consent import CHANNELS, PURPOSES


class PartnerConsent(models.AbstractModel):
    """What a contact allowed, at one glance: each purpose on each channel."""

    _name = "estate.partner.consent.mixin"
    _description = "Contact: consent at a glance"

    consent_overview = fields.Html(
        "Consent", compute="_compute_consent_overview", sanitize=False, groups=MEMBERS
    )

    @api.depends("consent_ids")
    @api.depends_context("lang", "tz")
    def _compute_consent_overview(self):
        for partner in self:
            partner.consent_overview = self.env["ir.qweb"]._render(
                "crm_real_estate.consent_overview", partner._prepare_consent_table()
            )

    def _prepare_consent_table(self):
        """Return head and rows of the table; a cell is (state, its proof)."""
        self.ensure_one()
        # sudo: estate.consent - whoever sees the contact sees what it allowed
        told = self.env["estate.consent"].sudo()
        found = told.search(
            [("partner_id", "in", self._origin.ids)], order="occurred_at, id"
        )
        latest = {(row.purpose, row.channel): row for row in found}
        labels = {
            name: dict(told._fields[name]._description_selection(self.env))
            for name in ("purpose", "channel")
        }
        return {
            "channels": [labels["channel"][channel] for channel, _label in CHANNELS],
            "rows": [
                (
                    labels["purpose"][purpose],
                    [
                        self._describe_consent(latest.get((purpose, channel)))
                        for channel, _label in CHANNELS
                    ],
                )
                for purpose, _label in PURPOSES
            ],
        }

    def _describe_consent(self, row):
        if not row:
            return "unknown", self.env._("Nothing was said")
        proof = self.env._(
            "%(moment)s, %(told)s, recorded by %(user)s",
            moment=format_datetime(self.env, row.occurred_at, dt_format="short"),
            told=row.source,
            user=row.user_id.name,
        )
        return row.state, proof
