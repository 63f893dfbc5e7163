from odoo import models
from odoo.tools import format_datetime, html_escape


class PartnerOptOutNotice(models.AbstractModel):
    """Tells the agent of a contact that it wants no more automatic messages."""

    _name = "estate.partner.notice.mixin"
    _description = "Contact: notice of an opt-out"

    def _get_responsible_agent(self):
        """Return who answers for this contact; a director when nobody does."""
        self.ensure_one()
        leads = self.with_context(active_test=False).estate_lead_ids.sorted("id")
        candidates = (
            *(self.user_id, leads[-1:].user_id, self.owned_property_ids[:1].agent_id),
            *self.env.ref("crm_real_estate.group_director").all_user_ids,
        )
        fitting = [u for u in candidates if u and u.active and not u.share]
        return fitting[0] if fitting else self.env["res.users"]

    def _tell_agent_of_wish(self, consent):
        """Give the agent the task, and the mail or SMS he chose.

        :param consent: the `estate.consent` row that the contact's click wrote
        """
        self.ensure_one()
        agent = self._get_responsible_agent()
        if not agent:
            return
        speaking = self.with_context(lang=agent.lang, tz=agent.tz)
        title, text = speaking._describe_wish(consent.with_context(lang=agent.lang))
        # The task itself is the notice: Odoo's own mail about it is not sent on top.
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=agent.id,
            summary=title,
            note=html_escape(text),
        )
        if agent.opt_out_notice == "mail" and agent.email:
            self.env["mail.mail"].create(
                {
                    "subject": title,
                    "body_html": html_escape(text),
                    "email_to": agent.email_formatted,
                    "author_id": self.env.ref("base.partner_root").id,
                }
            )
            self._work_off_now("mail.ir_cron_mail_scheduler_action")
        number = agent.partner_id.phone_sanitized
        if agent.opt_out_notice == "sms" and number:
            self.env["sms.sms"].create(
                {
                    "number": number,
                    "body": f"{title}. {text}",
                    "partner_id": agent.partner_id.id,
                }
            )
            self._work_off_now("sms.ir_cron_sms_scheduler_action")

    def _work_off_now(self, queue):
        """Let a queue leave at once; the person who clicked does not wait for it."""
        # sudo: ir.cron - one of Odoo's two queues of messages runs sooner, nothing else
        self.env.ref(queue).sudo()._trigger()

    def _describe_wish(self, consent):
        """Return title and text of the notice, in the language of the context."""
        when = format_datetime(self.env, consent.occurred_at, dt_format="short")
        if consent.state == "denied":
            title = self.env._("%s wants no more automatic messages", self.name)
            after = self.env._(
                "Nothing automatic goes there any more. What you write yourself does."
            )
        else:
            title = self.env._("%s wants automatic messages again", self.name)
            after = self.env._("Matching offers, reports and reminders go there again.")
        text = self.env._(
            "Told on %(moment)s: %(told)s. %(after)s",
            moment=when,
            told=consent.source,
            after=after,
        )
        return title, text
