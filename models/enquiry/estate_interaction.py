from odoo import fields, models

from .crm_lead_phases import CAUSES


class Interaction(models.Model):
    _inherit = "estate.interaction"

    phase_from = fields.Char(readonly=True, help="Pipeline and number, such as sale/2.")
    phase_to = fields.Char(readonly=True)
    cause = fields.Selection(list(CAUSES.items()), readonly=True)
    caused_by_id = fields.Many2one("estate.interaction", "Caused by", ondelete="restrict")

    def _advance_leads(self):
        """Move the leads of these rows to the phase that the kind of event reaches."""
        for row in self.filtered(lambda r: r.lead_id.lead_role and not r.corrects_id):
            lead = row.lead_id
            if stage := row._get_reached_stage():
                lead._advance_to_phase(stage, "journal", row)

    def _get_reached_stage(self):
        """Return the phase this event reaches in its lead's pipeline, if any."""
        self.ensure_one()
        lead = self.lead_id
        stage = self.type_id.stage_ids.filtered(lambda s: s.pipeline == lead.pipeline)
        if not stage:
            return stage
        number = stage.phase_number
        if self.type_code == "viewing_done" and self._count_done_viewings() > 1:
            number += 1
        return lead._get_phase(number)

    def _count_done_viewings(self):
        """Count the viewings of this lead that the journal holds as carried out."""
        return self.search_count(
            [
                ("lead_id", "=", self.lead_id.id),
                ("type_id", "=", self.type_id.id),
                *self._get_valid_domain(),
            ]
        )
