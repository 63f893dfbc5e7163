from markupsafe import Markup

from odoo import fields, models
from odoo.tools import email_normalize_all, html2plaintext
from odoo.tools.mail import append_content_to_html

from ..party.estate_erasure import drop_addresses
from .quiet_hours import DUE_ANYWAY

FOOTER = "crm_real_estate.automatic_footer"
CRON = "mail.ir_cron_mail_scheduler_action"


class MailOutreach(models.AbstractModel):
    """An automatic mail: it passes the gate and shows each contact the way out."""

    _name = "estate.mail.outreach.mixin"
    _description = "Mail: gate, quiet hours and way out"
    _inherit = "estate.quiet.mixin"

    # === THE GATE ===

    def _pass_gate(self):
        """Take out of automatic mails whom the gate does not let through."""
        for purpose, mails in self.grouped("estate_purpose").items():
            mails._pass_gate_for(purpose or "all")

    def _pass_gate_for(self, purpose):
        # sudo: res.partner - the gate must see every recipient, whoever sends
        contacts = self.env["res.partner"].sudo()
        addresses = {
            mail: set(email_normalize_all(mail._get_written_addresses()))
            for mail in self
        }
        named = contacts.search(
            [("email_normalized", "in", list(set().union(*addresses.values())))]
        )
        # sudo: mail.mail - as above
        left_out = (self.sudo().recipient_ids | named)._get_left_out("email", purpose)
        refused = left_out._get_mailed_addresses()
        for mail in self:
            recipients = mail.recipient_ids & left_out
            if not recipients and not addresses[mail] & refused:
                continue
            mail.recipient_ids -= recipients
            mail.email_to = drop_addresses(mail.email_to, refused)
            mail.email_cc = drop_addresses(mail.email_cc, refused)
            if not (mail.recipient_ids or mail.email_to or mail.email_cc):
                mail.write({"state": "cancel", "failure_type": "mail_optout"})

    def _get_written_addresses(self):
        """Return what stands in To and Cc beside the recipients."""
        self.ensure_one()
        return ", ".join(filter(None, (self.email_to, self.email_cc)))

    def _get_own_contacts(self):
        """Return the contacts of ours that this mail goes to."""
        # sudo: res.partner - the queue sends for everybody
        contacts = self.env["res.partner"].sudo()
        if addresses := email_normalize_all(self._get_written_addresses()):
            contacts = contacts.search([("email_normalized", "in", addresses)])
        # sudo: mail.mail - as above
        found = self.sudo().recipient_ids | contacts
        return found.filtered(lambda p: p.estate_kind and p.partner_share)

    # === QUIET HOURS ===

    def _keep_quiet(self, is_leaving=False):
        """Put off those of these mails that would reach a contact at night.

        :param bool is_leaving: they leave now, whatever time was planned for them
        :return: those that were put off
        """
        now = fields.Datetime.now()
        held = self.browse()
        for mail in self.filtered(
            lambda m: (
                m.state == "outgoing" and m.estate_automatic and not m.estate_at_once
            )
        ):
            if not (contacts := mail._get_own_contacts()):
                continue
            planned = now if is_leaving else max(now, mail.scheduled_date or now)
            company = mail.record_company_id or self.env.company
            leaving = mail._find_night_moment(contacts, planned, company)
            if leaving > planned:
                mail.write(
                    {
                        "scheduled_date": leaving,
                        "estate_held_at": mail.estate_held_at or now,
                    }
                )
                held |= mail
        held._wake(CRON, held.mapped("scheduled_date"))
        return held

    def _stop_overtaken(self):
        """Cancel what waited for the morning when a person was in touch meanwhile."""
        for mail in self.filtered(
            lambda m: (
                m.estate_held_at
                and m.state == "outgoing"
                and m.estate_purpose not in DUE_ANYWAY
            )
        ):
            contacts = mail._get_own_contacts()
            row = mail._find_human_contact(contacts, mail.create_date)
            if row:
                mail._cancel_because(mail._describe_human_contact(row))

    def _cancel_because(self, reason, failure_type=False):
        """Keep these mails as cancelled, with the reason; the journal is told."""
        self.write(
            {"state": "cancel", "failure_type": failure_type, "failure_reason": reason}
        )
        # sudo: mail.notification - what became of a mail is told to whoever sent it
        notices = self.env["mail.notification"].sudo()
        notices.search([("mail_mail_id", "in", self.ids)]).write(
            {"notification_status": "canceled", "failure_reason": reason}
        )
        for mail in self:
            origin = f"mail.message,{mail.mail_message_id.id}"
            mail._take_back_journal(origin, reason)

    # === THE WAY OUT ===

    def _add_way_out(self, emails):
        """Show each contact in an automatic mail what it is and how to stop it.

        :param list emails: of `_prepare_outgoing_list`
        :return: list of the same kind; who gets a link is written to alone
        """
        self.ensure_one()
        # sudo: mail.mail, res.partner - the queue sends for everybody
        mail = self.sudo()
        emails = [part for email in emails for part in mail._split_email(email)]
        contacts = [mail._find_contact(email) for email in emails]
        partners = self.env["res.partner"].union(*contacts)
        if not partners:
            return emails
        message = mail.mail_message_id
        ways = self.env["estate.opt.out"]._get_ways_out(partners, message.id)
        for email, contact in zip(emails, contacts, strict=True):
            if contact:
                mail._write_way_out(email, contact, ways[contact])
        return emails

    def _split_email(self, email):
        """Return one mail as several when a copy or a second address would share it."""
        addresses = email["email_to"] or []
        if email["partner_id"] or len(addresses) + len(email["email_cc"] or []) < 2:
            return [email]
        parts = [{**email, "email_to": [one], "email_cc": []} for one in addresses]
        if email["email_cc"]:
            parts.append({**email, "email_to": [], "email_cc": email["email_cc"]})
        for part in parts:
            named = ", ".join([*part["email_to"], *part["email_cc"]])
            part["email_to_raw"] = named
            part["email_to_normalized"] = email_normalize_all(named)
        return parts

    def _find_contact(self, email):
        """Return the contact of ours that this mail goes to, if any."""
        # sudo: res.partner - the queue sends for everybody
        contacts = self.env["res.partner"].sudo()
        contact = contacts
        if email["partner_id"]:
            contact = contacts.browse(email["partner_id"].id)
        elif email["email_to"]:
            addresses = email_normalize_all(", ".join(email["email_to"]))
            contact = contacts.search(
                [
                    ("email_normalized", "in", addresses),
                    ("estate_kind", "!=", False),
                ],
                limit=1,
            )
        is_ours = contact.estate_kind and contact.partner_share
        return contact if is_ours else contacts

    def _write_way_out(self, email, contact, way):
        """Add the sentence and the headers of RFC 8058 to one contact's mail."""
        url = self.get_base_url() + way._get_path(
            self.mail_message_id.id, self.subject, self.date
        )
        lang = contact.lang or self.env.lang
        footer = self.env["ir.qweb"]._render(
            FOOTER,
            {
                "url": url,
                "is_first": way.first_mail == self.mail_message_id.id,
                "case": self._get_case(lang),
            },
            lang=lang,
            minimal_qcontext=True,
        )
        body = append_content_to_html(
            email["body"] or "", Markup(footer), plaintext=False
        )
        # Odoo shares one dict of headers between all recipients.
        email["headers"] = {
            "Auto-Submitted": "auto-generated",
            **email["headers"],
            "List-Unsubscribe": f"<{url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        email["body"] = body
        email["body_alternative"] = html2plaintext(body)

    def _get_case(self, lang):
        """Return what the mail is about, in the contact's words and language."""
        if self.model and self.res_id and self.model in self.env:
            # sudo: any record - its name is told to whom it is sent about
            record = self.env[self.model].sudo().with_context(lang=lang)
            record = record.browse(self.res_id).exists()
            if record and hasattr(record, "_get_automatic_case"):
                return record._get_automatic_case() or self.subject or ""
        return self.subject or ""
