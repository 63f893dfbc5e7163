import json
import logging

from odoo import SUPERUSER_ID, api, fields, models

_logger = logging.getLogger(__name__)

TEMPLATE = "crm_real_estate.mail_template_alert"
# Where a cursor keeps whom to alert once everything else of its transaction is done.
WAITING = "estate_alerts"
ICON = "/crm_real_estate/static/description/icon.png"


class Alert(models.Model):
    _inherit = "estate.alert"

    # === AT THE END OF THE TRANSACTION ===

    @api.model
    def _send_later(self, leads):
        """Alert the persons of these leads when the transaction is done.

        Not at once: the intake writes the seeker's words after it gave the lead away,
        and who has it in the end is told, nobody in between.
        """
        hooks = self.env.cr.precommit
        if WAITING not in hooks.data:
            hooks.data[WAITING] = {}
            env = api.Environment(self.env.cr, SUPERUSER_ID, {})
            hooks.add(env["estate.alert"]._send_waiting)
        hooks.data[WAITING] |= {lead.id: lead.user_id.id for lead in leads}

    @api.model
    def _send_waiting(self):
        waiting = self.env.cr.precommit.data.pop(WAITING, {})
        leads = self.env["crm.lead"].browse(waiting).exists()
        leads = leads.filtered(lambda lead: lead.user_id.id == waiting[lead.id])
        try:
            # What an alert meets must never cost the enquiry itself.
            with self.env.cr.savepoint():
                self._send(leads)
        except Exception as error:  # noqa: BLE001 - see above
            _logger.warning("Alerts for %s failed: %s", leads.ids, type(error).__name__)
            _logger.debug("Alerts for %s", leads.ids, exc_info=True)

    # === SEND ===

    @api.model
    def _send(self, leads):
        """Alert the persons of these leads by what each of them has chosen."""
        now = fields.Datetime.now()
        leads = leads.filtered("user_id")
        leads.alert_ids._close()
        alerts = self.create(
            [
                {
                    "lead_id": lead.id,
                    "user_id": lead.user_id.id,
                    "company_id": lead._get_dispatch_company().id,
                    "sent_at": now,
                    "told_by": ", ".join(lead.user_id._get_alert_kinds()),
                }
                for lead in leads
            ]
        )
        for user, mine in alerts.grouped("user_id").items():
            mine.with_context(lang=user.lang)._tell_user(user)
        alerts._plan_first_step()
        return alerts

    def _tell_user(self, user):
        """Tell `user` of his alerts by each kind that he has chosen."""
        kinds = user._get_alert_kinds()
        cards = self._prepare_cards()
        if on_screen := [k for k in ("popup", "sound", "title") if k in kinds]:
            user._bus_send("estate.alert", {"kinds": on_screen, "cards": cards})
        if "mail" in kinds:
            self._mail(user)
        if "sms" in kinds:
            self._text(user)
        if "push" in kinds:
            self._push(user, cards)

    def _mail(self, user):
        """Queue a mail for each of these alerts; the queue is worked off at once."""
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        address = user.estate_alert_address or user.email
        if not (template and address):
            return
        template.send_mail_batch(
            self.ids,
            email_values={
                "email_to": address,
                "recipient_ids": [],
                "estate_automatic": True,
            },
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _text(self, user):
        """Queue one SMS for these alerts; nothing happens without a number."""
        if not (number := user.partner_id.phone_sanitized):
            return
        first = self[0]
        values = {
            "contact": first.lead_id._get_alert_contact(),
            "about": first.lead_id.property_id.display_name or first.lead_id.name,
            "phone": first.lead_id.phone or "",
            "more": len(self) - 1,
            "link": first._get_answer_url(),
        }
        text = self.env._("New enquiry: %(contact)s %(phone)s, %(about)s", **values)
        if values["more"]:
            text += " " + self.env._("and %(more)s more", **values)
        self.env["sms.sms"].create(
            {
                "number": number,
                "partner_id": user.partner_id.id,
                "body": f"{text}\n{values['link']}",
            }
        )
        self.sms_at = fields.Datetime.now()

    def _push(self, user, cards):
        """Queue a push to the browsers in which `user` allowed them."""
        thread = self.env["mail.thread"]
        devices = thread._web_push_get_partners_parameters(user.partner_id.ids)[0]
        payloads = [
            json.dumps(
                {
                    "title": self.env._("New enquiry: %s", card["contact"]),
                    "options": {
                        "body": card["about"],
                        "icon": ICON,
                        "data": {"model": "crm.lead", "res_id": card["lead_id"]},
                    },
                }
            )
            for card in cards
        ]
        self.env["mail.push"].create(
            [
                {"mail_push_device_id": device.id, "payload": payload}
                for device in devices
                for payload in payloads
            ]
        )
        if devices:
            self.env.ref("mail.ir_cron_web_push_notification")._trigger()
