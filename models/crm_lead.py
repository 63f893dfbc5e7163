from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from . import inner
from .dispatch.reassignment import Reassignment
from .enquiry.phase_moves import PhaseMoves
from .groups import MEMBERS

# Facts: the system writes them, whatever a client sends.
FACTS = {
    *("received_at", "pipeline", "phase_number"),
    *("call_count", "call_series_start", "call_plan_number", "last_outcome_id"),
    *("lease_until", "announcement_id"),
    *("response_start_at", "first_response_id", "first_response_at"),
    *("first_response_by", "response_entered_later", "response_minutes"),
    *("response_working_minutes", "response_unrouted_minutes"),
    *("response_unseen_minutes", "response_undone_minutes"),
    "response_outside_minutes",
}


class CrmLead(models.Model):
    """The host of our mixins on Odoo's lead; holds every override of the framework.

    For a lead without a role (an own lead of Odoo) each override calls `super()` and
    does nothing else. The word `scope` (see `inner`) keeps searches of CRM inside one
    pipeline, False being Odoo's own.
    """

    _name = "crm.lead"
    _inherit = [
        "estate.lead.alert.mixin",
        "estate.lead.group.viewing.mixin",
        "estate.lead.case.mixin",
        "estate.lead.outreach.mixin",
        "estate.lead.offer.mixin",
        "estate.lead.claim.mixin",
        "estate.lead.announcement.mixin",
        "estate.lead.lease.mixin",
        "estate.lead.retry.mixin",
        "estate.lead.reassign.mixin",
        "estate.lead.task.mixin",
        "estate.lead.calling.mixin",
        "estate.lead.dispatch.mixin",
        "estate.lead.matching.mixin",
        "estate.lead.measure.mixin",
        "estate.lead.response.mixin",
        "estate.lead.call.mixin",
        "estate.lead.return.mixin",
        "estate.lead.actions.mixin",
        "estate.lead.received.mixin",
        "estate.lead.search.mixin",
        "estate.lead.merge.mixin",
        "estate.lead.phases.mixin",
        "estate.lead.enquiry.mixin",
        "estate.lead.journal.mixin",
        "crm.lead",
    ]

    stage_id = fields.Many2one(
        domain="[('pipeline', '=', pipeline), '|', ('team_ids', '=', False), "
        "('team_ids', 'in', team_id)]"
    )
    user_id = fields.Many2one(default=lambda self: self._get_default_responsible())

    def _get_estate_leads(self):
        return self.filtered("lead_role")

    def _get_journalled(self):
        return self._get_estate_leads()

    # === ACCESS ===

    @api.model
    def _has_field_access(self, field, operation):
        allowed = super()._has_field_access(field, operation)
        if operation == "read" or self.env.su:
            return allowed
        return allowed and field.name not in FACTS

    def _check_member(self):
        """Refuse that somebody without our groups makes leads ours."""
        if not self.env.su and not self.env.user.has_groups(MEMBERS):
            raise AccessError(
                self.env._(
                    "Only people who work with real estate can make a lead an enquiry "
                    "or link it to a property. Ask an administrator for a role."
                )
            )

    # === COMPUTE ===

    @api.depends("pipeline")
    def _compute_stage_id(self):
        ours = self._get_estate_leads()
        super(CrmLead, self - ours)._compute_stage_id()
        for lead in ours:
            lead.stage_id = lead._get_fitting_phase()

    @api.depends("property_id.company_id")
    def _compute_company_id(self):
        about = self._get_estate_leads().filtered("property_id")
        super(CrmLead, self - about)._compute_company_id()
        for lead in about:
            lead.company_id = lead.property_id.company_id

    @api.depends("lead_role", "pipeline", "property_id")
    def _compute_potential_lead_duplicates(self):
        ours = self._get_estate_leads()
        own = inner.say(self - ours, scope=False)
        super(CrmLead, own)._compute_potential_lead_duplicates()
        for lead, twins in ours._get_twins().items():
            lead.duplicate_lead_ids = twins + lead
            lead.duplicate_lead_count = len(twins)

    # === CRUD ===

    @api.model
    def _search(self, domain, *args, **kwargs):
        scope = inner.hear(self.env, "scope")
        if scope is not None:
            domain = Domain(domain) & Domain("pipeline", "=", scope)
        return super()._search(domain, *args, **kwargs)

    @api.model_create_multi
    def create(self, vals_list):
        role = self.env.context.get("default_lead_role")
        leads = super().create(
            [
                self._prepare_estate_vals(vals) if vals.get("lead_role", role) else vals
                for vals in vals_list
            ]
        )
        if leads.filtered(lambda lead: lead.lead_role or lead.property_id):
            leads._check_member()
        if ours := leads._get_estate_leads():
            ours._receive_by_hand()
            ours._on_phase_entered()
            ours._alert_responsibles(dict.fromkeys(ours.ids, False))
            ours._schedule_vendor_tasks()
        return leads

    def write(self, vals):
        if vals.get("lead_role") or vals.get("property_id"):
            self._check_member()
        ours = self._get_estate_leads()
        moving = self if vals.get("lead_role") else ours
        if not moving:
            return super().write(vals)
        if vals.get("lead_role"):
            vals = {**vals, "type": "opportunity"}
        own = self - ours
        ours._check_may_reassign(vals)
        ours._end_leases_of_others(vals)
        before = moving._get_responsibles(vals)
        with PhaseMoves(moving, vals) as moves, Reassignment(ours, vals):
            if own:
                super(CrmLead, own).write(dict(vals))
            for leads, lead_vals in ours._split_by_move(vals):
                super(CrmLead, leads).write(lead_vals)
        if moves.restarted:
            # sudo: crm.lead - the write may have given the leads to somebody else
            super(CrmLead, moves.restarted.sudo()).write(
                {"date_last_stage_update": self.env.cr.now(), "date_closed": False}
            )
        ours._tell_who_has_them(vals)
        moving._alert_responsibles(before)
        moves.moved._follow_write(vals, ours)
        return True

    def _follow_write(self, vals, written):
        """Do what a write means: `self` moved, `written` got the values."""
        if self:
            self._on_phase_entered()
        if vals.get("must_sell_first") or vals.get("user_id"):
            written._schedule_vendor_tasks()

    # === STAGES ===

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        # Odoo's own boards see no phase of ours; ours ask for a pipeline.
        pipeline = self.env.context.get("estate_pipeline", False)
        # sudo: crm.stage - Odoo finds the columns as the system, whoever looks
        columns = super()._read_group_stage_ids(stages, domain).sudo()
        shown = columns.filtered(lambda s: s.pipeline == pipeline or s in stages)
        return shown.with_env(stages.env)

    def _stage_find(self, team_id=False, domain=None, order="sequence, id", limit=1):
        domain = [*(domain or []), ("pipeline", "=", self[:1].pipeline)]
        return super()._stage_find(team_id, domain, order, limit)

    def _get_rainbowman_message(self):
        scoped = inner.say(self, scope=self.pipeline)
        return super(CrmLead, scoped)._get_rainbowman_message()

    # === SCORING: neither learns from our leads nor guesses for them ===

    def _pls_get_naive_bayes_probabilities(self, batch_mode=False, is_tooltip=False):
        if batch_mode:
            # Whole pipelines come by; Odoo itself reads them by SQL only.
            self.fetch(["lead_role", "stage_id"])
        ours = self._get_estate_leads()
        if not ours:
            return super()._pls_get_naive_bayes_probabilities(batch_mode, is_tooltip)
        probabilities = {lead.id: lead.stage_id._get_win_percent() for lead in ours}
        tooltip = {}
        if own := self - ours:
            guessed, tooltip = super(CrmLead, own)._pls_get_naive_bayes_probabilities(
                batch_mode, is_tooltip
            )
            probabilities |= guessed
        elif is_tooltip:
            tooltip = {"probability": probabilities[self.id], "scores": []}
        return probabilities, tooltip

    def _pls_get_lead_pls_values(self, domain=None):
        if domain:
            domain = Domain(domain) & Domain("lead_role", "=", False)
        return super()._pls_get_lead_pls_values(domain)

    def _pls_get_won_lost_total_count(self, team_results):
        scoped = inner.say(self, scope=False)
        return super(CrmLead, scoped)._pls_get_won_lost_total_count(team_results)

    def _pls_prepare_frequencies(
        self, lead_values, leads_pls_fields, target_state=None
    ):
        scoped = inner.say(self, scope=False)
        return super(CrmLead, scoped)._pls_prepare_frequencies(
            lead_values, leads_pls_fields, target_state
        )

    # === MERGE ===

    def _get_lead_duplicates(self, partner=None, email=None, include_lost=False):
        lead = self[:1]
        scoped = inner.say(self, scope=lead.pipeline)
        found = super(CrmLead, scoped)._get_lead_duplicates(
            partner, email, include_lost
        )
        found = found.with_env(self.env)
        if lead.lead_role:
            key = lead._get_merge_key()
            found = found.filtered(lambda twin: twin._get_merge_key() == key)
        return found

    def _merge_opportunity(
        self, user_id=False, team_id=False, auto_unlink=True, max_length=5
    ):
        ours = self._get_estate_leads()
        if ours:
            self._check_mergeable()
        scoped = inner.say(self, scope=self[:1].pipeline, merging=bool(ours))
        head = super(CrmLead, scoped)._merge_opportunity(
            user_id, team_id, auto_unlink, max_length
        )
        return head.with_env(self.env)

    def _sort_by_confidence_level(self, reverse=False):
        ordered = super()._sort_by_confidence_level(reverse)
        cancelled = ordered.filtered(lambda lead: lead.stage_id.is_cancellation)
        others = ordered - cancelled
        return others + cancelled if reverse else cancelled + others

    def _merge_get_fields(self):
        names = super()._merge_get_fields()
        if self._get_estate_leads():
            names += ["intake_source_id", "intake_message_id"]
            names += ["search_id", "must_sell_first"]
        return names

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        if ours := opportunities._get_estate_leads():
            # The clock began when the person asked first.
            asked = filter(None, (self | ours).mapped("received_at"))
            # sudo: crm.lead - a fact, which users do not write
            self.sudo().received_at = min(asked, default=False)
            self._take_over_journal(ours)
            self._on_leads_merged(ours)
        return result

    # === MESSAGES AND FORMS ===

    def _message_auto_subscribe_notify(self, partner_ids, template):
        # Who is told by an alert needs no "you have been assigned" on top.
        others = self - self._get_told_by_alert()
        if others:
            super(CrmLead, others)._message_auto_subscribe_notify(partner_ids, template)

    @api.model
    def get_import_templates(self):
        templates = super().get_import_templates()
        if self.env.user.has_groups(MEMBERS):
            label = self.env._("Import template for real estate enquiries")
            path = f"/estate/import_template/{self._name}"
            templates.append({"label": label, "template": path})
        return templates

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if self.lead_role:
            self._journal_message(message)
        return result

    @api.model
    def get_formview_id(self, access_uid=None):
        # sudo: crm.lead - only which form fits is read
        if len(self) == 1 and self.sudo().lead_role:
            return self.env.ref("crm_real_estate.crm_lead_view_form_estate").id
        return super().get_formview_id(access_uid)
