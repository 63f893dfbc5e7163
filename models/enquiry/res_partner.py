from odoo import api, fields, models


class PartnerEnquiry(models.AbstractModel):
    """A contact as a seeker: where he stands and what he is interested in."""

    _name = "estate.partner.enquiry.mixin"
    _description = "Contact: enquiries"

    estate_lead_ids = fields.One2many(
        "crm.lead", "partner_id", "Enquiries", domain=[("lead_role", "!=", False)]
    )
    phase_ids = fields.Many2many(
        "crm.stage", string="Phases", compute="_compute_phase_ids", search="_search_phase_ids",
        help="Where the open enquiries of this contact stand.",
    )
    interest_property_ids = fields.Many2many(
        "estate.property", string="Interested in", compute="_compute_phase_ids",
        search="_search_interest_property_ids",
    )

    @api.depends("estate_lead_ids.stage_id", "estate_lead_ids.won_status")
    def _compute_phase_ids(self):
        for partner in self:
            leads = partner.estate_lead_ids.filtered(lambda lead: lead.won_status == "pending")
            partner.phase_ids = leads.stage_id
            partner.interest_property_ids = leads.filtered(
                lambda lead: lead.lead_role == "seeker"
            ).property_id

    def _on_erased(self, reason):
        super()._on_erased(reason)
        # sudo: crm.lead - the person's leads and raw messages, whoever sees them
        leads = self.env["crm.lead"].sudo().with_context(active_test=False).search(
            [("partner_id", "in", self.ids), ("lead_role", "!=", False)]
        )
        leads.intake_message_id.filtered(lambda m: m.kind == "mail")._erase_raw()
        leads._erase_texts()

    def _on_merged(self, merged_ids):
        super()._on_merged(merged_ids)
        # Two open leads of one contact about one property in one role become one.
        # sudo: crm.lead - the leads of both contacts, whoever merges
        leads = self.env["crm.lead"].sudo().search(
            [
                ("partner_id", "=", self.id), ("lead_role", "!=", False),
                ("property_id", "!=", False), ("won_status", "=", "pending"),
            ]
        )
        for twins in leads.grouped(lambda l: (l.property_id, l.lead_role)).values():
            if len(twins) > 1:
                twins._merge_opportunity(max_length=0)

    @api.model
    def _search_phase_ids(self, operator, value):
        return self._search_by_open_lead("stage_id", operator, value)

    @api.model
    def _search_interest_property_ids(self, operator, value):
        return self._search_by_open_lead("property_id", operator, value)

    @api.model
    def _search_by_open_lead(self, name, operator, value):
        if operator not in ("in", "any", "ilike", "="):
            return NotImplemented
        leads = self.env["crm.lead"]._search(
            [("lead_role", "!=", False), ("won_status", "=", "pending"), (name, operator, value)]
        )
        return [("id", "in", leads.subselect("partner_id"))]
