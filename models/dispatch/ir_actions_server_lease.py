from ast import literal_eval

from odoo import api, fields, models
from odoo.fields import Domain

from .. import inner

OWN_STATES = [
    ("estate_announce", "Announce free leads"),
    ("estate_take_back", "Take back leads"),
]
# state -> models whose records such an action can start from
START_MODELS = {
    "estate_announce": ("crm.lead", "estate.dispatch.decision"),
    "estate_take_back": (
        "crm.lead",
        "estate.call",
        "estate.interaction",
        "estate.viewing",
    ),
}


class ServerActionLease(models.AbstractModel):
    """Announcing and taking back, as types of Odoo's server actions."""

    _name = "estate.server.action.lease.mixin"
    _description = "Server action: free leads and leases"

    estate_lead_domain = fields.Char(
        "Only these leads",
        default="[]",
        help="A job takes back the leads whose lease is over; with this filter only "
        "those of them.",
    )

    def _get_estate_start_models(self):
        return super()._get_estate_start_models() | START_MODELS

    def _get_estate_problems(self):
        problems = super()._get_estate_problems()
        if self.state == "estate_take_back":
            try:
                self.env["crm.lead"].search_count(
                    self._get_estate_lead_domain(), limit=1
                )
            except (ValueError, SyntaxError, KeyError, TypeError) as error:
                problems.append(
                    self.env._(
                        "its filter cannot be read (%s). Build it with the filter "
                        "editor.",
                        error,
                    )
                )
        return problems

    def _get_estate_lead_domain(self):
        """Return the filter of this action; only literals are read, never code."""
        self.ensure_one()
        return Domain(literal_eval(self.estate_lead_domain or "[]"))

    @api.constrains("estate_lead_domain")
    def _check_estate_lead_domain(self):
        self._check_estate_action()

    # === RUN ===

    def _run_estate_job(self, eval_context):
        """Take back what is due where no record was given, as a scheduled action."""
        if eval_context.get("records") or eval_context.get("record"):
            self._run_estate_action(eval_context)
        elif not self.base_automation_id:
            leads = inner.say(self.env["crm.lead"], automatic=True)
            leads._take_back_due(self._get_estate_lead_domain())

    def _apply_estate_announce(self, records):
        self._get_leads_of(records)._announce()

    def _apply_estate_take_back(self, records):
        leads = self._get_leads_of(records)
        leads.filtered_domain(self._get_estate_lead_domain())._take_back()
