from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import hash_sign, verify_hash_signed

from .. import inner

TEMPLATE = "crm_real_estate.mail_template_group_viewing"
SCOPE = "estate.viewing.group.book"


class ViewingGroup(models.Model):
    """Seekers are invited to a group viewing and book their places by a link."""

    _inherit = "estate.viewing.group"

    def action_invite(self):
        """Mail a link to every open seeker of the property who has none yet.

        It is one mail to many: it passes the gate, and whom it leaves out is named.
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "planned" or self.start <= fields.Datetime.now():
            raise UserError(
                self.env._(
                    "%s is over or cancelled. Plan another one, then invite to it.",
                    self.display_name,
                )
            )
        leads = self._find_uninvited()
        allowed = leads.partner_id._may_receive_automatic("email", "event")
        invited = leads.filtered(lambda lead: lead.partner_id in allowed)
        self._invite(invited)
        left_out = (leads - invited).partner_id.mapped("name")
        message = self.env._("Invited: %s.", len(invited))
        if left_out:
            names = ", ".join(sorted(filter(None, left_out)))
            message += " " + self.env._("Left out, no automatic mail: %s.", names)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left_out else "success",
                "message": message,
                "sticky": bool(left_out),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _find_uninvited(self):
        """Return the open enquiries about the property that got no link to this one."""
        # sudo: crm.lead - the seekers of colleagues may come, too
        leads = self.env["crm.lead"].sudo()
        found = leads.search(
            Domain("property_id", "=", self.property_id.id)
            & Domain("lead_role", "=", "seeker")
            & Domain("won_status", "=", "pending")
            & Domain("partner_id", "!=", False)
        )
        # sudo: estate.interaction - what colleagues sent counts
        told = self.env["estate.interaction"].sudo()
        told = told.search(
            [("origin", "in", [self._get_invite_origin(lead) for lead in found])]
        )
        # sudo: estate.viewing.place - who has a place needs no invitation
        return found - told.lead_id - self.sudo().place_ids.lead_id

    def _get_invite_origin(self, lead):
        return f"estate.viewing.group,{self.id},{lead.id}"

    def _invite(self, leads):
        quiet = inner.say(
            leads,
            automatic=True,
            purpose="event",
            journal_skip=True,
            group_viewing=self.id,
        )
        quiet.env.ref(TEMPLATE).send_mail_batch(
            quiet.ids, email_values={"auto_delete": False, "estate_automatic": True}
        )
        quiet.env["estate.interaction"]._write_journal(
            [
                {
                    "type": "mail_sent",
                    "lead_id": lead.id,
                    "summary": self.env._("Invited to a group viewing"),
                    "is_automatic": True,
                    "origin": self._get_invite_origin(lead),
                }
                for lead in quiet
            ]
        )

    # === THE LINK ===

    def _get_booking_url(self, lead):
        """Return the link by which the seeker of an enquiry books a place.

        None for no group viewing: Odoo tries a text on the first lead there is.
        """
        if not self:
            return ""
        # sudo: ir.config_parameter - the secret is the key, it is never shown
        token = hash_sign(self.env(su=True), SCOPE, [self.id, lead.id])
        return f"{self.get_base_url()}/real_estate/group_viewing/{token}"

    @api.model
    def _find_by_booking_token(self, token):
        """Return (group viewing, enquiry) of a link, both empty for anything else."""
        try:
            # sudo: ir.config_parameter - the secret is the key, it is never shown
            numbers = verify_hash_signed(self.env(su=True), SCOPE, token)
        except ValueError:
            numbers = None
        # sudo: estate.viewing.group, crm.lead - the token names the two that it opens
        groups, leads = self.sudo(), self.env["crm.lead"].sudo()
        if not isinstance(numbers, list) or len(numbers) != 2:
            return groups.browse(), leads
        group, lead = groups.browse(numbers[0]).exists(), leads.browse(numbers[1])
        return group, lead.exists().filtered(
            lambda lead: lead.property_id == group.property_id and lead.partner_id
        )
