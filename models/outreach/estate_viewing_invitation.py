from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import ical
from .. import inner

INVITATION = "crm_real_estate.mail_template_viewing_invitation"
CALLED_OFF = "crm_real_estate.mail_template_viewing_called_off"
LAYOUT = "mail.mail_notification_light"


class Viewing(models.Model):
    """The seeker is invited, and told when it is called off: one mail to one person."""

    _inherit = "estate.viewing"

    send_invitation = fields.Boolean(
        "Send the invitation",
        copy=False,
        help="The seeker gets a mail with the appointment for his calendar. He alone "
        "stands in it, with the agent.",
    )
    invitation_number = fields.Integer(readonly=True, copy=False)
    invited_at = fields.Datetime("Invited on", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        viewings = super().create(vals_list)
        viewings.filtered(
            lambda v: v.send_invitation and v.partner_id.email and v.state == "planned"
        )._mail_appointment(INVITATION)
        return viewings

    def action_invite(self):
        """Send the invitation, or its new version after a change."""
        self.ensure_one()
        self.check_access("write")
        self._check_planned()
        if not self.partner_id.email:
            raise UserError(
                self.env._(
                    "%s has no mail address. Add one to the contact, or call.",
                    self.partner_id.display_name,
                )
            )
        self._mail_appointment(INVITATION)

    def _on_cancelled_at_once(self, who):
        super()._on_cancelled_at_once(who)
        if who != "seeker":
            self._call_off()

    def _call_off(self):
        """Tell those of these seekers that were invited that it does not take place."""
        invited = self.filtered(lambda v: v.invited_at and v.partner_id.email)
        invited._mail_appointment(CALLED_OFF, is_cancelled=True)

    def _mail_appointment(self, template, is_cancelled=False):
        """Mail each seeker the appointment of his own viewing.

        :param str template: name of the `mail.template`
        """
        for viewing in self:
            viewing.write(
                {
                    "invitation_number": viewing.invitation_number + 1,
                    "invited_at": fields.Datetime.now(),
                }
            )
            viewing._post_appointment(self.env.ref(template), is_cancelled)

    def _post_appointment(self, template, is_cancelled):
        self.ensure_one()
        text = template._generate_template(self.ids, {"subject", "body_html"})[self.id]
        about = self.lead_id or self.partner_id
        # The journal tells of the viewing already.
        quiet = inner.say(
            about.with_context(mail_post_autofollow=False), journal_skip=True
        )
        agent = self.agent_id
        quiet.message_post(
            body=text["body_html"],
            subject=text["subject"],
            author_id=agent.partner_id.id,
            email_from=agent.email_formatted or self.company_id.email_formatted,
            partner_ids=self.partner_id.ids,
            attachments=[("invitation.ics", self._build_invitation(is_cancelled))],
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid=LAYOUT,
            mail_auto_delete=False,
            notify_skip_followers=True,
        )

    def _build_invitation(self, is_cancelled=False):
        """Return the appointment as a file for the seeker's calendar: bytes."""
        self.ensure_one()
        lang = self.partner_id.lang or self.env.lang
        translated = self.with_context(lang=lang)
        agent = self.agent_id
        address = agent.email or self.company_id.email or "noreply@localhost"
        return ical.build_file(
            ical.Appointment(
                uid=f"estate-viewing-{self.id}@{self.env.cr.dbname}",
                sequence=self.invitation_number,
                start=self.start,
                stop=self.stop,
                summary=translated.env._("Viewing: %s", self.property_id.name),
                location=self.property_id._get_place(),
                organizer=(agent.name, address),
                attendee=(self.partner_id.name or "", self.partner_id.email or ""),
                is_cancelled=is_cancelled,
            ),
            fields.Datetime.now(),
        )
