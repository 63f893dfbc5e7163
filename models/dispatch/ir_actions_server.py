from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from .estate_dispatch_rule import STEPS

OWN_STATES = [
    ("estate_distribute", "Distribute leads"),
    ("estate_plan_call", "Plan the next call"),
    ("estate_move_phase", "Move to phase"),
    ("estate_advance", "Advance by the journal"),
]
# Models whose records an action of ours can start from.
START_MODELS = ("crm.lead", "estate.call", "estate.interaction", "estate.viewing")


class ServerActionDispatch(models.AbstractModel):
    """Our steps as types of Odoo's server actions: an admin builds rules from them."""

    _name = "estate.server.action.mixin"
    _description = "Server action: steps of the real estate business"

    estate_step = fields.Selection(STEPS, "Step")
    estate_stage_ids = fields.Many2many(
        "crm.stage", "ir_act_server_estate_stage_rel", "action_id", "stage_id", "Phases",
        domain="[('pipeline', '!=', False)]",
        help="One phase for each pipeline; a lead goes to the one of its own.",
    )
    estate_only_forward = fields.Boolean("Only forward", default=True)
    estate_lost_reason_id = fields.Many2one("crm.lost.reason", "Reason")

    @api.constrains("state", "estate_step", "estate_stage_ids")
    def _check_estate_action(self):
        for action in self:
            if action.state == "estate_distribute" and not action.estate_step:
                raise ValidationError(_("%s: choose the step to distribute.", action.name))
            if action.state == "estate_move_phase" and not action.estate_stage_ids:
                raise ValidationError(_("%s: choose the phase to move to.", action.name))

    def _run_estate_action(self, eval_context):
        """Run a step of ours on the records of a rule, all of a batch at once."""
        records = eval_context.get("records") or eval_context.get("record")
        if not records:
            return
        batch = self.env.context.get("estate_action_batch")
        if batch is not None:
            batch.setdefault(self, []).extend(records.ids)
        else:
            self._apply_estate_action(records)

    def _apply_estate_action(self, records):
        """Do the step on `records`; a record that went away meanwhile is left out."""
        self.ensure_one()
        if records._name not in START_MODELS:
            raise ValidationError(
                _("%(action)s cannot start from %(model)s.", action=self.name, model=records._description)
            )
        steps = {
            "estate_distribute": self._apply_estate_distribute,
            "estate_plan_call": self._apply_estate_plan_call,
            "estate_move_phase": self._apply_estate_move_phase,
            "estate_advance": self._apply_estate_advance,
        }
        steps[self.state](records.exists())

    def _apply_estate_distribute(self, records):
        self._get_estate_leads(records)._dispatch(self.estate_step)

    def _apply_estate_plan_call(self, records):
        for call in records:
            if call.lead_id:
                call.lead_id._plan_next_call(call)

    def _apply_estate_move_phase(self, records):
        for lead in self._get_estate_leads(records):
            wanted = self.estate_stage_ids.filtered(lambda s, p=lead.pipeline: s.pipeline == p)
            stage = wanted and lead._get_phase(wanted[:1].phase_number)
            if not stage:
                continue
            values = {}
            if stage.is_cancellation and self.estate_lost_reason_id:
                values["lost_reason_id"] = self.estate_lost_reason_id.id
            if self.estate_only_forward and not lead._can_advance_to(stage):
                continue
            lead._move_to_phase(stage, "rule", **values)

    def _apply_estate_advance(self, records):
        records._advance_leads()

    @api.model
    def _get_estate_leads(self, records):
        """Return the leads that `records` are about."""
        return records if records._name == "crm.lead" else records.lead_id
