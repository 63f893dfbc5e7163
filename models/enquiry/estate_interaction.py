from collections import defaultdict

from odoo import api, fields, models

from .phase_moves import CAUSES


class Interaction(models.Model):
    _inherit = "estate.interaction"

    search_id = fields.Many2one(
        "estate.search", ondelete="set null", index="btree_not_null"
    )
    phase_from = fields.Char(readonly=True, help="Pipeline and number, such as sale/2.")
    phase_to = fields.Char(readonly=True)
    cause = fields.Selection(list(CAUSES.items()), readonly=True)
    caused_by_id = fields.Many2one(
        "estate.interaction", "Caused by", ondelete="restrict"
    )

    _ledger_links = ("partner_id", "lead_id", "property_id", "search_id")

    @api.model
    def _complete(self, vals, leads, properties):
        vals = super()._complete(vals, leads, properties)
        if lead_id := vals.get("lead_id"):
            lead = leads.browse(lead_id).with_prefetch(leads.ids)
            vals.setdefault("search_id", lead.search_id.id)
        return vals

    def _advance_leads(self):
        """Move the leads of these rows to the phase that the kind of event reaches."""
        rows = self.filtered(lambda row: row.lead_id.lead_role and not row.corrects_id)
        done_viewings = rows.lead_id._count_done_viewings()
        reached = defaultdict(self.browse)
        for row in rows:
            reached[row._get_reached_phase(done_viewings)] |= row
        for phase in self.env["crm.stage"].union(*reached).sorted("sequence"):
            reached[phase].lead_id._advance_to_phase(phase, "journal", reached[phase])

    def _get_reached_phase(self, done_viewings):
        """Return the phase that this event reaches in its lead's pipeline, if any.

        :param dict done_viewings: lead -> viewings carried out
        """
        self.ensure_one()
        lead = self.lead_id
        phase = self.type_id._get_phase_of(lead.pipeline)
        if not phase:
            return phase
        number = phase.phase_number
        if self.type_code == "viewing_done" and done_viewings.get(lead, 0) > 1:
            number += 1
        return lead._get_phase(number)
