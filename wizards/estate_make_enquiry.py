from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..models.property.estate_property import DEAL_TYPES


class MakeEnquiry(models.TransientModel):
    """Turns own leads of Odoo into real estate leads, at the agency's word."""

    _name = "estate.make.enquiry"
    _description = "Make it an enquiry"

    lead_ids = fields.Many2many("crm.lead", string="Leads", readonly=True)
    lead_role = fields.Selection(
        [("seeker", "A seeker asks"), ("owner", "An owner offers")], "Who is it", required=True,
        default="seeker",
    )
    property_id = fields.Many2one("estate.property", "Property", ondelete="cascade")
    deal_type = fields.Selection(
        DEAL_TYPES, "Deal", compute="_compute_deal_type", store=True, readonly=False
    )

    @api.depends("property_id")
    def _compute_deal_type(self):
        for wizard in self:
            wizard.deal_type = wizard.property_id.deal_type or wizard.deal_type

    def action_apply(self):
        self.ensure_one()
        if ours := self.lead_ids.filtered("lead_role"):
            raise UserError(_("%s already is a real estate lead.", ours[0].display_name))
        if self.lead_role == "seeker" and not self.deal_type:
            raise UserError(_("Choose a property, or say whether it is about buying or renting."))
        for lead in self.lead_ids:
            if not lead.partner_id:
                lead._handle_partner_assignment(create_missing=True)
        self.lead_ids.write(
            {
                "lead_role": self.lead_role,
                "property_id": self.property_id.id,
                "deal_type": self.deal_type,
                "type": "opportunity",
            }
        )
        self.lead_ids.partner_id.filtered(lambda p: not p.estate_kind).write(
            {"estate_kind": "standard"}
        )
        self.lead_ids._on_estate_lead_created()
        return self.lead_ids._get_records_action(name=_("Enquiries"))
