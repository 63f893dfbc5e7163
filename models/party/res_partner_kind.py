from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

from ...tools.phones import to_e164
from .. import inner
from ..groups import MEMBERS
from ..ledger import ERASED


class PartnerKind(models.AbstractModel):
    """A contact and what its kind asks for."""

    _name = "estate.partner.kind.mixin"
    _description = "Contact: required data"

    second_phone = fields.Char(
        copy=False,
        groups=MEMBERS,
        help="Another number of the contact: calls from it are recognised, too.",
    )
    second_phone_sanitized = fields.Char(
        compute="_compute_second_phone_sanitized",
        store=True,
        index="btree_not_null",
        groups=MEMBERS,
    )
    second_email = fields.Char(
        copy=False,
        groups=MEMBERS,
        help="Another address of the contact: mails from it are recognised, too.",
    )
    second_email_normalized = fields.Char(
        compute="_compute_second_email_normalized",
        store=True,
        index="btree_not_null",
        groups=MEMBERS,
    )
    identity_checked_how = fields.Selection(
        [
            ("id_card", "Identity card"),
            ("passport", "Passport"),
            ("register", "Company register"),
            ("electronic", "Electronic identity"),
            ("known", "Personally known"),
        ],
        "Identity checked by",
        tracking=True,
        copy=False,
        groups=MEMBERS,
    )
    identity_checked_on = fields.Date(
        compute="_compute_identity_checked",
        store=True,
        readonly=False,
        copy=False,
        groups=MEMBERS,
    )
    identity_checked_by_id = fields.Many2one(
        "res.users",
        "Checked by",
        compute="_compute_identity_checked",
        store=True,
        readonly=False,
        copy=False,
        groups=MEMBERS,
    )

    @api.depends("second_phone", "country_id")
    def _compute_second_phone_sanitized(self):
        for partner in self:
            country = partner._get_phone_country()
            partner.second_phone_sanitized = (
                to_e164(partner.second_phone or "", country) or False
            )

    @api.depends("second_email")
    def _compute_second_email_normalized(self):
        for partner in self:
            partner.second_email_normalized = email_normalize(partner.second_email)

    @api.depends("identity_checked_how")
    def _compute_identity_checked(self):
        """Who says how it was checked did it himself today, unless he tells."""
        for partner in self:
            if not partner.identity_checked_how:
                partner.identity_checked_on = partner.identity_checked_by_id = False
                continue
            if not partner.identity_checked_on:
                partner.identity_checked_on = fields.Date.context_today(partner)
            if not partner.identity_checked_by_id:
                partner.identity_checked_by_id = self.env.user

    def _get_phone_country(self):
        """Return the code of the country in whose way numbers of this contact are.

        Without one of its own that of its company counts, else the main company of who
        made the contact: whichever companies somebody works in just now, a number
        stays the same.
        """
        # sudo: res.users, res.company - only the country, whoever made the contact
        contact = self.sudo()
        maker = contact.create_uid or self.env.user.sudo()
        company = contact.company_id or maker.company_id
        return (self.country_id or company.country_id).code or ""

    # === HOOKS ===

    def _get_estate_used(self):
        """Return those of `self` that the real estate business has dealt with."""
        return self.filtered("consent_ids")

    # === REQUIRED DATA ===

    def _find_missing_data(self, kind):
        """Return the `estate.contact.requirement` that this contact does not meet."""
        # sudo: res.partner - the fields of rules, whoever may read each of them
        return self.env["estate.contact.requirement"]._find_missing(
            kind, (self.company_id or self.env.company).id, self.sudo()
        )

    def _get_fitting_kind(self, kind):
        """Return the kind, or "draft" when this contact lacks what it asks for."""
        return "draft" if self._find_missing_data(kind) else kind

    def _check_required_data(self):
        """Refuse to keep contacts that lack what their kind asks for.

        :raises ValidationError: names the contact and what is missing
        """
        if inner.hear(self.env, "incomplete") or inner.hear(self.env, "contact_merge"):
            # Contacts that become one, or ours, are not refused for what they lack.
            return
        for partner in self.filtered(lambda p: p.estate_kind and p.active):
            if missing := partner._find_missing_data(partner.estate_kind):
                kinds = self._fields["estate_kind"]._description_selection(self.env)
                # sudo: estate.contact.requirement - whoever is told what is missing
                raise ValidationError(
                    self.env._(
                        "%(contact)s cannot be saved as “%(kind)s”. Missing: "
                        "%(missing)s. Fill it in, or choose another contact kind.",
                        contact=partner.name or self.env._("The contact"),
                        kind=dict(kinds)[partner.estate_kind],
                        missing=", ".join(missing.sudo().mapped("name")),
                    )
                )

    # === ERASURE ===

    def _on_erased(self, reason):
        super()._on_erased(reason)
        # sudo: estate.contact.run.line - what was told of the person, whoever sees it
        lines = self.env["estate.contact.run.line"].sudo()
        told = [("partner_id", "in", self.ids), ("note", "!=", False)]
        lines.search(told).note = ERASED

    # === MERGE ===

    def _on_merging(self, others):
        super()._on_merging(others)
        checked = others.filtered("identity_checked_how")[:1]
        if checked and not self.identity_checked_how:
            names = (
                *("identity_checked_how", "identity_checked_on"),
                "identity_checked_by_id",
            )
            self.update({name: checked[name] for name in names})
