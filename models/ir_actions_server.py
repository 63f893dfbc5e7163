from odoo import fields, models

from .dispatch.ir_actions_server import OWN_STATES


class IrActionsServer(models.Model):
    _name = "ir.actions.server"
    _inherit = ["estate.server.action.mixin", "ir.actions.server"]

    state = fields.Selection(
        selection_add=OWN_STATES,
        ondelete={state: "cascade" for state, _label in OWN_STATES},
    )

    def _run_action_estate_distribute_multi(self, eval_context=None):
        self._run_estate_action(eval_context)

    def _run_action_estate_plan_call_multi(self, eval_context=None):
        self._run_estate_action(eval_context)

    def _run_action_estate_move_phase_multi(self, eval_context=None):
        self._run_estate_action(eval_context)

    def _run_action_estate_advance_multi(self, eval_context=None):
        self._run_estate_action(eval_context)
