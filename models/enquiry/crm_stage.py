from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

PIPELINES = [
    ("acquisition", "Acquisition"),
    ("sale", "Sale"),
    ("rent", "Rent"),
]


class StagePhase(models.AbstractModel):
    """A stage of ours is a phase: it belongs to one pipeline and has a stable number."""

    _name = "estate.stage.enquiry.mixin"
    _description = "Phase"

    pipeline = fields.Selection(
        PIPELINES, index="btree_not_null", help="Empty: a stage of Odoo's own pipeline."
    )
    phase_number = fields.Integer(help="Stable number of the phase inside its pipeline.")
    win_percent = fields.Float(
        "Chance of success (%)", digits=(5, 2), help="Probability of a lead in this phase."
    )
    is_cancellation = fields.Boolean(
        "Cancellation", help="A lead that is moved here is lost: archived, probability 0."
    )

    _win_percent_range = models.Constraint(
        "CHECK(win_percent IS NULL OR (win_percent >= 0 AND win_percent <= 100))",
        "A chance of success lies between 0 and 100 %.",
    )

    @api.constrains("pipeline", "phase_number", "team_ids", "is_won", "is_cancellation", "win_percent")
    def _check_phase(self):
        for stage in self.filtered("pipeline"):
            if stage.is_won and stage.is_cancellation:
                raise ValidationError(_("Phase %s cannot be won and cancelled at once.", stage.name))
            open_phase = not (stage.is_won or stage.is_cancellation)
            if open_phase and not 0 < stage.win_percent < 100:
                raise ValidationError(
                    _(
                        "Phase %s is neither won nor cancelled: its chance of success must be "
                        "above 0 and below 100 %%.",
                        stage.name,
                    )
                )
            twins = self.search(
                [
                    ("id", "!=", stage.id),
                    ("pipeline", "=", stage.pipeline),
                    ("phase_number", "=", stage.phase_number),
                ]
            )
            if any(not twin.team_ids or not stage.team_ids or twin.team_ids & stage.team_ids for twin in twins):
                raise ValidationError(
                    _(
                        "Number %(number)s is already used by another phase of this pipeline "
                        "(%(twin)s). Choose another number.",
                        number=stage.phase_number,
                        twin=twins[0].name,
                    )
                )

    def _get_win_percent(self):
        """Return the probability of a lead in this phase."""
        if self.is_won:
            return 100.0
        return 0.0 if self.is_cancellation else self.win_percent
