from odoo import fields, models

from ..groups import MEMBERS

ENQUIRY_REFUSED = "crm_real_estate.crm_lost_reason_enquiry_refused"


class LeadMatching(models.AbstractModel):
    """A lead that began with an offer of ours, and how it is answered."""

    _name = "estate.lead.matching.mixin"
    _description = "Lead: offers"

    pair_ids = fields.One2many("estate.pair", "lead_id", "Offers", groups=MEMBERS)

    def _get_awaiting_answer(self):
        """Return those of these leads that wait for the answer to an offer of ours."""
        return self.filtered(
            lambda lead: lead.lead_role == "seeker"
            and not lead.received_at
            and lead.won_status == "pending"
        )

    def _count_as_answered(self):
        """The seekers answered our offer: that is when their enquiries came in."""
        # sudo: crm.lead - a fact, which users do not write; leads may be colleagues'
        leads = self.sudo()._get_awaiting_answer()
        if not leads:
            return
        leads.write({"received_at": fields.Datetime.now()})
        for lead in leads:
            lead._advance_to_phase(lead._get_phase(2), "journal")
        leads._on_offer_answered()

    def _cancel_refused(self, row):
        """The seekers refuse what these leads are about: they end, with the reason."""
        # sudo: crm.lead - as above
        leads = self.sudo().filtered(lambda lead: lead.won_status == "pending")
        reason = self.env.ref(ENQUIRY_REFUSED, raise_if_not_found=False)
        for lead in leads:
            lead._move_to_phase(
                lead._get_cancellation_phase(),
                "journal",
                row.filtered(lambda r, lead=lead: r.lead_id == lead),
                lost_reason_id=reason.id if reason else False,
            )

    # === HOOKS ANSWERED ===

    def _on_phase_entered(self):
        super()._on_phase_entered()
        ended = self.filtered(
            lambda lead: lead.lead_role == "seeker" and lead.stage_id.is_cancellation
        )
        # sudo: estate.pair - the memory of a match, whoever ends the lead
        pairs = ended.sudo().pair_ids
        for pair in pairs.filtered(lambda pair: pair.state in ("sent", "interested")):
            pair._remember(
                state="refused",
                refused_price=pair.property_id.price,
                answered_at=fields.Datetime.now(),
            )

    def _on_leads_merged(self, leads):
        super()._on_leads_merged(leads)
        # sudo: estate.pair - links follow the merge
        leads.sudo().pair_ids.write({"lead_id": self.id})

    # === HOOKS ===

    def _on_offer_answered(self):
        """These leads count as received: the seekers answered an offer of ours."""
