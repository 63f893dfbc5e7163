from odoo import api, fields, models

from ..groups import MEMBERS


class LeadMeasure(models.AbstractModel):
    """A lead shows how far its contact can be relied on."""

    _name = "estate.lead.measure.mixin"
    _description = "Lead: reliability"

    # Stored, for whoever lists seekers lists them by it.
    reliability_score = fields.Float(
        "Reliability",
        compute="_compute_reliability_score",
        compute_sudo=True,
        store=True,
        digits=(4, 1),
        aggregator="avg",
        groups=MEMBERS,
    )

    @api.depends("partner_id.reliability_score")
    def _compute_reliability_score(self):
        for lead in self:
            lead.reliability_score = lead.partner_id.reliability_score

    def action_explain_reliability(self):
        """Show each fact behind the stars of this lead's contact."""
        self.ensure_one()
        return self.partner_id.action_explain_reliability()
