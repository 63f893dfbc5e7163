from ast import literal_eval

from odoo import api, models
from odoo.fields import Domain

from ..ledger import ERASED
from .estate_erasure import MESSAGE_MODELS

# Dialogs that name their records in text columns: (model column, ids column).
DIALOG_COLUMNS = (
    ("model", "res_ids"),
    ("res_model", "res_ids"),
    ("res_model", "res_id"),
)


class Erasure(models.AbstractModel):
    _inherit = "estate.erasure"

    # === TASKS AND TRACES ===

    @api.model
    def _erase_around(self, persons, documents):
        """Delete tasks, planned messages, subscriptions and dialogs of the persons."""
        # sudo: mail.activity and others - whoever made them, they are about the person
        env = self.with_context(active_test=False).sudo().env
        domain = self._get_document_domain(documents, "res_model", "res_id")
        env["mail.activity"].search(domain).unlink()
        env["mail.followers"].search(Domain("partner_id", "in", persons.ids)).unlink()
        planned = env["mail.scheduled.message"].search(
            self._get_document_domain(documents, "model", "res_id")
            | Domain("partner_ids", "in", persons.ids)
        )
        planned.attachment_ids.filtered(
            lambda f: f.res_model in MESSAGE_MODELS
        ).unlink()
        planned.unlink()
        self._erase_dialogs(documents)

    @api.model
    def _erase_dialogs(self, documents):
        """Delete what was typed into dialogs about the documents; Odoo keeps them."""
        ids = {records._name: set(records.ids) for records in documents}
        for model in self.env.registry.values():
            if not model._transient or model._abstract:
                continue
            # sudo: wizards - everybody else's, too
            rows = self.env[model._name].sudo()
            domain = Domain.OR(
                Domain(name, "in", list(ids[field.comodel_name]))
                for name, field in rows._fields.items()
                if field.store
                and field.type in ("many2one", "many2many")
                and field.comodel_name in ids
            )
            found = rows.search(domain)
            for model_column, id_column in DIALOG_COLUMNS:
                if {model_column, id_column} <= set(rows._fields):
                    named = rows.search(Domain(model_column, "in", list(ids)))
                    found |= named.filtered(
                        lambda row, m=model_column, i=id_column: (
                            self._get_dialog_ids(row[i]) & ids[row[m]]
                        )
                    )
            found.unlink()

    @api.model
    def _get_dialog_ids(self, value):
        value = literal_eval(value) if isinstance(value, str) else value
        return set(value if isinstance(value, (list, tuple)) else [value])

    @api.model
    def _erase_tracking(self, persons):
        """Erase persons from the changes that chatters of others remember."""
        words = persons._get_personal_words()
        names = {*persons.mapped("name"), *persons.mapped("display_name")} - {False}
        # sudo: mail.tracking.value - as above
        values = self.env["mail.tracking.value"].sudo()
        columns = {
            "old_value_char": "old_value_integer",
            "new_value_char": "new_value_integer",
        }
        for char, integer in columns.items():
            linked = Domain("field_id.relation", "=", "res.partner")
            several = Domain("field_id.ttype", "=", "many2many")
            whole = values.search(
                linked & Domain(integer, "in", persons.ids)
                | Domain(char, "in", list(words))
            )
            whole.write({char: ERASED})
            listed = values.search(
                linked & several & self._get_text_domain((char,), names)
            )
            self._blacken(listed, (char,), names)

    @api.model
    def _forget_blacklists(self, addresses):
        """Delete the addresses from Odoo's blacklists, where nobody else has them.

        The denial itself is kept by its hash.
        """
        kinds = (
            ("mail.blacklist", "email", "mail.thread.blacklist", "email_normalized"),
            ("phone.blacklist", "number", "mail.thread.phone", "phone_sanitized"),
        )
        for blacklist, column, mixin, field in kinds:
            # sudo: blacklists - the address is erased wherever it stands
            rows = self.env[blacklist].sudo().with_context(active_test=False)
            rows = rows.search([(column, "in", list(addresses))])
            for row in rows:
                if not self._is_used(mixin, field, row[column]):
                    row.unlink()

    @api.model
    def _is_used(self, mixin, field, address):
        """Return whether any record of a model with `mixin` has this address."""
        for name in self.env.registry.descendants([mixin], "_inherit"):
            # sudo: every model - only whether there is a record is asked
            model = self.env[name].sudo().with_context(active_test=False)
            stored = not model._abstract and model._auto and model._fields[field].store
            if stored and model.search_count([(field, "=", address)], limit=1):
                return True
        return False
