from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import inner
from .phase_moves import MOVING_FIELDS


class LeadPhases(models.AbstractModel):
    """How a lead moves through its phases; code moves it through one door."""

    _name = "estate.lead.phases.mixin"
    _description = "Lead: moves between phases"

    # === MOVES ===

    def _move_to_phase(self, stage, cause, interaction=None, **values):
        """Move these leads to a phase, any way, and write the move to the journal.

        :param stage: `crm.stage` of the leads' pipeline
        :param str cause: a key of `CAUSES`
        :param interaction: the journal rows that caused the moves, at most one per lead
        :param values: further values to write, such as a lost reason
        """
        leads = self.filtered(lambda lead: lead.stage_id != stage)
        if leads:
            # The cause holds for this move alone, not for those of rules it sets off.
            declared = (stage.id, cause, interaction._ids if interaction else ())
            inner.say(leads, move=declared).write({"stage_id": stage.id, **values})

    def _advance_to_phase(self, stage, cause="journal", interaction=None):
        """Move forward only: never out of cancelled, out of won only to a later won.

        Leads of another pipeline than the phase's are left alone.
        """
        self.filtered(lambda lead: lead._can_advance_to(stage))._move_to_phase(
            stage, cause, interaction
        )

    def _can_advance_to(self, stage):
        """Tell whether the machine may move this lead to a phase."""
        self.ensure_one()
        current = self.stage_id
        if inner.hear(self.env, "phase_decided"):
            # A person chose the phase along with the event.
            return False
        if self.pipeline != stage.pipeline or current.is_cancellation:
            return False
        if stage.is_cancellation:
            return not current.is_won
        if current.is_won and not stage.is_won:
            return False
        return stage.sequence > current.sequence

    # === FINDING A PHASE ===

    def _get_own_phases(self):
        """Return the phases that this lead may stand in, in their order."""
        self.ensure_one()
        return self.env["crm.stage"]._get_phases(self.pipeline, self.team_id)

    def _get_phase(self, number):
        """Return the phase with this number in the lead's pipeline, for its office."""
        return self._get_own_phases().filtered(lambda p: p.phase_number == number)[:1]

    def _get_cancellation_phase(self):
        phase = self._get_own_phases().filtered("is_cancellation")[:1]
        if not phase:
            raise UserError(
                self.env._(
                    "The pipeline of %s has no cancelled phase. Add one to the phases "
                    "in the configuration.",
                    self.display_name,
                )
            )
        return phase

    def _get_entry_phase(self):
        """Return where a new lead starts; a seeker who asks has passed phase 1."""
        is_match = inner.hear(self.env, "matching")
        number = 2 if self.lead_role == "seeker" and not is_match else 1
        return self._get_phase(number) or self._get_own_phases()[:1]

    def _get_fitting_phase(self):
        """Return the phase of this lead once its pipeline or office is another.

        Another office: the same phase. Another pipeline: a new beginning, but what is
        cancelled stays cancelled.
        """
        current = self.stage_id
        if not current or not self.pipeline or current.pipeline != self.pipeline:
            is_over = self.pipeline and current.is_cancellation
            return (
                self._get_cancellation_phase() if is_over else self._get_entry_phase()
            )
        if not self.team_id or current._serves(self.team_id):
            return current
        return self._get_own_phases()._find_counterpart(current)

    def _get_remembered_phase(self):
        """Return where a cancelled lead goes back to."""
        remembered = self.cancelled_from_id
        if remembered and remembered.pipeline == self.pipeline:
            return self._get_own_phases()._find_counterpart(remembered)
        return self._get_entry_phase()

    def _count_done_viewings(self):
        """Return lead -> viewings that the journal holds as carried out."""
        # sudo: estate.interaction - viewings of colleagues count as well
        journal = self.env["estate.interaction"].sudo()
        domain = journal._get_valid_domain() & Domain(
            [("lead_id", "in", self.ids), ("type_id.code", "=", "viewing_done")]
        )
        return dict(journal._read_group(domain, ["lead_id"], ["__count"]))

    # === WHAT A WRITE MEANS ===

    def _split_by_move(self, vals):
        """Split a write by what it means for the phases of these leads.

        :param dict vals: values as given to `write`
        :return: list of (leads alike, their values)
        """
        if not self:
            return []
        if not MOVING_FIELDS & set(vals):
            return [(self, dict(vals))]
        groups = defaultdict(self.browse)
        for lead in self:
            groups[lead.stage_id, lead._get_target_phase(vals)] |= lead
        return [
            (leads, self._prepare_move_vals(vals, *move))
            for move, leads in groups.items()
        ]

    def _get_target_phase(self, vals):
        """Return the phase that a write leads to, whichever way it says so.

        Lost, as Odoo says it (archived with probability 0), is the cancelled phase;
        leaving that phase leads back to the remembered one.
        """
        self.ensure_one()
        current = self.stage_id
        asked = current.browse(vals["stage_id"]) if vals.get("stage_id") else current
        if current.is_cancellation:
            is_left = asked.pipeline == self.pipeline and not asked.is_cancellation
            is_restored = asked == current and vals.get("active")
            return self._get_remembered_phase() if is_left or is_restored else asked
        is_lost = vals.get("probability", 1) == 0 and not vals.get(
            "active", self.active
        )
        return self._get_cancellation_phase() if is_lost and asked == current else asked

    def _prepare_move_vals(self, vals, current, target):
        """Return `vals` completed by what the move from one phase to another means."""
        if current == target:
            return dict(vals)
        vals = {**vals, "stage_id": target.id}
        if target.is_cancellation:
            vals |= {"active": False, "probability": 0, "automated_probability": 0}
            if not current.is_cancellation:
                vals["cancelled_from_id"] = current.id
        elif current.is_cancellation:
            percent = target._get_win_percent()
            vals |= {
                "active": True,
                "probability": percent,
                "automated_probability": percent,
                "lost_reason_id": False,
                "cancelled_from_id": False,
            }
        return vals

    # === HOOKS ===

    def _on_calls_stopped(self, reason):
        """The calls on these owners' leads end: their source withdrew the listing.

        :param str reason: a sentence
        """

    def _on_calls_resumed(self):
        """The calls on these owners' leads go on: their source offers again."""

    def _on_phase_entered(self):
        """These leads have just been created in, or moved to, the phase they are in."""
