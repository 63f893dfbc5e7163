from odoo import models

# From this phase on an agent has an appointment: the owner himself ends that.
AGREED = 4


class Property(models.Model):
    _inherit = "estate.property"

    def _get_intake_provider(self):
        """Return the sender that the source named last for this property."""
        return (self.intake_values or {}).get("provider")

    def _get_intake_deal(self):
        """Return the deal that the source told last; a person may have corrected it."""
        told = self.intake_values or {}
        return told.get("deal_type", self.deal_type) or ""

    def _stop_owner_leads(self, reason):
        """End the calls about properties that their source withdrew, until they return.

        :param str reason: a sentence for the journal
        """
        # sudo: crm.lead - the calls end, whosever the leads are
        leads = self.env["crm.lead"].sudo()
        leads = leads.search(
            [
                ("property_id", "in", self.ids),
                ("lead_role", "=", "owner"),
                ("won_status", "=", "pending"),
            ]
        )
        agreed = leads.filtered(lambda lead: lead.phase_number >= AGREED)
        lost_reason = self.env.ref(
            "crm_real_estate.crm_lost_reason_withdrawn", raise_if_not_found=False
        )
        rung = leads - agreed
        if rung:
            rung._on_calls_stopped(reason)
        phases = rung.grouped(lambda lead: lead._get_cancellation_phase())
        for phase, mine in phases.items():
            mine._move_to_phase(
                phase,
                "source",
                lost_reason_id=lost_reason.id if lost_reason else False,
            )
        self.env["estate.interaction"]._write_journal(
            [
                {
                    "type": "note",
                    "lead_id": lead.id,
                    "summary": reason,
                    "is_automatic": True,
                }
                for lead in leads
            ]
        )

    def _resume_owner_leads(self):
        """Take up the calls again that a source ended and nobody else since."""
        # sudo: crm.lead - as above
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        leads = leads.search(
            [
                ("property_id", "in", self.ids),
                ("lead_role", "=", "owner"),
                ("stage_id.is_cancellation", "=", True),
            ]
        )
        # sudo: estate.interaction - who ended the calls, whoever may see it
        journal = self.env["estate.interaction"].sudo()
        moves = journal.search(
            [("lead_id", "in", leads.ids), ("type_id.code", "=", "phase_move")],
            order="id",
        )
        last_cause = {move.lead_id: move.cause for move in moves}
        stopped = leads.filtered(lambda lead: last_cause.get(lead) == "source")
        for phase, mine in stopped.grouped(
            lambda lead: lead._get_remembered_phase()
        ).items():
            mine._move_to_phase(phase, "source")
        if stopped:
            stopped._on_calls_resumed()
