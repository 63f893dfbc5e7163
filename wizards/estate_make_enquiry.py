from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.property.estate_property import DEAL_TYPES


class MakeEnquiry(models.TransientModel):
    """Turns own leads of Odoo into real estate leads, at the agency's word."""

    _name = "estate.make.enquiry"
    _description = "Make it an enquiry"

    lead_ids = fields.Many2many(
        "crm.lead", string="Leads", readonly=True, context={"active_test": False}
    )
    lead_role = fields.Selection(
        [("seeker", "A seeker asks"), ("owner", "An owner offers")],
        "Who is it",
        required=True,
        default="seeker",
    )
    property_id = fields.Many2one("estate.property", ondelete="cascade")
    deal_type = fields.Selection(
        DEAL_TYPES, "Deal", compute="_compute_deal_type", store=True, readonly=False
    )

    @api.depends("property_id")
    def _compute_deal_type(self):
        for wizard in self:
            wizard.deal_type = wizard.property_id.deal_type or wizard.deal_type

    def action_apply(self):
        """Give the leads a role: contact and chatter stay, the phase is new."""
        self.ensure_one()
        self._check_leads()
        self._link_contacts()
        for (user, team), leads in self._group_by_responsible().items():
            leads.write(
                {
                    "lead_role": self.lead_role,
                    "property_id": self.property_id.id,
                    "deal_type": self.deal_type,
                    "user_id": user.id,
                    "team_id": team.id,
                }
            )
        # sudo: crm.lead - it may just have been given to the property's agent
        self.lead_ids.sudo()._receive_by_hand()
        return self.lead_ids._get_records_action(name=self.env._("Enquiries"))

    def _check_leads(self):
        if not self.lead_ids:
            raise UserError(
                self.env._("Choose the leads first, then make them enquiries.")
            )
        for lead in self.lead_ids:
            if lead.lead_role:
                raise UserError(
                    self.env._("%s already is a real estate lead.", lead.display_name)
                )
            if lead.won_status != "pending" or not lead.active:
                raise UserError(
                    self.env._(
                        "%s is closed. Restore it, or create a new enquiry instead.",
                        lead.display_name,
                    )
                )
        if self.lead_role == "seeker" and not self.deal_type:
            raise UserError(
                self.env._(
                    "Choose a property, or say whether it is about buying or renting."
                )
            )

    def _link_contacts(self):
        """Link each lead to its contact, found by mail or made; it becomes ours."""
        lonely = self.lead_ids.filtered(lambda lead: not lead.partner_id)
        groups = lonely.grouped(lambda lead: lead.email_normalized or lead.id)
        for leads in groups.values():
            lead = leads.filtered("contact_name")[:1] or leads[0]
            leads.partner_id = lead._find_matching_partner() or lead._create_customer()
        strangers = self.lead_ids.partner_id.filtered(
            lambda partner: not partner.estate_kind and partner.partner_share
        )
        fitting = strangers.grouped(lambda p: p._get_fitting_kind("standard"))
        for kind, partners in fitting.items():
            partners.estate_kind = kind

    def _group_by_responsible(self):
        """Return leads by agent and office: who has a lead keeps it."""
        agent, office = self.property_id.agent_id, self.property_id.team_id
        groups = defaultdict(self.lead_ids.browse)
        for lead in self.lead_ids:
            user = lead.user_id or agent or self.env.user
            teams = (lead.team_id, user.sale_team_id, office)
            team = next((team for team in teams if team.is_estate_office), lead.team_id)
            groups[user, team] |= lead
        return groups
