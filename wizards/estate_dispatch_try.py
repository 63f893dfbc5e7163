from odoo import api, fields, models

from ..models.dispatch.dispatch_run import DispatchRun
from ..models.dispatch.estate_dispatch_rule import STEPS

ROLES = {"first_call": "owner", "agent": "owner", "enquiry": "seeker"}


class DispatchTry(models.TransientModel):
    """Shows who would get leads now, and why; nothing is given to anybody."""

    _name = "estate.dispatch.try"
    _description = "Try the distribution"

    step = fields.Selection(STEPS, required=True, default="first_call")
    lead_ids = fields.Many2many(
        "crm.lead",
        string="Leads",
        domain="[('lead_role', '!=', False), ('won_status', '=', 'pending')]",
    )
    property_id = fields.Many2one(
        "estate.property",
        "As if it just came in",
        ondelete="cascade",
        help="A lead about this property is tried; none is made.",
    )
    result = fields.Html(compute="_compute_result", sanitize=False)

    @api.depends("step", "lead_ids", "property_id")
    @api.depends_context("lang", "tz")
    def _compute_result(self):
        for wizard in self:
            leads = wizard.lead_ids._origin | wizard._make_sample()
            wizard.result = self.env["ir.qweb"]._render(
                "crm_real_estate.dispatch_try_result",
                {"lines": wizard._try(leads), "step": wizard.step},
            )

    def _make_sample(self):
        """Return a lead about the chosen property that exists in memory only."""
        prop = self.property_id._origin
        if not prop:
            return self.env["crm.lead"]
        return self.env["crm.lead"].new(
            {
                "name": prop.display_name,
                "type": "opportunity",
                "lead_role": ROLES[self.step or "first_call"],
                "property_id": prop.id,
                "deal_type": prop.deal_type,
                "company_id": prop.company_id.id,
                "user_id": False,
            }
        )

    def _try(self, leads):
        """Return what the engine would decide, as plain texts."""
        if not (leads and self.step):
            return []
        # sudo: crm.lead - the engine reads what decides; who tries it may read the
        # leads he chose, and is told names of colleagues and rules only
        run = DispatchRun(leads.sudo(), self.step, fields.Datetime.now())
        rows = self.env["estate.dispatch.decision"]
        lines = []
        for decision in run.decide():
            company = decision.lead._get_dispatch_company()
            row = rows.new({"reasons": decision.reasons, "company_id": company.id})
            lines.append(
                {
                    "lead": decision.lead.name,
                    "user": decision.user.name,
                    "rule": decision.rule.name,
                    "why": (row.explanation or "").split("\n"),
                }
            )
        return lines
