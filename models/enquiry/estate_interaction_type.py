from odoo import api, fields, models
from odoo.exceptions import ValidationError


class InteractionType(models.Model):
    _inherit = "estate.interaction.type"

    stage_ids = fields.Many2many(
        "crm.stage",
        string="Advances to",
        domain="[('pipeline', '!=', False)]",
        help="The phase that a lead reaches by this event, at most one for each "
        "pipeline. The machine only moves forward.",
    )

    @api.constrains("stage_ids")
    def _check_one_stage_per_pipeline(self):
        for kind in self:
            pipelines = kind.stage_ids.mapped("pipeline")
            if len(set(pipelines)) < len(kind.stage_ids):
                raise ValidationError(
                    self.env._(
                        "%s may advance to one phase for each pipeline only.", kind.name
                    )
                )

    def _get_phase_of(self, pipeline):
        """Return the phase that this kind of event reaches in a pipeline, if any."""
        return self.stage_ids.filtered(lambda phase: phase.pipeline == pipeline)[:1]
