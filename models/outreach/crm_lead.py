from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class LeadOutreach(models.AbstractModel):
    """A lead as somebody who is written to, by the machine or with many others."""

    _name = "estate.lead.outreach.mixin"
    _description = "Lead: automatic answers"

    def action_inform_contacts(self):
        """Open the composer for the contacts of these leads: each gets one mail.

        Nothing chosen: of those that the filter of the board or list shows.
        """
        leads = self
        if not leads:
            # A client says which filter it shows; only what the user may see is found.
            leads = self.search(self.env.context.get("active_domain") or [(0, "=", 1)])
        leads = leads._get_one_for_each_contact()
        if not leads:
            raise UserError(
                self.env._(
                    "There is nobody to write to. Choose another filter, for example "
                    "the phase."
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Inform contacts"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": "crm.lead",
                "default_res_ids": leads.ids,
                "default_composition_mode": "mass_mail",
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "default_subject": self._get_common_subject(leads),
            },
        }

    def _get_one_for_each_contact(self):
        """Return one estate lead for each contact of these, open ones first."""
        found = {}
        for lead in self.filtered("lead_role").sorted(
            lambda lead: (lead.won_status != "pending", -lead.id)
        ):
            found.setdefault(lead.partner_id or lead, lead)
        return self.browse().union(*found.values())

    def _get_common_subject(self, leads):
        """Return the name of the one property that these leads are about, if one."""
        return leads.property_id.name if len(leads.property_id) == 1 else False

    def _answer_automatically(self, responder=None):
        """Answer those of these enquiries that nobody has answered yet, each once.

        :param responder: `estate.responder` that answers; none: the one that fits
        """
        # sudo: crm.lead, estate.responder and its answers - the machine answers
        # whoever's click set it off
        leads = self.sudo()._get_unanswered()
        responders = leads.env["estate.responder"]
        if responder:
            mine = leads.filtered(lambda lead: lead.company_id == responder.company_id)
            # sudo: estate.responder - as above
            matched = {responder.sudo(): mine}
        else:
            matched = responders._match(leads)
        for found, mine in matched.items():
            if mine:
                leads.env["estate.responder.answer"]._answer(found, mine)

    def _get_unanswered(self):
        """Return those of these enquiries that came once and wait for a first word."""
        seekers = self.filtered(lambda lead: lead.lead_role == "seeker" and lead.active)
        known = self.env["estate.responder.answer"].search(
            [("lead_id", "in", seekers.ids)]
        )
        fresh = seekers - known.lead_id
        journal = self.env["estate.interaction"]
        mine = journal._get_valid_domain() & Domain("lead_id", "in", fresh.ids)
        asked = journal._read_group(
            mine & Domain("type_id.code", "=", "enquiry"), ["lead_id"], ["__count"]
        )
        again = {lead.id for lead, count in asked if count > 1}
        answered = journal._read_group(
            mine
            & Domain("type_id.is_response", "=", True)
            & Domain("is_automatic", "=", False),
            ["lead_id"],
        )
        done = again | {lead.id for (lead,) in answered}
        return fresh.filtered(lambda lead: lead.id not in done)
