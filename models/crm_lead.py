from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmLead(models.Model):
    """The host of our mixins on Odoo's lead; holds every override of the framework.

    For a lead without a role (an own lead of Odoo) each override calls `super()` and does
    nothing else.
    """

    _name = "crm.lead"
    _inherit = [
        "estate.lead.retry.mixin",
        "estate.lead.dispatch.mixin",
        "estate.lead.call.mixin",
        "estate.lead.actions.mixin",
        "estate.lead.received.mixin",
        "estate.lead.phases.mixin",
        "estate.lead.enquiry.mixin",
        "estate.lead.journal.mixin",
        "crm.lead",
    ]

    # The role comes with the lead; the domain of Odoo's field is narrowed to its pipeline.
    stage_id = fields.Many2one(
        domain="[('pipeline', '=', pipeline), '|', ('team_ids', '=', False), "
        "('team_ids', 'in', team_id)]"
    )

    def _get_estate_leads(self):
        return self.filtered("lead_role")

    # === COMPUTE ===

    @api.depends("pipeline")
    def _compute_stage_id(self):
        ours = self._get_estate_leads()
        super(CrmLead, self - ours)._compute_stage_id()
        for lead in ours:
            stage = lead.stage_id
            fits = stage.pipeline == lead.pipeline and (
                not stage.team_ids or not lead.team_id or lead.team_id in stage.team_ids
            )
            if stage and fits:
                continue
            # Another office: the same phase. Another pipeline: a new beginning.
            same_pipeline = stage.pipeline == lead.pipeline
            number = stage.phase_number if stage and same_pipeline else lead._get_entry_phase_number()
            lead.stage_id = lead._get_phase(number) or lead._get_phases(lead.pipeline, lead.team_id)[:1]

    @api.depends("email_domain_criterion", "email_normalized", "partner_id", "phone_sanitized",
                 "property_id", "lead_role")
    def _compute_potential_lead_duplicates(self):
        ours = self._get_estate_leads()
        own = (self - ours).with_context(estate_own_leads_only=True)
        super(CrmLead, own)._compute_potential_lead_duplicates()
        for lead in ours:
            twins = lead.with_context(active_test=False).search(
                [("id", "!=", lead._origin.id), *lead._get_merge_domain()]
            ) if lead.partner_id else self.browse()
            lead.duplicate_lead_ids = twins + lead
            lead.duplicate_lead_count = len(twins)

    # === CRUD ===

    @api.model
    def _search(self, domain, *args, **kwargs):
        if self.env.context.get("estate_own_leads_only"):
            domain = Domain(domain) & Domain("lead_role", "=", False)
        return super()._search(domain, *args, **kwargs)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            role = vals.get("lead_role", self.env.context.get("default_lead_role"))
            if role:
                vals["type"] = "opportunity"
                if "iap_enrich_done" in self._fields:
                    # Nothing about an owner or seeker goes to a paid service unasked.
                    vals.setdefault("iap_enrich_done", True)
        leads = super().create(vals_list)
        if ours := leads._get_estate_leads():
            ours._on_estate_lead_created()
        return leads

    def write(self, vals):
        ours = self._get_estate_leads()
        if not ours or "lead_role" in vals:
            before = {lead.id: lead.stage_id for lead in ours}
            result = super().write(vals)
            self._write_phase_journal(before)
            return result
        result = super(CrmLead, self - ours).write(dict(vals)) if self - ours else True
        before = {lead.id: lead.stage_id for lead in ours}
        for stage, leads in ours._group_by_target_stage(vals).items():
            result = super(CrmLead, leads).write(leads._prepare_estate_write(dict(vals), stage))
        ours._write_phase_journal(before)
        return result

    def _group_by_target_stage(self, vals):
        """Return leads by the (stage moved to, stage left) that a write means for them."""
        if not vals.get("stage_id"):
            return {None: self}
        stage = self.env["crm.stage"].browse(vals["stage_id"])
        groups = {}
        for lead in self:
            target = lead._get_stage_on_leaving_cancelled(stage)
            key = (target, lead.stage_id)
            groups[key] = groups.get(key, self.browse()) | lead
        return groups

    def _prepare_estate_write(self, vals, stages):
        """Return `vals` completed by what a move of these leads, alike, means."""
        if stages:
            target, current = stages
            vals["stage_id"] = target.id
            if target != current:
                vals = self[0]._prepare_move_vals(target) | vals
        return vals

    # === STAGES ===

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        found = super()._read_group_stage_ids(stages, domain)
        shown = found.filtered_domain(self._get_phase_scope_domain()) | stages
        return shown.sorted(lambda stage: (stage.sequence, stage.name, stage.id))

    def _stage_find(self, team_id=False, domain=None, order="sequence, id", limit=1):
        pipeline = self[:1].pipeline or self.env.context.get("estate_pipeline", False)
        domain = [*(domain or []), ("pipeline", "=", pipeline)]
        return super()._stage_find(team_id, domain, order, limit)

    def action_set_lost(self, **additional_values):
        ours = self._get_estate_leads()
        result = super(CrmLead, self - ours).action_set_lost(**additional_values) if self - ours else True
        for lead in ours:
            lead._move_to_phase(lead._get_cancellation_phase(), "person", **additional_values)
        return result

    def action_set_won(self):
        ours = self._get_estate_leads()
        result = super(CrmLead, self - ours).action_set_won() if self - ours else True
        for lead in ours:
            if not lead.stage_id.is_won:
                won = lead._get_phases(lead.pipeline, lead.team_id).filtered("is_won")[:1]
                lead._move_to_phase(won, "person")
        return result

    def action_unarchive(self):
        cancelled = self.filtered(lambda lead: lead.lead_role and lead.stage_id.is_cancellation)
        result = super(CrmLead, self - cancelled).action_unarchive() if self - cancelled else True
        for lead in cancelled:
            back = lead.cancelled_from_id or lead._get_phase(lead._get_entry_phase_number())
            lead._move_to_phase(back, "restore")
        return result

    def action_restore(self):
        ours = self._get_estate_leads()
        ours.action_unarchive()
        return super(CrmLead, self - ours).action_restore() if self - ours else None

    # === SCORING: neither learns from our leads nor guesses for them ===

    def _pls_get_naive_bayes_probabilities(self, batch_mode=False, is_tooltip=False):
        ours = self._get_estate_leads()
        if not ours:
            return super()._pls_get_naive_bayes_probabilities(batch_mode, is_tooltip)
        own = self - ours
        probabilities, tooltip = {}, {}
        if own:
            probabilities, tooltip = super(CrmLead, own)._pls_get_naive_bayes_probabilities(
                batch_mode, is_tooltip
            )
        for lead in ours:
            probabilities[lead.id] = lead.stage_id._get_win_percent()
        if is_tooltip:
            tooltip = {"probability": probabilities[self.id], "scores": []}
        return probabilities, tooltip

    def _pls_increment_frequencies(self, from_state=None, to_state=None):
        own = self - self._get_estate_leads()
        if own:
            super(CrmLead, own)._pls_increment_frequencies(from_state, to_state)

    def _pls_get_lead_pls_values(self, domain=None):
        if domain:
            domain = Domain(domain) & Domain("lead_role", "=", False)
        return super()._pls_get_lead_pls_values(domain)

    def _pls_prepare_frequencies(self, lead_values, leads_pls_fields, target_state=None):
        result = super()._pls_prepare_frequencies(lead_values, leads_pls_fields, target_state)
        # Odoo counts every stage below a won one; ours are not part of its pipeline.
        if "stage_id" in result:
            phases = self.env["crm.stage"].search([("pipeline", "!=", False)])
            for phase in phases:
                result["stage_id"].pop(str(phase.id), None)
        return result

    # === MERGE ===

    def _get_merge_domain(self):
        """Return the domain of leads that this one may be merged with."""
        return [
            ("lead_role", "=", self.lead_role),
            ("pipeline", "=", self.pipeline),
            ("property_id", "=", self.property_id.id),
            ("partner_id", "=", self.partner_id.id),
        ]

    def _get_lead_duplicates(self, partner=None, email=None, include_lost=False):
        found = super()._get_lead_duplicates(partner, email, include_lost)
        key = (self[:1].lead_role, self[:1].pipeline, self[:1].property_id)
        return found.filtered(lambda lead: (lead.lead_role, lead.pipeline, lead.property_id) == key)

    def _merge_opportunity(self, user_id=False, team_id=False, auto_unlink=True, max_length=5):
        if self._get_estate_leads():
            kinds = {(lead.lead_role, lead.pipeline, lead.property_id) for lead in self}
            if len(kinds) > 1:
                raise UserError(
                    _(
                        "Only leads about the same property, in the same role and pipeline "
                        "can be merged: %s.",
                        ", ".join(self.mapped("display_name")),
                    )
                )
        self = self.with_context(estate_move_cause="merge")
        return super()._merge_opportunity(user_id, team_id, auto_unlink, max_length)

    def _sort_by_confidence_level(self, reverse=False):
        ordered = super()._sort_by_confidence_level(reverse)
        cancelled = ordered.filtered(lambda lead: lead.stage_id.is_cancellation)
        return (ordered - cancelled) + cancelled if reverse else cancelled + (ordered - cancelled)

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        self._on_leads_merged(opportunities)
        return result

    # === MESSAGES AND FORMS ===

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if self.lead_role:
            self._on_message_posted(message)
        return result

    def _message_mail_after_hook(self, mails):
        # The mass mode passes by the hook of posted messages.
        result = super()._message_mail_after_hook(mails)
        self._get_estate_leads()._journal_mass_mails(mails)
        return result

    @api.model
    def get_formview_id(self, access_uid=None):
        if len(self) == 1 and self.sudo().lead_role:  # sudo: crm.lead - only which form fits
            return self.env.ref("crm_real_estate.crm_lead_view_form_estate").id
        return super().get_formview_id(access_uid)
