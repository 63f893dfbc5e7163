from odoo import api, fields, models
from odoo.tools import email_normalize_all, html2plaintext

from .. import inner

# What a done task was, by the category of its activity type.
ACTIVITY_CODES = {"phonecall": "call_reached", "meeting": "meeting"}
# What the button that opened a composer may say of the mail: the one word about the
# journal that comes from a client. Everything else is told by our own code alone.
COMPOSED_CODES = ("answer", "documentation_sent")
MOST_CHARACTERS = 2000


class JournalThread(models.AbstractModel):
    """A record whose messages and done tasks belong to the history."""

    _name = "estate.journal.thread.mixin"
    _description = "Record with a journal"

    def _get_journalled(self):
        """Return those of `self` whose events the journal tells."""
        return self

    def _get_journal_links(self):
        """Return the links of a journal row about this record."""
        raise NotImplementedError

    # === MESSAGES ===

    def _journal_message(self, message):
        """A message was posted on this record; mails to and from outside are told."""
        if code := self._get_message_interaction_code(message):
            self.env["estate.interaction"]._write_journal(
                [self._prepare_message_journal_vals(message, code)]
            )

    def _get_message_interaction_code(self, message):
        """Return the interaction type of a message, "" for what is not told.

        Told is what somebody outside wrote or gets; what colleagues write to each other
        is not.
        """
        kind = message.message_type
        if inner.hear(self.env, "journal_skip") or message.mail_activity_type_id:
            return ""
        if kind == "sms":
            return "sms_sent"
        if message.is_internal or message.subtype_id.internal:
            return ""
        if kind in ("email", "comment") and self._is_from_outside(message):
            return "mail_received"
        if kind not in ("email", "comment", "auto_comment", "email_outgoing"):
            return ""
        if not self._goes_outside(message):
            return ""
        return self._get_composed_code()

    @api.model
    def _get_composed_code(self):
        """Return the interaction type of a mail that leaves, by its composer's button.

        A client may send any context: what is no code of a composer is a plain mail.
        """
        code = self.env.context.get("estate_interaction_code")
        return code if code in COMPOSED_CODES else "mail_sent"

    @api.model
    def _is_from_outside(self, message):
        return not message.author_id or message.author_id.partner_share

    def _goes_outside(self, message):
        """Return whether somebody who is no colleague gets this message."""
        # sudo: mail.followers - who follows is asked, whoever may see it
        recipients = self.sudo()._notify_get_recipients(message)
        # Whom a colleague's mail program served already, Odoo does not serve again.
        return any(
            recipient["share"] for recipient in recipients
        ) or self._names_customer(message.incoming_email_to, message.incoming_email_cc)

    def _names_customer(self, *texts):
        """Return whether one of these address lines names a customer of this record."""
        # sudo: res.partner - only the addresses are compared
        record = self.sudo()
        known = set(record._mail_get_partners()[self.id].mapped("email_normalized"))
        if "email_normalized" in record._fields:
            known.add(record.email_normalized)
        addresses = email_normalize_all(", ".join(text for text in texts if text))
        return bool(known & set(addresses))

    def _prepare_message_journal_vals(self, message, code):
        self.ensure_one()
        robot = self.env.ref("base.partner_root")
        return {
            **self._get_journal_links(),
            "type": code,
            # The date of a mail is its sender's word, and his clock may be ahead.
            "occurred_at": min(message.date, fields.Datetime.now()),
            "user_id": message.author_id.user_ids[:1].id or self.env.uid,
            "summary": self._get_journal_text(message.subject, message.body),
            "is_automatic": message.estate_automatic
            or message.message_type == "auto_comment"
            or message.author_id == robot,
            "origin": f"mail.message,{message.id}",
        }

    @api.model
    def _get_journal_text(self, subject, body):
        text = html2plaintext(body or "", include_references=False).strip()
        return "\n".join(filter(None, [subject, text]))[:MOST_CHARACTERS]

    # === BATCHES ===

    def _journal_mails(self, mails):
        """Tell the journal of mails made for these records without a post on each."""
        if inner.hear(self.env, "journal_skip"):
            return
        mine = {record.id: record for record in self._get_journalled()}
        code = self._get_composed_code()
        self.env["estate.interaction"]._write_journal(
            [
                {
                    **mine[mail.res_id]._get_journal_links(),
                    "type": code,
                    "summary": self._get_journal_text(mail.subject, mail.body_html),
                    "is_automatic": mail.estate_automatic,
                    "origin": f"mail.message,{mail.mail_message_id.id}",
                }
                for mail in mails
                if mail.res_id in mine
                and mail.state == "outgoing"
                and mine[mail.res_id]._is_mailed_outside(mail)
            ]
        )

    def _is_mailed_outside(self, mail):
        return bool(
            mail.recipient_ids.filtered("partner_share")
        ) or self._names_customer(mail.email_to, mail.email_cc)

    def _journal_mass_sms(self, texts):
        """Tell the journal of SMS made for these records, in their order."""
        if inner.hear(self.env, "journal_skip"):
            return
        journalled = self._get_journalled()
        automatic = bool(inner.hear(self.env, "automatic"))
        self.env["estate.interaction"]._write_journal(
            [
                {
                    **record._get_journal_links(),
                    "type": "sms_sent",
                    "summary": text.body,
                    "is_automatic": automatic,
                    "origin": (
                        f"mail.message,{text.mail_message_id.id}"
                        if text.mail_message_id
                        else f"sms.sms,{text.id}"
                    ),
                }
                for record, text in zip(self, texts, strict=True)
                if record in journalled and text.state not in ("canceled", "error")
            ]
        )

    # === TASKS ===

    def _journal_done_activities(self, activities, feedback):
        """Tell the journal of tasks on these records that were marked as done."""
        mine = {record.id: record for record in self._get_journalled()}
        self.env["estate.interaction"]._write_journal(
            [
                {
                    **mine[activity.res_id]._get_journal_links(),
                    "type": ACTIVITY_CODES.get(
                        activity.activity_type_id.category, "todo_done"
                    ),
                    "summary": activity.summary or activity.activity_type_id.name,
                    "internal_note": feedback or False,
                    "origin": f"mail.activity,{activity.id}",
                }
                for activity in activities
                if activity.res_id in mine
            ]
        )
