from odoo import fields, models


class DispatchDecision(models.Model):
    """Why a person got a lead: the rule, who could have, who was left out and why."""

    _name = "estate.dispatch.decision"
    _description = "Distribution decision"
    _inherit = "estate.ledger.mixin"
    _order = "decided_at desc, id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one("crm.lead", "Lead", ondelete="set null", index=True)
    rule_id = fields.Many2one("estate.dispatch.rule", "Rule", ondelete="restrict", index=True)
    step = fields.Char(required=True)
    user_id = fields.Many2one("res.users", "Given to", ondelete="restrict", index=True)
    decided_at = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    reasons = fields.Json(
        help="considered: ids of users in the order of the choice; left_out: user id -> "
        "code of the reason; how: property_agent, rule, last_resort or pool."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )

    _ledger_links = ("lead_id",)
