from odoo import _, api, models
from odoo.fields import Domain
from odoo.exceptions import UserError

# Why a lead moved; the journal tells it in words.
CAUSES = {
    "person": "by hand",
    "journal": "by an entry of the journal",
    "rule": "by a rule",
    "team": "because the office changed",
    "restore": "because it was restored",
    "merge": "because leads were merged",
}


class LeadPhases(models.AbstractModel):
    """How a lead moves through its phases: one door for code, every move in the journal."""

    _name = "estate.lead.phases.mixin"
    _description = "Lead: moves between phases"

    # === MOVES ===

    def _move_to_phase(self, stage, cause, interaction=None, **values):
        """Move these leads to a phase, any way, and write the move to the journal.

        :param stage: `crm.stage` of the leads' pipeline
        :param str cause: a key of `CAUSES`
        :param interaction: the journal row that caused the move
        :param values: further values to write, such as a lost reason
        """
        leads = self.filtered(lambda lead: lead.stage_id != stage)
        if leads:
            leads.with_context(
                estate_move_cause=cause,
                estate_move_interaction=interaction.id if interaction else False,
            ).write({"stage_id": stage.id, **values})

    def _advance_to_phase(self, stage, cause="journal", interaction=None):
        """Move forward only: never back, never out of cancelled, out of won only onwards.

        Leads of another pipeline than the phase's are left alone.
        """
        self.filtered(lambda lead: lead._can_advance_to(stage))._move_to_phase(
            stage, cause, interaction
        )

    def _can_advance_to(self, stage):
        self.ensure_one()
        current = self.stage_id
        if self.pipeline != stage.pipeline or current.is_cancellation:
            return False
        if stage.is_cancellation:
            return not current.is_won
        if current.is_won and not stage.is_won:
            return False
        return stage.sequence > current.sequence

    def _get_phase(self, number):
        """Return the phase with this number in the lead's pipeline, for its office."""
        self.ensure_one()
        return self._get_phases(self.pipeline, self.team_id).filtered(
            lambda stage: stage.phase_number == number
        )[:1]

    @api.model
    def _get_phases(self, pipeline, team=None):
        """Return the phases of a pipeline that an office may use, in their order."""
        teams = [False, *(team.ids if team else [])]
        return self.env["crm.stage"].search(
            [("pipeline", "=", pipeline), ("team_ids", "in", teams)], order="sequence, id"
        )

    def _get_cancellation_phase(self):
        self.ensure_one()
        phase = self._get_phases(self.pipeline, self.team_id).filtered("is_cancellation")[:1]
        if not phase:
            raise UserError(
                _("The pipeline of %s has no cancelled phase. Add one in the configuration.",
                  self.display_name)
            )
        return phase

    def _get_entry_phase_number(self):
        """Return where a new lead starts; a seeker who asks has passed the first phase."""
        self.ensure_one()
        if self.lead_role == "owner" or self.env.context.get("estate_matching"):
            return 1
        return 2

    # === WHAT A MOVE MEANS ===

    def _prepare_move_vals(self, stage):
        """Return what else changes when a lead of ours comes to stand in `stage`."""
        self.ensure_one()
        if stage.is_cancellation:
            return {
                "active": False,
                "probability": 0,
                "automated_probability": 0,
                "cancelled_from_id": self.stage_id.id,
            }
        vals = {"cancelled_from_id": False}
        if self.stage_id.is_cancellation:
            vals |= {"active": True, "lost_reason_id": False}
        if not stage.is_won:
            percent = stage._get_win_percent()
            vals |= {"probability": percent, "automated_probability": percent}
        return vals

    def _get_stage_on_leaving_cancelled(self, stage):
        """Return where a cancelled lead goes when it is dragged out: where it came from."""
        self.ensure_one()
        remembered = self.cancelled_from_id
        if self.stage_id.is_cancellation and not stage.is_cancellation and remembered:
            return remembered
        return stage

    # === JOURNAL ===

    def _write_phase_journal(self, before):
        """Write one row for every lead whose phase is no longer the one in `before`.

        :param dict before: lead id -> `crm.stage`
        """
        moved = self.filtered(
            lambda lead: lead.lead_role and before.get(lead.id) and lead.stage_id != before[lead.id]
        )
        self.env["estate.interaction"]._write_journal(
            [lead._prepare_phase_journal_vals(before[lead.id]) for lead in moved]
        )

    def _prepare_phase_journal_vals(self, old):
        self.ensure_one()
        new = self.stage_id
        return {
            "type": "phase_move",
            "lead_id": self.id,
            "summary": _("From %(old)s to %(new)s", old=old.display_name, new=new.display_name),
            "phase_from": f"{old.pipeline or ''}/{old.phase_number}",
            "phase_to": f"{new.pipeline or ''}/{new.phase_number}",
            "cause": self.env.context.get("estate_move_cause", "person"),
            "caused_by_id": self.env.context.get("estate_move_interaction", False),
        }

    # === SCOPE ===

    @api.model
    def _get_phase_scope_domain(self):
        """Return the domain of stages that the current view may show.

        Odoo's own boards and forms see no phase of ours; ours ask for a pipeline.
        """
        pipeline = self.env.context.get("estate_pipeline") or self.env.context.get("default_pipeline")
        return Domain("pipeline", "=", pipeline or False)
