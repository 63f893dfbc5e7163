from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import inner
from .crm_stage import PIPELINES


class LeadEnquiry(models.AbstractModel):
    """What makes a lead an estate lead, and where it stands."""

    _name = "estate.lead.enquiry.mixin"
    _description = "Lead: role, pipeline and phase"

    lead_role = fields.Selection(
        [("seeker", "Seeker"), ("owner", "Owner")],
        index="btree_not_null",
        help="Empty: Odoo's own lead, nothing of the real estate business applies.",
    )
    pipeline = fields.Selection(
        PIPELINES,
        compute="_compute_pipeline",
        store=True,
        index="btree_not_null",
        precompute=True,
    )
    phase_number = fields.Integer(
        "Phase number", compute="_compute_phase_number", store=True, aggregator=None
    )
    cancelled_from_id = fields.Many2one(
        "crm.stage", "Cancelled from", ondelete="set null", copy=False
    )
    received_at = fields.Datetime(
        copy=False,
        index="btree_not_null",
        help="When the enquiry reached the agency; empty for what we started.",
    )
    intake_source_id = fields.Many2one(
        "estate.intake.source",
        "Came in by",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )
    intake_message_id = fields.Many2one(
        "estate.intake.message",
        "Raw message",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )

    # The contacts of an office's leads are found without reading the leads.
    _estate_office_idx = models.Index(
        "(team_id, partner_id) INCLUDE (lead_role, company_id)"
        " WHERE lead_role IS NOT NULL AND partner_id IS NOT NULL"
    )

    @api.depends("lead_role", "deal_type")
    def _compute_pipeline(self):
        for lead in self:
            if lead.lead_role == "owner":
                lead.pipeline = "acquisition"
            else:
                lead.pipeline = lead.deal_type if lead.lead_role == "seeker" else False

    @api.depends("stage_id.phase_number")
    def _compute_phase_number(self):
        for lead in self:
            lead.phase_number = lead.stage_id.phase_number

    @api.constrains("lead_role", "pipeline", "type", "property_id", "deal_type")
    def _check_estate_lead(self):
        for lead in self.filtered("lead_role"):
            if not lead.pipeline:
                raise ValidationError(
                    self.env._(
                        "%(lead)s has no deal. Choose a property or say whether it is "
                        "about buying or renting.",
                        lead=lead.display_name,
                    )
                )
            if lead.property_id.deal_type not in (False, lead.deal_type):
                raise ValidationError(
                    self.env._(
                        "%(lead)s is about another deal than %(property)s. Leave the "
                        "deal to the property, or choose another property.",
                        lead=lead.display_name,
                        property=lead.property_id.display_name,
                    )
                )
            if lead.type != "opportunity":
                raise ValidationError(
                    self.env._(
                        "%s is a real estate lead and always an opportunity.",
                        lead.display_name,
                    )
                )

    @api.constrains("stage_id", "pipeline")
    def _check_stage_of_pipeline(self):
        for lead in self:
            if lead.stage_id and lead.stage_id.pipeline != lead.pipeline:
                raise ValidationError(
                    self.env._(
                        "%(lead)s cannot stand in %(stage)s: that phase belongs to "
                        "another pipeline.",
                        lead=lead.display_name,
                        stage=lead.stage_id.display_name,
                    )
                )

    # === CREATION ===

    @api.model
    def _prepare_estate_vals(self, vals):
        """Return the values that an estate lead is created with."""
        vals = {**vals, "type": "opportunity"}
        if "iap_enrich_done" in self._fields:
            # Nothing about an owner or seeker goes to a paid service unasked.
            vals.setdefault("iap_enrich_done", True)
        return vals

    def _receive_by_hand(self):
        """Let those of these new leads count as received that a person entered."""
        by_hand = self.filtered(
            lambda lead: lead.lead_role == "seeker"
            and not lead.received_at
            and not inner.hear(self.env, "matching")
        )
        if not by_hand:
            return
        now = fields.Datetime.now()
        # sudo: crm.lead - a fact, which users do not write
        by_hand.sudo().write({"received_at": now})
        self.env["estate.interaction"]._write_journal(
            [
                {
                    "type": "enquiry",
                    "lead_id": lead.id,
                    "occurred_at": now,
                    "summary": lead.name,
                    "origin": f"crm.lead,{lead.id},created",
                }
                for lead in by_hand
            ]
        )

    # === ODOO'S LEADS BECOME OURS ===

    def action_make_enquiry(self):
        """Open the wizard that turns an own lead of Odoo into an enquiry."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Make it an enquiry"),
            "res_model": "estate.make.enquiry",
            "view_mode": "form",
            "target": "new",
            "context": {"default_lead_ids": self.ids, "active_ids": self.ids},
        }
