from odoo import _, api, fields, models
from odoo.exceptions import UserError


class InteractionLog(models.TransientModel):
    """Log an action by hand, and move the lead's phase with it when that is wanted."""

    _name = "estate.interaction.log"
    _description = "Log an action"

    type_id = fields.Many2one(
        "estate.interaction.type", "Action", required=True,
        domain="[('is_manual', '=', True)]", ondelete="cascade",
    )
    occurred_at = fields.Datetime("When", required=True, default=fields.Datetime.now)
    partner_id = fields.Many2one("res.partner", "Contact", ondelete="cascade")
    property_id = fields.Many2one("estate.property", "Property", ondelete="cascade")
    lead_id = fields.Many2one(
        "crm.lead", "Enquiry", compute="_compute_lead_id", store=True, readonly=False,
        ondelete="cascade", context={"active_test": False},
    )
    pipeline = fields.Selection(related="lead_id.pipeline")
    stage_id = fields.Many2one(
        "crm.stage", "Move to phase", ondelete="cascade",
        compute="_compute_stage_id", store=True, readonly=False,
        domain="[('pipeline', '=', pipeline)]",
        help="Left as it is: the phase does not change beyond what the action means.",
    )
    summary = fields.Text("What happened")
    owner_comment = fields.Text("Comment for the owner", help="Printed in the owner's report.")
    internal_note = fields.Text("Note for the agency", help="Never shown to an owner.")

    @api.depends("partner_id", "property_id")
    def _compute_lead_id(self):
        for log in self:
            fits = log.lead_id and (
                (not log.partner_id or log.lead_id.partner_id == log.partner_id)
                and (not log.property_id or log.lead_id.property_id == log.property_id)
            )
            if not fits:
                log.lead_id = log._find_lead()

    def _find_lead(self):
        leads = self.env["crm.lead"].with_context(active_test=False)
        if not (self.partner_id and self.property_id):
            return leads
        return leads.search(
            [("partner_id", "=", self.partner_id.id), ("property_id", "=", self.property_id.id),
             ("lead_role", "!=", False)],
            order="active desc, id desc", limit=1,
        )

    @api.depends("lead_id", "type_id")
    def _compute_stage_id(self):
        for log in self:
            reached = log.type_id.stage_ids.filtered(lambda s, p=log.pipeline: s.pipeline == p)
            log.stage_id = reached[:1] if log.lead_id else False

    @api.onchange("lead_id")
    def _onchange_lead_id(self):
        if self.lead_id:
            self.partner_id = self.lead_id.partner_id or self.partner_id
            self.property_id = self.lead_id.property_id or self.property_id

    def action_log(self):
        """Write the action to the journal, then move the phase as the person chose."""
        self.ensure_one()
        if not (self.partner_id or self.property_id or self.lead_id):
            raise UserError(_("Say with whom or about which property it happened."))
        lead = self._ensure_lead()
        self._check_rights(lead)
        row = self.env["estate.interaction"]._write_journal([self._prepare_vals(lead)])
        if lead and self.stage_id:
            lead._move_to_phase(self.stage_id, "person", row)
        return {"type": "ir.actions.act_window_close"}

    def _ensure_lead(self):
        """Begin an enquiry when the action reaches a phase and there is none yet."""
        if self.lead_id or not (self.stage_id or self.type_id.stage_ids):
            return self.lead_id
        if not (self.partner_id and self.property_id.deal_type):
            return self.lead_id
        return self.env["crm.lead"].create(
            {
                "name": _("%(contact)s: %(property)s", contact=self.partner_id.name,
                          property=self.property_id.name),
                "lead_role": "seeker",
                "property_id": self.property_id.id,
                "partner_id": self.partner_id.id,
                "user_id": self.property_id.agent_id.id or self.env.uid,
            }
        )

    def _check_rights(self, lead):
        """The journal is written as the system, so rights are checked here."""
        for record in (lead, self.property_id, self.partner_id):
            record.check_access("read")
        if lead and self.stage_id:
            lead.check_access("write")

    def _prepare_vals(self, lead):
        return {
            "type_id": self.type_id.id,
            "occurred_at": self.occurred_at,
            "partner_id": self.partner_id.id or lead.partner_id.id,
            "property_id": self.property_id.id or lead.property_id.id,
            "lead_id": lead.id,
            "summary": self.summary or self.type_id.name,
            "owner_comment": self.owner_comment,
            "internal_note": self.internal_note,
        }
