from odoo import api, models
from odoo.exceptions import UserError

from .. import inner
from ..ledger import ERASED

# Kinds of fields that can hold words or pictures of a person.
TEXT_TYPES = ("char", "text", "html", "binary", "json", "properties")


class PartnerErasure(models.AbstractModel):
    """A contact whose personal data can be erased."""

    _name = "estate.partner.erasure.mixin"
    _description = "Contact: erasure of personal data"

    def _erase_personal_data(self, reason):
        """Empty and archive these contacts and all texts about them; counts stay.

        :param str reason: who asked, when and how; kept in the journal
        :raises UserError: for a colleague, who has a user
        """
        erasure = self.env["estate.erasure"]
        persons = self.with_context(tracking_disable=True)._get_erased_persons()
        persons._check_may_be_erased()
        persons._keep_denials()
        addresses = persons._get_addresses()
        documents = persons._get_personal_documents()
        erasure._erase_tracking(persons)
        for ledger in self.env["estate.ledger.mixin"]._get_ledgers():
            ledger._find_rows_about(persons)._erase_texts()
        persons._on_erased(reason)
        erasure._erase_messages(persons, documents)
        erasure._erase_around(persons, documents)
        persons._close_portal_users()
        persons._empty()
        erasure._forget_blacklists(addresses)
        # sudo: ir.cron - files without a record leave the disk with its next run
        self.env.ref("base.autovacuum_job").sudo()._trigger()

    def _get_erased_persons(self):
        """Return these contacts and their further addresses, not their employees."""
        family = self.with_context(active_test=False).search(
            [("id", "child_of", self.ids)]
        )
        return self | family.filtered(lambda p: p.type != "contact")

    def _get_personal_words(self):
        """Return names and addresses of these persons, as people write them."""
        words = set(self._get_addresses())
        for name in ("name", "display_name", "email", "phone"):
            words.update(self.mapped(name))
        return set(filter(None, words))

    def _check_may_be_erased(self):
        companies = self.env["res.company"].search([("partner_id", "in", self.ids)])
        for partner in self.with_context(active_test=False):
            if any(not user.share for user in partner.user_ids):
                raise UserError(
                    self.env._(
                        "%s is a colleague with a login, not a client. Archive the "
                        "user instead.",
                        partner.display_name,
                    )
                )
            if partner in companies.partner_id:
                raise UserError(
                    self.env._(
                        "%s is one of your own companies, not a client.",
                        partner.display_name,
                    )
                )

    def _keep_denials(self):
        """Keep what these persons denied under the hashes of their addresses."""
        latest = self._get_latest_consents()
        for partner in self:
            denials = {
                (channel, purpose)
                for (person, channel, purpose), state in latest.items()
                if person == partner and state == "denied"
            }
            if partner.is_blacklisted or not partner.automatic_messages_allowed:
                denials.add(("email", "all"))
            if partner.phone_blacklisted or not partner.automatic_messages_allowed:
                denials.add(("sms", "all"))
            self.env["estate.erased.denial"]._remember(
                partner._get_addresses(), denials
            )

    def _close_portal_users(self):
        """Take away the logins of these persons, as if they had done it themselves."""
        erasing = inner.say(self.with_context(active_test=False), erasing=True)
        for user in erasing.user_ids:
            # A new login first: Odoo writes the one it closes into the server's log.
            user.write({"login": f"{ERASED} {user.id}", "signature": False})
            user._deactivate_portal_user()

    def _empty(self):
        # An employee whose address is emptied would empty that of his company, too.
        self.filtered(lambda p: p.parent_id not in self).write({"parent_id": False})
        texts = self._prepare_emptied_vals(self)
        # All of them: the person is forgotten in every company.
        for company in self.env["res.company"].search([]):  # pylint: disable=no-search-all
            kept = {
                name: False for name in texts if self._fields[name].company_dependent
            }
            self.with_company(company).write(kept)
        for partner in self:
            partner.write(
                {
                    **texts,
                    "name": f"{ERASED} {partner.id}",
                    "partner_latitude": 0,
                    "partner_longitude": 0,
                    "active": False,
                }
            )
            for bank in partner.with_context(active_test=False).bank_ids:
                bank.write(
                    {
                        **self._prepare_emptied_vals(bank),
                        "acc_number": f"{ERASED} {bank.id}",
                        "active": False,
                    }
                )

    @api.model
    def _prepare_emptied_vals(self, records):
        """Return values that empty every text of these records, whoever added it."""
        return {
            name: False
            for name, field in records._fields.items()
            if field.store
            and field.type in TEXT_TYPES
            and not field.related
            and not field.required
            and not (field.compute and field.readonly)
        }

    # === HOOKS ===

    def _get_personal_documents(self):
        """Return records that are all about these persons: chatter, files, tasks go.

        :return: list of recordsets, in sudo
        """
        return [self]

    def _on_erased(self, reason):
        """The personal data of these contacts are being erased.

        Their ledger rows are erased already; they still have their addresses.
        """
