from odoo import api, fields, models
from odoo.tools import html2plaintext

from ..property.estate_property import DEAL_TYPES


class LeadJournal(models.AbstractModel):
    """A lead about a property, and its history."""

    _name = "estate.lead.journal.mixin"
    _description = "Lead: property and journal"

    property_id = fields.Many2one(
        "estate.property", "Property", index="btree_not_null", ondelete="restrict",
        check_company=True, tracking=True,
    )
    deal_type = fields.Selection(
        DEAL_TYPES, "Deal", compute="_compute_deal_type", store=True, readonly=False,
        precompute=True,
    )
    interaction_ids = fields.One2many("estate.interaction", "lead_id", "Journal")
    viewing_ids = fields.One2many("estate.viewing", "lead_id", "Viewings")

    @api.depends("property_id")
    def _compute_deal_type(self):
        for lead in self:
            lead.deal_type = lead.property_id.deal_type or lead.deal_type

    def _on_message_posted(self, message):
        """A mail or comment was posted on this lead: it belongs to the history."""
        code = self._get_message_interaction_code(message)
        if code:
            self.env["estate.interaction"]._write_journal(
                [self._prepare_message_journal_vals(message, code)]
            )

    def _journal_mass_mails(self, mails):
        """Tell the journal of mails that the composer sent to several leads at once."""
        several = len(mails) > 1
        self.env["estate.interaction"]._write_journal(
            [
                {
                    "type": "mail_sent",
                    "lead_id": mail.res_id,
                    "summary": mail.subject,
                    "is_automatic": several or mail.estate_automatic,
                    "origin": f"mail.message,{mail.mail_message_id.id}",
                }
                for mail in mails
                if mail.res_id in self.ids and mail.state != "cancel"
            ]
        )

    def _journal_done_activities(self, activities, feedback):
        """Tell the journal of activities that a person marked as done on these leads."""
        codes = {"phonecall": "call_reached", "meeting": "meeting"}
        self.env["estate.interaction"]._write_journal(
            [
                {
                    "type": codes.get(activity.activity_type_id.category, "todo_done"),
                    "lead_id": activity.res_id,
                    "summary": activity.summary or activity.activity_type_id.name,
                    "internal_note": feedback or False,
                    "origin": f"mail.activity,{activity.id}",
                }
                for activity in activities
                if activity.res_id in self.ids
            ]
        )

    def _get_message_interaction_code(self, message):
        """Return the interaction type of a message, "" for what is not told."""
        if self.env.context.get("estate_journal_skip") or message.mail_activity_type_id:
            return ""
        if message.message_type == "email":
            return "mail_received"
        if message.message_type == "comment" and not message.is_internal:
            if message.subtype_id != self.env.ref("mail.mt_comment"):
                return ""
            # The button that opened the composer may say what is being sent.
            return self.env.context.get("estate_interaction_code") or "mail_sent"
        return {"sms": "sms_sent", "auto_comment": "mail_sent", "email_outgoing": "mail_sent"}.get(
            message.message_type, ""
        )

    def _prepare_message_journal_vals(self, message, code):
        self.ensure_one()
        text = html2plaintext(message.body or "", include_references=False).strip()
        return {
            "type": code,
            "lead_id": self.id,
            "occurred_at": message.date,
            "user_id": message.author_id.user_ids[:1].id or self.env.uid,
            "summary": "\n".join(filter(None, [message.subject, text]))[:2000],
            "is_automatic": message.estate_automatic or message.message_type == "auto_comment",
            "origin": f"mail.message,{message.id}",
        }

    # === HOOKS ===

    def _on_leads_merged(self, leads):
        """`leads` are about to be merged into this one: what hangs on them moves along."""
        # sudo: estate.interaction, estate.viewing - links follow the merge, whoever sees them
        for rows in (leads.sudo().interaction_ids, leads.sudo().viewing_ids):
            rows.write({"lead_id": self.id})
