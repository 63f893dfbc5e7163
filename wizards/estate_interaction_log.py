from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models import inner


class InteractionLog(models.TransientModel):
    """Log an action by hand, and move the lead's phase with it when that is wanted."""

    _name = "estate.interaction.log"
    _description = "Log an action"

    type_id = fields.Many2one(
        "estate.interaction.type",
        "Action",
        required=True,
        domain="[('is_manual', '=', True), "
        "('is_for_managers', 'in', [False, is_manager])]",
        ondelete="cascade",
    )
    is_manager = fields.Boolean(compute="_compute_is_manager")
    occurred_at = fields.Datetime("When", required=True, default=fields.Datetime.now)
    partner_id = fields.Many2one("res.partner", "Contact", ondelete="cascade")
    property_id = fields.Many2one("estate.property", ondelete="cascade")
    lead_id = fields.Many2one(
        "crm.lead",
        "Associated to",
        compute="_compute_lead_id",
        store=True,
        readonly=False,
        ondelete="cascade",
        context={"active_test": False},
    )
    is_lead_needed = fields.Boolean(compute="_compute_is_lead_needed")
    pipeline = fields.Selection(related="lead_id.pipeline")
    team_id = fields.Many2one(related="lead_id.team_id")
    stage_id = fields.Many2one(
        "crm.stage",
        "Move to phase",
        ondelete="cascade",
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        domain="[('pipeline', '=', pipeline), '|', ('team_ids', '=', False), "
        "('team_ids', 'in', team_id)]",
        help="Empty: the phase changes by what the action means, and forward only.",
    )
    is_cancelling = fields.Boolean(compute="_compute_is_cancelling")
    lost_reason_id = fields.Many2one("crm.lost.reason", "Reason", ondelete="cascade")
    summary = fields.Text("What happened")
    owner_comment = fields.Text(
        "Comment for the owner", help="Printed in the owner's report."
    )
    internal_note = fields.Text("Note for the agency", help="Never shown to an owner.")

    # === COMPUTE ===

    def _compute_is_manager(self):
        manager = self.env.user.has_group("crm_real_estate.group_office_manager")
        self.is_manager = manager

    @api.depends("partner_id", "property_id")
    def _compute_lead_id(self):
        for log in self:
            lead = log.lead_id
            fits = lead and (
                log.partner_id in (lead.partner_id, lead.partner_id.browse())
                and log.property_id in (lead.property_id, lead.property_id.browse())
            )
            if not fits:
                log.lead_id = log._find_lead()

    def _find_lead(self):
        """Return the lead of contact and property, an open one rather than a closed."""
        leads = self.env["crm.lead"].with_context(active_test=False)
        if not (self.partner_id and self.property_id):
            only = self.partner_id._get_choosable_leads()
            return only if len(only) == 1 and not self.property_id else leads
        found = leads.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("property_id", "=", self.property_id.id),
                ("lead_role", "!=", False),
            ],
            order="id desc",
        )
        return found.sorted(lambda lead: lead.won_status != "pending")[:1]

    @api.depends("partner_id", "property_id")
    def _compute_is_lead_needed(self):
        for log in self:
            leads = log.partner_id._get_choosable_leads()
            log.is_lead_needed = not log.property_id and len(leads) > 1

    @api.depends("lead_id")
    def _compute_stage_id(self):
        # A phase chosen for one lead means nothing for another.
        for log in self:
            if log.stage_id.pipeline != log.lead_id.pipeline:
                log.stage_id = False

    @api.depends("stage_id", "type_id", "lead_id")
    def _compute_is_cancelling(self):
        for log in self:
            phase = log.stage_id or log.type_id._get_phase_of(log.pipeline)
            log.is_cancelling = phase.is_cancellation

    @api.onchange("lead_id")
    def _onchange_lead_id(self):
        if self.lead_id:
            self.partner_id = self.lead_id.partner_id or self.partner_id
            self.property_id = self.lead_id.property_id or self.property_id

    # === ACTIONS ===

    def action_log(self):
        """Write the action to the journal; person or rule moves the phase."""
        self.ensure_one()
        if not (self.partner_id or self.property_id or self.lead_id):
            raise UserError(
                self.env._("Say with whom or about which property it happened.")
            )
        if self.is_lead_needed and not self.lead_id:
            raise UserError(
                self.env._(
                    "%s has several open enquiries. Choose which one it was about.",
                    self.partner_id.name,
                )
            )
        self._check_rights()
        lead = self._get_open_lead() or self.lead_id
        # A phase that the person chose is not moved on by the rules of the action.
        journal = inner.say(
            self.env["estate.interaction"], phase_decided=bool(self.stage_id)
        )
        row = journal._write_journal([self._prepare_vals(lead)])
        if self.stage_id:
            lead._move_to_phase(self.stage_id, "person", row)
        if self.lost_reason_id and lead.stage_id.is_cancellation:
            lead.lost_reason_id = self.lost_reason_id
        return {"type": "ir.actions.act_window_close"}

    def _check_rights(self):
        """The journal is written as the system, so rights are checked here."""
        if not self.type_id.is_manual:
            raise AccessError(
                self.env._(
                    "%(kind)s is told by the system alone. Choose what people do.",
                    kind=self.type_id.name,
                )
            )
        for record in (self.property_id, self.partner_id, self.lead_id):
            record.check_access("read")
        if self.stage_id:
            self.lead_id.check_access("write")

    def _get_open_lead(self):
        """Return the lead of the action; the first step of a seeker begins one.

        An enquiry of somebody whose lead is closed begins a new one.
        """
        prop, partner = self.property_id, self.partner_id
        is_enquiry = self.type_id.code == "enquiry"
        if self.lead_id and not (is_enquiry and self.lead_id.won_status != "pending"):
            return self.lead_id
        is_step = self.type_id._get_phase_of(prop.deal_type)
        if not (is_step and partner) or partner in prop.owner_ids:
            return self.env["crm.lead"]
        # sudo: crm.lead - who answers the phone enters it for the property's agent
        return (
            self.env["crm.lead"]
            .sudo()
            .create(
                {
                    "name": self.env._(
                        "%(contact)s: %(property)s",
                        contact=partner.name,
                        property=prop.name,
                    ),
                    "lead_role": "seeker",
                    "property_id": prop.id,
                    "partner_id": partner.id,
                    "user_id": prop.agent_id.id or self.env.uid,
                    # The row of an enquiry is the one that the wizard writes.
                    "received_at": is_enquiry and self.occurred_at,
                }
            )
        )

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
