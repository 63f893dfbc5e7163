from odoo import api, fields, models

from . import inner
from .dispatch.action_batch import ActionBatch
from .dispatch.ir_actions_server import OWN_STATES as DISPATCH_STATES
from .dispatch.ir_actions_server_lease import OWN_STATES as LEASE_STATES
from .outreach.ir_actions_server import OWN_STATES as OUTREACH_STATES
from .outreach.ir_actions_server_events import OWN_STATES as EVENT_STATES

OWN_STATES = DISPATCH_STATES + LEASE_STATES + OUTREACH_STATES + EVENT_STATES


class IrActionsServer(models.Model):
    _name = "ir.actions.server"
    _inherit = [
        "estate.server.action.events.mixin",
        "estate.server.action.outreach.mixin",
        "estate.server.action.lease.mixin",
        "estate.server.action.mixin",
        "ir.actions.server",
    ]

    state = fields.Selection(
        selection_add=OWN_STATES,
        ondelete={state: "cascade" for state, _label in OWN_STATES},
    )

    # === FORM ===

    @api.depends("model_id")
    def _compute_allowed_states(self):
        super()._compute_allowed_states()
        possible = self._get_estate_start_models()
        for action in self:
            name = action.model_id.model
            action.allowed_states = [
                state
                for state in action.allowed_states
                if state not in possible or name in possible[state]
            ]

    def _name_depends(self):
        return [*super()._name_depends(), "estate_step", "estate_stage_ids"]

    def _generate_action_name(self):
        return self._get_estate_action_name() or super()._generate_action_name()

    @api.model
    def _warning_depends(self):
        return [
            *super()._warning_depends(),
            "estate_step",
            "estate_stage_ids",
            "estate_lead_domain",
            "estate_event",
            "estate_audience_stage_ids",
        ]

    def _get_warning_messages(self):
        return super()._get_warning_messages() + self._get_estate_problems()

    @api.depends("state")
    def _compute_available_model_ids(self):
        super()._compute_available_model_ids()
        for action in self:
            if names := self._get_estate_start_models().get(action.state):
                action.available_model_ids = action.available_model_ids.filtered(
                    lambda model, names=names: model.model in names
                )

    # === RUN ===

    def _run(self, records, eval_context):
        if batch := ActionBatch.get_running(self):
            # The next action of a rule finds done what comes before it.
            batch.finish_before(self)
        return super()._run(records, eval_context)

    def _run_action_estate_distribute_multi(self, eval_context=None):
        self._run_estate_action(eval_context)

    def _run_action_estate_plan_call_multi(self, eval_context=None):
        self._run_estate_action(eval_context)

    def _run_action_estate_move_phase_multi(self, eval_context=None):
        self._run_estate_action(eval_context)

    def _run_action_estate_advance_multi(self, eval_context=None):
        self._run_estate_action(eval_context)

    def _run_action_estate_plan_report_multi(self, eval_context=None):
        self._run_estate_action(eval_context)

    def _run_action_estate_send_report_multi(self, eval_context=None):
        self._run_estate_action(eval_context)

    def _run_action_estate_alert_multi(self, eval_context=None):
        self._run_estate_action(eval_context)

    def _run_action_estate_tell_opt_out_multi(self, eval_context=None):
        self._run_estate_action(eval_context)

    def _run_action_estate_answer_multi(self, eval_context=None):
        self._run_estate_action(eval_context)

    def _run_action_estate_inform_multi(self, eval_context=None):
        self._run_estate_action(eval_context)

    def _run_action_estate_ask_feedback_multi(self, eval_context=None):
        self._run_estate_action(eval_context)

    def _run_action_estate_announce_multi(self, eval_context=None):
        self._run_estate_action(eval_context)

    def _run_action_estate_take_back_multi(self, eval_context=None):
        self._run_estate_job(eval_context)

    # What a rule writes by itself to whoever set it off is an automatic answer: who
    # wants none of those gets none.

    def _run_action_mail_post_multi(self, eval_context=None):
        action = inner.say(self, purpose="answer")
        return super(IrActionsServer, action)._run_action_mail_post_multi(eval_context)

    def _run_action_sms_multi(self, eval_context=None):
        action = inner.say(self, purpose="answer")
        return super(IrActionsServer, action)._run_action_sms_multi(eval_context)
