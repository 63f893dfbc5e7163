from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

PIPELINES = [
    ("acquisition", "Acquisition"),
    ("sale", "Sale"),
    ("rent", "Rent"),
]


class StagePhase(models.AbstractModel):
    """A stage of ours is a phase: it has a pipeline and, inside it, a stable number."""

    _name = "estate.stage.enquiry.mixin"
    _description = "Phase"

    pipeline = fields.Selection(
        PIPELINES,
        index="btree_not_null",
        help="Empty: a stage of Odoo's own pipeline.",
    )
    phase_number = fields.Integer(
        help="Stable number of the phase inside its pipeline; a lead that changes "
        "office keeps it.",
    )
    win_percent = fields.Float(
        "Chance of success (%)",
        digits=(5, 2),
        help="Probability of a lead in this phase.",
    )
    is_cancellation = fields.Boolean(
        "Cancellation",
        help="A lead that is moved here is lost: archived, probability 0.",
    )

    _win_percent_range = models.Constraint(
        "CHECK(win_percent IS NULL OR (win_percent >= 0 AND win_percent <= 100))",
        "A chance of success lies between 0 and 100 %.",
    )

    # === CONSTRAINTS ===

    @api.constrains("pipeline", "is_won", "is_cancellation", "win_percent")
    def _check_chance_fits_phase(self):
        for phase in self.filtered("pipeline"):
            if phase.is_won and phase.is_cancellation:
                raise ValidationError(
                    self.env._(
                        "Phase %s cannot be won and cancelled at once.", phase.name
                    )
                )
            is_open = not (phase.is_won or phase.is_cancellation)
            if is_open and not 0 < phase.win_percent < 100:
                raise ValidationError(
                    self.env._(
                        "Phase %s is neither won nor cancelled: its chance of success "
                        "must be above 0 and below 100 %%.",
                        phase.name,
                    )
                )

    @api.constrains("pipeline", "phase_number", "team_ids")
    def _check_number_is_unique(self):
        ours = self.filtered("pipeline")
        if not ours:
            return
        others = self.search([("pipeline", "in", ours.mapped("pipeline"))])
        for phase in ours:
            twins = (others - phase).filtered(
                lambda other, phase=phase: (
                    other.pipeline == phase.pipeline
                    and other.phase_number == phase.phase_number
                    and other._overlaps(phase)
                )
            )
            if twins:
                raise ValidationError(
                    self.env._(
                        "Number %(number)s is already used by another phase of this "
                        "pipeline (%(twin)s). Choose another number.",
                        number=phase.phase_number,
                        twin=twins[0].name,
                    )
                )

    def _overlaps(self, other):
        """Tell whether an office could stand before both phases."""
        return not self.team_ids or not other.team_ids or self.team_ids & other.team_ids

    @api.constrains("pipeline", "is_cancellation")
    def _check_leads_still_fit(self):
        # sudo: crm.lead - a lead nobody here may see would be left in a wrong phase too
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        for pipeline, is_lost in {(s.pipeline, s.is_cancellation) for s in self}:
            phases = self.filtered(
                lambda s, key=(pipeline, is_lost): (s.pipeline, s.is_cancellation)
                == key
            )
            stranger = leads.search(
                [
                    ("stage_id", "in", phases.ids),
                    ("lead_role", "!=", False),
                    "|",
                    ("pipeline", "!=", pipeline),
                    ("won_status", "not in" if is_lost else "in", ["lost"]),
                ],
                limit=1,
            )
            if stranger:
                raise ValidationError(
                    self.env._(
                        "%(lead)s stands in phase %(phase)s. Move its leads to another "
                        "phase first.",
                        lead=stranger.display_name,
                        phase=stranger.stage_id.name,
                    )
                )

    # === PHASES ===

    @api.model
    @tools.ormcache("pipeline")
    def _get_phase_ids(self, pipeline):
        # sudo: crm.stage - phases are configuration that every move needs
        return (
            self.sudo().search([("pipeline", "=", pipeline)], order="sequence, id")._ids
        )

    @api.model
    def _get_phases(self, pipeline, team=None):
        """Return the phases of a pipeline that an office may use, in their order.

        :param str pipeline: a key of `PIPELINES`
        :param team: `crm.team`; none: only the phases of everybody
        """
        if not pipeline:
            return self.browse()
        return self.browse(self._get_phase_ids(pipeline)).filtered(
            lambda phase: phase._serves(team)
        )

    def _serves(self, team):
        """Tell whether leads of an office may stand in this phase."""
        # sudo: crm.team - an office of another company limits a phase too
        teams = self.sudo().team_ids
        return not teams or bool(team and team in teams)

    def _find_counterpart(self, phase):
        """Return the phase among these that means what `phase` means elsewhere.

        The number decides; without it a closed phase stays closed the same way, and an
        open one becomes the last open phase before it.
        """
        if same := self.filtered(lambda p: p.phase_number == phase.phase_number):
            return same[:1]
        if phase.is_cancellation or phase.is_won:
            kind = "is_cancellation" if phase.is_cancellation else "is_won"
            return self.filtered(kind)[:1]
        before = self.filtered(
            lambda p: (
                not (p.is_won or p.is_cancellation)
                and p.phase_number < phase.phase_number
            )
        )
        return before[-1:] or self[:1]

    def _get_win_percent(self):
        """Return the probability of a lead in this phase."""
        if self.is_won:
            return 100.0
        return 0.0 if self.is_cancellation else self.win_percent

    def _recompute_lead_probabilities(self):
        """Let the leads in these phases follow a changed chance of success."""
        # sudo: crm.lead - the chance of a phase holds for the leads of everybody
        leads = (
            self.env["crm.lead"]
            .sudo()
            .search([("stage_id", "in", self.ids), ("lead_role", "!=", False)])
        )
        for name in ("automated_probability", "probability"):
            self.env.add_to_compute(leads._fields[name], leads)
