from ast import literal_eval

from odoo import api, models
from odoo.fields import Command, Domain
from odoo.tools import email_normalize_all, escape_psql

from ..ledger import ERASED

# What a file is attached to as long as it belongs to a message alone.
MESSAGE_MODELS = (
    False,
    "mail.message",
    "mail.mail",
    "mail.compose.message",
    "mail.scheduled.message",
    "mail.activity",
)
MESSAGE_ADDRESSES = ("incoming_email_to", "incoming_email_cc", "outgoing_email_to")
# Dialogs that name their records in text columns: (model column, ids column).
DIALOG_COLUMNS = (("model", "res_ids"), ("res_model", "res_ids"), ("res_model", "res_id"))


class Erasure(models.AbstractModel):
    """Erases what Odoo itself keeps about persons: messages, files, tasks, traces."""

    _name = "estate.erasure"
    _description = "Erasure of messages and traces"

    # === MESSAGES ===

    @api.model
    def _erase_messages(self, persons, documents, addresses):
        """Delete what was said on the documents, and what persons wrote or were sent alone.

        :param persons: `res.partner`
        :param documents: list of recordsets that are all about these persons
        :param addresses: normalized mails and phones of the persons
        """
        # sudo: mail.message, sms.sms - whoever wrote it, it is about the person
        everything = self.env["mail.message"].sudo()
        messages = everything.search(
            Domain("author_id", "in", persons.ids)
            | self._get_document_domain(documents, "model", "res_id")
        ) | self._find_addressed(everything, ("email_from",), addresses)
        received = self._find_received(persons, addresses) - messages
        alone = received.filtered(lambda m: not self._get_recipients(m) - persons)
        messages |= alone
        texts = self.env["sms.sms"].sudo().search(
            Domain("partner_id", "in", persons.ids)
            | Domain("number", "in", list(addresses))
            | Domain("mail_message_id", "in", messages.ids)
        )
        texts.unlink()
        self._leave_conversations(received - alone, persons)
        self._find_files(messages, documents).unlink()
        messages.unlink()

    @api.model
    def _find_received(self, persons, addresses):
        # sudo: mail.message, mail.mail - as above
        messages = self.env["mail.message"].sudo()
        mails = self.env["mail.mail"].sudo()
        messages |= messages.search(
            Domain("partner_ids", "in", persons.ids)
            | Domain("notification_ids.res_partner_id", "in", persons.ids)
        ) | self._find_addressed(messages, MESSAGE_ADDRESSES, addresses)
        mails |= mails.search(
            Domain("recipient_ids", "in", persons.ids)
        ) | self._find_addressed(mails, ("email_to", "email_cc"), addresses)
        return messages | mails.mail_message_id

    @api.model
    def _find_addressed(self, model, columns, addresses):
        """Return the records of `model` that name one of the addresses in these columns."""
        found = model.search(self._get_text_domain(columns, addresses))
        return found.filtered(
            lambda record: any(
                addresses & set(email_normalize_all(record[column] or ""))
                for column in columns
            )
        )

    @api.model
    def _get_recipients(self, message):
        """Return the persons outside the agency to whom a message went."""
        people = (
            message.partner_ids
            | message.notification_ids.res_partner_id
            | message.mail_ids.recipient_ids
        )
        return people.filtered("partner_share")

    @api.model
    def _leave_conversations(self, messages, persons):
        """Take persons out of messages that others got, too."""
        leave = [Command.unlink(person.id) for person in persons]
        messages.write({"partner_ids": leave, **dict.fromkeys(MESSAGE_ADDRESSES, False)})
        messages.mail_ids.write({"recipient_ids": leave, "email_to": False, "email_cc": False})
        messages.notification_ids.filtered(lambda n: n.res_partner_id in persons).unlink()

    @api.model
    def _find_files(self, messages, documents):
        # sudo: ir.attachment - the files go with what they are attached to
        attached = self.env["ir.attachment"].sudo().search(
            self._get_document_domain(documents, "res_model", "res_id")
            & Domain("res_field", "=", False)
        )
        loose = messages.attachment_ids.filtered(lambda f: f.res_model in MESSAGE_MODELS)
        return attached | loose

    @api.model
    def _get_document_domain(self, documents, model_column, id_column):
        return Domain.OR(
            Domain(model_column, "=", records._name) & Domain(id_column, "in", records.ids)
            for records in documents
        )

    @api.model
    def _get_text_domain(self, columns, texts):
        return Domain.OR(
            Domain(column, "ilike", escape_psql(text))
            for column in columns
            for text in texts
        )

    # === TASKS AND TRACES ===

    @api.model
    def _erase_around(self, persons, documents):
        """Delete tasks, planned messages, subscriptions and open dialogs of the persons."""
        # sudo: mail.activity and others - whoever made them, they are about the person
        env = self.with_context(active_test=False).sudo().env
        domain = self._get_document_domain(documents, "res_model", "res_id")
        env["mail.activity"].search(domain).unlink()
        env["mail.followers"].search(Domain("partner_id", "in", persons.ids)).unlink()
        planned = env["mail.scheduled.message"].search(
            self._get_document_domain(documents, "model", "res_id")
            | Domain("partner_ids", "in", persons.ids)
        )
        planned.attachment_ids.filtered(lambda f: f.res_model in MESSAGE_MODELS).unlink()
        planned.unlink()
        self._erase_dialogs(documents)

    @api.model
    def _erase_dialogs(self, documents):
        """Delete what was typed into dialogs about the documents; they are kept for a while."""
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
        """Erase the names of persons from the changes that chatters remember."""
        names = [name for name in {*persons.mapped("name"), *persons.mapped("display_name")} if name]
        # sudo: mail.tracking.value - as above
        values = self.env["mail.tracking.value"].sudo()
        chars = {"old_value_char": "old_value_integer", "new_value_char": "new_value_integer"}
        for char, integer in chars.items():
            about = Domain("field_id.relation", "=", "res.partner")
            one = values.search(about & Domain(integer, "in", persons.ids))
            one.write({char: ERASED})
            for value in values.search(about & self._get_text_domain((char,), names)) - one:
                text = value[char]
                for name in sorted(names, key=len, reverse=True):
                    text = text.replace(name, ERASED)
                value[char] = text

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
