from odoo import fields, models

from .quiet_hours import DUE_ANYWAY

CRON = "sms.ir_cron_sms_scheduler_action"


class SmsOutreach(models.AbstractModel):
    """An automatic SMS: it passes the gate and keeps quiet at night."""

    _name = "estate.sms.outreach.mixin"
    _description = "SMS: gate and quiet hours"
    _inherit = "estate.quiet.mixin"

    estate_automatic = fields.Boolean("Sent by the system")
    estate_purpose = fields.Char("Automatic purpose")
    estate_send_at = fields.Datetime("Leaves at", readonly=True, copy=False)
    estate_reason = fields.Char("Not sent because", readonly=True, copy=False)

    def _get_own_contact(self):
        """Return the contact of ours that this SMS goes to, if any."""
        # sudo: res.partner - the queue sends for everybody
        partner = self.partner_id.sudo()
        is_ours = partner.estate_kind and partner.partner_share
        return partner if is_ours else partner.browse()

    def _keep_quiet(self):
        """Let those of these SMS wait that would reach a contact at night."""
        now = fields.Datetime.now()
        for text in self.filtered(
            lambda t: t.state == "outgoing" and t.estate_automatic
        ):
            contact = text._get_own_contact()
            if not contact:
                continue
            company = text.mail_message_id.record_company_id or self.env.company
            leaving = text._find_night_moment(contact, now, company)
            if leaving > now:
                text.write(
                    {
                        "state": "estate_waiting",
                        "estate_send_at": leaving,
                        "estate_held_at": text.estate_held_at or now,
                    }
                )
                text._wake(CRON, [leaving])

    def _release(self):
        """Queue what waited for the morning, unless it is no longer wanted."""
        now = fields.Datetime.now()
        due = self.search(
            [("state", "=", "estate_waiting"), ("estate_send_at", "<=", now)]
        )
        due.write({"state": "outgoing"})
        for text in due:
            contact = text._get_own_contact()
            purpose = text.estate_purpose or "all"
            row = self.env["estate.interaction"]
            if purpose not in DUE_ANYWAY:
                row = text._find_human_contact(contact, text.create_date)
            if row:
                text._give_up(text._describe_human_contact(row))
            elif contact._get_left_out("sms", purpose):
                reason = self.env._("Not sent: %s wants none.", contact.name)
                text._give_up(reason, "sms_optout")

    def _give_up(self, reason, failure_type=None):
        self.ensure_one()
        self.estate_reason = reason
        self._update_sms_state_and_trackers("canceled", failure_type=failure_type)
        message = self.mail_message_id
        origin = f"mail.message,{message.id}" if message else f"sms.sms,{self.id}"
        self._take_back_journal(origin, reason)
