from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .action_batch import ActionBatch
from .estate_dispatch_rule import STEPS

OWN_STATES = [
    ("estate_distribute", "Distribute leads"),
    ("estate_plan_call", "Plan the next call"),
    ("estate_move_phase", "Move to phase"),
    ("estate_advance", "Advance by the journal"),
]
# state -> models whose records such an action can start from
START_MODELS = {
    "estate_distribute": (
        "crm.lead",
        "estate.call",
        "estate.interaction",
        "estate.viewing",
    ),
    "estate_plan_call": ("crm.lead", "estate.call"),
    "estate_move_phase": (
        "crm.lead",
        "estate.call",
        "estate.interaction",
        "estate.viewing",
    ),
    "estate_advance": ("estate.interaction",),
}


class ServerActionDispatch(models.AbstractModel):
    """Our steps as types of Odoo's server actions: an admin builds rules from them."""

    _name = "estate.server.action.mixin"
    _description = "Server action: steps of the real estate business"

    estate_step = fields.Selection(STEPS, "Step")
    estate_stage_ids = fields.Many2many(
        "crm.stage",
        "ir_act_server_estate_stage_rel",
        "action_id",
        "stage_id",
        "Phases",
        domain="[('pipeline', '!=', False)]",
        help="One phase for each pipeline; a lead goes to the one of its own.",
    )
    estate_only_forward = fields.Boolean(
        "Only forward",
        default=True,
        help="Leads that have passed the phase, and cancelled ones, stay where they "
        "are.",
    )
    estate_lost_reason_id = fields.Many2one(
        "crm.lost.reason", "Reason", help="Why the lead ends, for a cancelled phase."
    )
    estate_delay_minutes = fields.Integer(
        "Call in (minutes)",
        help="Counted from now; the call is planned when it is next allowed. A rule on "
        "calls follows the delays of the outcome instead.",
    )

    @api.constrains("state", "model_id", "estate_step", "estate_stage_ids")
    def _check_estate_action(self):
        for action in self:
            if problems := action._get_estate_problems():
                raise ValidationError(
                    self.env._(
                        "%(action)s cannot be saved: %(problem)s",
                        action=action.name,
                        problem=problems[0],
                    )
                )

    def _get_estate_start_models(self):
        """Return dict of our states: names of the models they can start from."""
        return START_MODELS

    def _get_estate_problems(self):
        """Return what keeps this action from running, in sentences."""
        self.ensure_one()
        problems = []
        possible = self._get_estate_start_models().get(self.state)
        if possible and self.model_id and self.model_id.model not in possible:
            names = [self.env["ir.model"]._get(name).name for name in possible]
            problems.append(
                self.env._(
                    "this type of action starts from %(possible)s, not from %(model)s.",
                    possible=", ".join(names),
                    model=self.model_id.name,
                )
            )
        if self.state == "estate_distribute" and not self.estate_step:
            problems.append(self.env._("choose the step to distribute."))
        if self.state == "estate_move_phase" and not self.estate_stage_ids:
            problems.append(self.env._("choose the phase to move to."))
        pipelines = self.estate_stage_ids.mapped("pipeline")
        if len(set(pipelines)) < len(pipelines):
            problems.append(self.env._("choose one phase for each pipeline."))
        return problems

    def _get_estate_action_name(self):
        """Return the name that tells what this action does, empty for others' types."""
        self.ensure_one()
        if self.state == "estate_distribute" and self.estate_step:
            steps = dict(self._fields["estate_step"]._description_selection(self.env))
            return self.env._("Distribute: %s", steps[self.estate_step])
        if self.state == "estate_move_phase" and self.estate_stage_ids:
            return self.env._(
                "Move to %s", ", ".join(self.estate_stage_ids.mapped("name"))
            )
        return ""

    # === RUN ===

    def _run_estate_action(self, eval_context):
        """Run a step of ours on the records of a rule, all of a batch at once."""
        records = eval_context.get("records") or eval_context.get("record")
        if not records:
            return
        if batch := ActionBatch.get_running(self):
            batch.add(self, records)
        else:
            self._apply_estate_action(records)

    def _apply_estate_action(self, records):
        """Do the step on `records`; one that went away meanwhile is left out."""
        self.ensure_one()
        getattr(self, f"_apply_{self.state}")(records.exists())

    def _apply_estate_distribute(self, records):
        self._get_leads_of(records)._dispatch(self.estate_step)

    def _apply_estate_plan_call(self, records):
        if records._name == "crm.lead":
            records._plan_call_in(self.estate_delay_minutes)
            return
        for call in records.filtered("lead_id.lead_role"):
            call.lead_id._plan_next_call(call)

    def _apply_estate_move_phase(self, records):
        for stage, leads in self._get_targets(self._get_leads_of(records)).items():
            reason = stage.is_cancellation and self.estate_lost_reason_id
            values = {"lost_reason_id": reason.id} if reason else {}
            leads._move_to_phase(stage, "rule", **values)

    def _get_targets(self, leads):
        """Return phase -> those of `leads` that this action moves there."""
        targets = defaultdict(self.env["crm.lead"].browse)
        numbers = {s.pipeline: s.phase_number for s in self.estate_stage_ids}
        leads = leads.filtered(lambda lead: lead.pipeline in numbers)
        places = leads.grouped(lambda lead: (lead.pipeline, lead.team_id))
        for (pipeline, _team), mine in places.items():
            # The office of the lead may have a phase of its own with this number.
            stage = mine[0]._get_phase(numbers[pipeline])
            targets[stage] |= mine.filtered(
                lambda lead, stage=stage: (
                    not self.estate_only_forward or lead._can_advance_to(stage)
                )
            )
        targets.pop(self.env["crm.stage"], None)
        return targets

    def _apply_estate_advance(self, records):
        records._advance_leads()

    @api.model
    def _get_leads_of(self, records):
        """Return the real estate leads that `records` are about."""
        leads = records if records._name == "crm.lead" else records.lead_id
        return leads.filtered("lead_role")
