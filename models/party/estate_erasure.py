import json
import re

from odoo import api, models
from odoo.fields import Command, Domain
from odoo.tools import email_normalize, email_normalize_all, escape_psql, formataddr
from odoo.tools.mail import email_split_tuples

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
MAIL_ADDRESSES = ("email_to", "email_cc")


def drop_addresses(line, addresses):
    """Return an address line such as a mail's To without these normalized addresses."""
    kept = [
        formataddr((name, address))
        for name, address in email_split_tuples(line or "")
        if email_normalize(address) not in addresses
    ]
    return ", ".join(kept) or False


class Erasure(models.AbstractModel):
    """Erases what Odoo itself keeps about persons: messages, files, tasks, traces."""

    _name = "estate.erasure"
    _description = "Erasure of messages and traces"

    # === MESSAGES ===

    @api.model
    def _erase_messages(self, persons, documents):
        """Delete what was said on the documents and what persons wrote or got alone.

        :param persons: `res.partner`
        :param documents: list of recordsets that are all about these persons
        """
        addresses = persons._get_addresses()
        # sudo: mail.message, sms.sms - whoever wrote it, it is about the person
        everything = self.env["mail.message"].sudo()
        messages = everything.search(
            Domain("author_id", "in", persons.ids)
            | self._get_document_domain(documents, "model", "res_id")
        ) | self._find_addressed(everything, ("email_from",), addresses)
        received = self._find_received(persons, addresses) - messages
        alone = received.filtered(
            lambda m: not self._went_to_others(m, persons, addresses)
        )
        messages |= alone
        # sudo: sms.sms - as above
        texts = (
            self.env["sms.sms"]
            .sudo()
            .search(
                Domain("partner_id", "in", persons.ids)
                | Domain("number", "in", list(addresses))
                | Domain("mail_message_id", "in", messages.ids)
            )
        )
        texts.unlink()
        self._leave_conversations(received - alone, persons)
        self._find_files(messages, documents).unlink()
        self._erase_bus(messages, persons._get_personal_words())
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
        ) | self._find_addressed(mails, MAIL_ADDRESSES, addresses)
        return messages | mails.mail_message_id

    @api.model
    def _find_addressed(self, model, columns, addresses):
        """Return the records of `model` that name one of the addresses."""
        found = model.search(self._get_text_domain(columns, addresses))
        return found.filtered(
            lambda record: any(
                addresses & set(email_normalize_all(record[column] or ""))
                for column in columns
            )
        )

    @api.model
    def _went_to_others(self, message, persons, addresses):
        """Return whether somebody else outside the agency got this message."""
        mails = message.mail_ids
        people = (
            message.partner_ids
            | message.notification_ids.res_partner_id
            | mails.recipient_ids
        )
        lines = [message[column] for column in MESSAGE_ADDRESSES]
        lines += [mail[column] for mail in mails for column in MAIL_ADDRESSES]
        return bool(people.filtered("partner_share") - persons) or any(
            drop_addresses(line, addresses) for line in lines
        )

    @api.model
    def _leave_conversations(self, messages, persons):
        """Take persons out of messages that others got, too."""
        leave = [Command.unlink(person.id) for person in persons]
        words, addresses = persons._get_personal_words(), persons._get_addresses()
        mails = messages.mail_ids
        messages.write({"partner_ids": leave})
        mails.write({"recipient_ids": leave})
        mails.filtered("headers").write({"headers": False})
        for records, columns in (
            (messages, MESSAGE_ADDRESSES),
            (mails, MAIL_ADDRESSES),
        ):
            for record in records:
                record.write(
                    {
                        column: drop_addresses(record[column], addresses)
                        for column in columns
                    }
                )
        messages.notification_ids.filtered(
            lambda n: n.res_partner_id in persons
        ).unlink()
        self._blacken(messages, ("subject", "body"), words)
        self._blacken(mails, ("body_html",), words)

    @api.model
    def _erase_bus(self, messages, words):
        """Delete what waits to be shown in browsers; they read the database anew."""
        needles = [json.dumps(word)[1:-1] for word in words]
        ids = set(messages.ids)
        # sudo: bus.bus - as above
        # All of them: the bus holds the last minutes only.
        waiting = self.env["bus.bus"].sudo().search([])  # pylint: disable=no-search-all
        waiting.filtered(
            lambda row: any(needle in row.message for needle in needles)
            or ids & {int(found) for found in re.findall(r'"id":\s?(\d+)', row.message)}
        ).unlink()

    @api.model
    def _blacken(self, records, columns, words):
        """Replace words in texts; a longer word goes before one that it contains."""
        for record in records:
            for column in columns:
                text = record[column] or ""
                for word in sorted(words, key=len, reverse=True):
                    text = text.replace(word, ERASED)
                if text != (record[column] or ""):
                    record[column] = text

    @api.model
    def _find_files(self, messages, documents):
        # sudo: ir.attachment - the files go with what they are attached to
        attached = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                self._get_document_domain(documents, "res_model", "res_id")
                & Domain("res_field", "=", False)
            )
        )
        loose = messages.attachment_ids.filtered(
            lambda f: f.res_model in MESSAGE_MODELS
        )
        return attached | loose

    @api.model
    def _get_document_domain(self, documents, model_column, id_column):
        return Domain.OR(
            Domain(model_column, "=", records._name)
            & Domain(id_column, "in", records.ids)
            for records in documents
        )

    @api.model
    def _get_text_domain(self, columns, texts):
        return Domain.OR(
            Domain(column, "ilike", escape_psql(text))
            for column in columns
            for text in texts
        )
