from odoo import models
from odoo.fields import Domain

# Enquiries shown of one contact; all of them stand on his form.
MOST_LEADS = 5


class PartnerCallerEnquiry(models.AbstractModel):
    """What who is on the phone asked for or offers."""

    _name = "estate.partner.caller.enquiry.mixin"
    _description = "Contact: enquiries of who calls"

    def _get_caller_facts(self):
        facts = super()._get_caller_facts()
        for lead in self._find_caller_leads():
            rows = facts[lead.partner_id.id]["leads"]
            if len(rows) < MOST_LEADS:
                rows.append(
                    {
                        "id": lead.id,
                        "role": lead.lead_role,
                        "title": lead.property_id.name or lead.name,
                        "phase": lead.stage_id.name,
                        "user": lead.user_id.name or "",
                        "is_open": lead.won_status == "pending",
                    }
                )
        for search in self._find_caller_searches():
            facts[search.partner_id.id]["searches"].append(
                {
                    "id": search.id,
                    "name": search.display_name,
                    "user": search.agent_id.name or "",
                }
            )
        return facts

    def _find_caller_searches(self):
        searches = self.env["estate.search"]
        return searches.search(
            searches._get_open_domain() & Domain("partner_id", "in", self.ids)
        )

    def _find_caller_leads(self):
        """Return their leads, open ones first, cancelled ones, too."""
        leads = self.env["crm.lead"].with_context(active_test=False)
        found = leads.search(
            [("partner_id", "in", self.ids), ("lead_role", "!=", False)],
            order="id desc",
        )
        return found.sorted(lambda lead: lead.won_status != "pending")

    def _get_caller_documents(self):
        documents = super()._get_caller_documents()
        leads = self._find_caller_leads().filtered(
            lambda lead: lead.won_status == "pending"
        )
        searches = self._find_caller_searches()
        return documents | {
            records._name: {one.id: one.partner_id.id for one in records}
            for records in (leads, searches)
        }
