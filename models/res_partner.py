from odoo import api, models
from odoo.exceptions import AccessError, UserError

from . import inner
from .groups import MEMBERS
from .party.res_partner_caller_search import WORDS, index_search_key
from .party.res_partner_visible_list import Page


class ResPartner(models.Model):
    """The host of our mixins on Odoo's contact; holds what overrides the framework."""

    _name = "res.partner"
    _inherit = [
        "estate.partner.notice.mixin",
        "estate.partner.campaign.mixin",
        "estate.partner.outreach.mixin",
        "estate.partner.reliability.mixin",
        "estate.partner.caller.enquiry.mixin",
        "estate.partner.search.mixin",
        "estate.partner.retention.mixin",
        "estate.partner.enquiry.mixin",
        "estate.partner.lead.visibility.mixin",
        "estate.partner.caller.journal.mixin",
        "estate.partner.journal.mixin",
        "estate.partner.property.mixin",
        "estate.partner.duplicate.mixin",
        "estate.partner.caller.mixin",
        "estate.partner.caller.search.mixin",
        "estate.partner.kind.mixin",
        "estate.partner.find.mixin",
        "estate.partner.erasure.mixin",
        "estate.partner.visible.list.mixin",
        "estate.partner.visibility.mixin",
        "estate.partner.consent.mixin",
        "estate.partner.party.mixin",
        "res.partner",
    ]

    # === ACCESS ===

    def _is_by_member(self):
        return self.env.su or self.env.user.has_groups(MEMBERS)

    def _check_member(self):
        """Refuse that somebody without our groups makes contacts ours."""
        if not self._is_by_member():
            raise AccessError(
                self.env._(
                    "Only people who work with real estate can choose the kind of a "
                    "contact. Ask an administrator for a role."
                )
            )

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        asked, domain = self._shape_visibility(domain, offset, limit, order)
        return super(ResPartner, asked)._search(domain, offset, limit, order, **kwargs)

    @api.model
    @api.private
    @api.readonly
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        found = self._find_page(domain, offset, limit, order)
        if found is None:
            found = super().search_fetch(domain, field_names, offset, limit, order)
            found._remember_visible()
        else:
            found._remember_visible()
            found.fetch(field_names)
        return found

    @api.model
    @api.readonly
    def search_count(self, domain, limit=None):
        count = self._get_page_count(domain, limit)
        if count is not None:
            return count
        if self._has_visible(domain, limit):
            return limit
        return super().search_count(domain, limit)

    @api.model
    @api.readonly
    def web_search_read(self, domain, specification, *args, **kwargs):
        asked = inner.say(self, page=Page(domain))
        return super(ResPartner, asked).web_search_read(
            domain, specification, *args, **kwargs
        )

    # === DATABASE ===

    # Lists are counted without reading the contacts themselves.
    _estate_list_idx = models.Index(
        "(id) INCLUDE (estate_kind, company_id, partner_share)"
        " WHERE active IS TRUE AND estate_kind IS NOT NULL"
    )

    # And by those that a list of them leaves out, or may leave out for their company.
    _estate_unlisted_idx = models.Index(
        "(id) WHERE active IS NOT TRUE OR estate_kind IS NULL OR company_id IS NOT NULL"
    )

    _estate_search_key_idx = models.Index(index_search_key)
    _estate_search_words_idx = models.Index(f"USING gin ({WORDS})")
    _estate_search_key_waiting_idx = models.Index(
        "(id) WHERE estate_search_key IS NULL"
    )

    # Read backwards: who rings is found by the last digits of a number.
    _estate_phone_end_idx = models.Index(
        "(reverse(phone_sanitized) text_pattern_ops) WHERE phone_sanitized IS NOT NULL"
    )
    _estate_second_phone_end_idx = models.Index(
        "(reverse(second_phone_sanitized) text_pattern_ops)"
        " WHERE second_phone_sanitized IS NOT NULL"
    )

    # Whoever writes or rings is looked up by these with each arriving enquiry.
    _estate_email_normalized_idx = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )
    _estate_phone_sanitized_idx = models.Index(
        "(phone_sanitized) WHERE phone_sanitized IS NOT NULL"
    )
    _estate_identity_key_idx = models.Index(
        "(estate_identity_key) WHERE right(estate_identity_key, 1) <> '|'"
    )

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        if partners.filtered("estate_kind"):
            partners._check_member()
        partners._check_required_data()
        if denied := partners.filtered(lambda p: not p.automatic_messages_allowed):
            denied._record_switch(False, self._get_consent_source())
        return partners

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if not self._is_by_member():
            # Who duplicates a contact for other business makes none of the agency's.
            for vals in vals_list:
                vals.pop("estate_kind", None)
        return vals_list

    def write(self, vals):
        if inner.hear(self.env, "contact_merge"):
            # Odoo takes any value of the merged contacts over; ours are merged already:
            # the stricter word and the kind that knows more stand.
            merged = ("automatic_messages_allowed", "estate_kind")
            vals = {k: v for k, v in vals.items() if k not in merged}
        if vals.get("estate_kind"):
            self._check_member()
        switched = self.browse()
        if "automatic_messages_allowed" in vals:
            wanted = bool(vals["automatic_messages_allowed"])
            switched = self.filtered(lambda p: p.automatic_messages_allowed != wanted)
        result = super().write(vals)
        if self._touches_required_data(vals):
            self._check_required_data()
        if switched:
            switched._record_switch(wanted, self._get_consent_source())
        return result

    @api.model
    def _touches_required_data(self, vals):
        rules = self.env["estate.contact.requirement"]
        return bool(
            vals.keys() & ({"estate_kind", "active"} | rules._get_watched_fields())
        )

    @api.model
    def _get_consent_source(self):
        return inner.hear(self.env, "consent_source") or self.env._("Contact form")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_history(self):
        for ledger in self.env["estate.ledger.mixin"]._get_ledgers():
            if ledger._holds_rows_of(self):
                raise UserError(
                    self.env._(
                        "%(contacts)s cannot be deleted: the history of your agency "
                        "tells of them (%(ledger)s). Archive them, or ask a director "
                        "to erase their personal data.",
                        contacts=", ".join(self.mapped("display_name")),
                        ledger=ledger._description,
                    )
                )

    # === IMPORT ===

    @api.model
    def get_import_templates(self):
        templates = super().get_import_templates()
        if self._is_by_member():
            label = self.env._("Import template for real estate contacts")
            path = f"/estate/import_template/{self._name}"
            templates.append({"label": label, "template": path})
        return templates

    # === MESSAGES ===

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if self._get_journalled():
            self._journal_message(message)
        return result

    def _get_contact_opportunities_domain(self):
        # The button counts and opens CRM's own pipeline; ours has its page beside it.
        return [*super()._get_contact_opportunities_domain(), ("pipeline", "=", False)]
