from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

HOW = {
    "rule": _lt("By the rule: who got least, then who waited longest"),
    "property_agent": _lt("The agent of the property is there"),
    "last_resort": _lt("Nobody of the team was there: the last resort of the rule"),
    "claim": _lt("Claimed: he was the first who took the free lead"),
    "announce": _lt("Announced to the team: the first who claims it gets it"),
    "pool": _lt("Nobody was there: it waits in the pool"),
}
LEFT_OUT = {
    "archived": _lt("archived"),
    "paused": _lt("paused"),
    "just_had_it": _lt("just had it"),
    "lease_over": _lt("did nothing within the lease, so it was taken back"),
    "out_of_office": _lt("out of office"),
    "on_leave": _lt("on leave"),
    "not_operator": _lt("no operator"),
    "not_agent": _lt("no agent"),
    "other_company": _lt("works for another company"),
}


class DispatchDecision(models.Model):
    """Why a person got a lead: the rule, who could have, who was left out and why."""

    _name = "estate.dispatch.decision"
    _description = "Distribution decision"
    _inherit = "estate.ledger.mixin"
    _order = "decided_at desc, id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one("crm.lead", ondelete="set null", index=True)
    rule_id = fields.Many2one("estate.dispatch.rule", ondelete="restrict", index=True)
    step = fields.Char(required=True)
    user_id = fields.Many2one("res.users", "Given to", ondelete="restrict", index=True)
    decided_at = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    due_at = fields.Datetime(
        "Due",
        help="Deadline of the task that came with the lead; an activity has a day "
        "only.",
    )
    reasons = fields.Json(
        help="considered: ids of users in the order of the choice; left_out: user id "
        "-> code of the reason; how: property_agent, rule, last_resort, announce or pool."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )

    explanation = fields.Text("Why", compute="_compute_explanation")

    _ledger_links = ("lead_id",)

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_explanation(self):
        # sudo: res.users - only the names of colleagues who were left out are read
        users = {str(user.id): user.name for user in self._get_left_out_users().sudo()}
        for decision in self:
            reasons = decision.reasons or {}
            how = HOW.get(reasons.get("how"))
            lines = [how] if how else []
            lines += [
                f"{users.get(key, key)}: {LEFT_OUT.get(code, code)}"
                for key, code in reasons.get("left_out", {}).items()
            ]
            decision.explanation = "\n".join(map(str, lines))

    def _get_left_out_users(self):
        ids = {
            int(key) for row in self for key in (row.reasons or {}).get("left_out", {})
        }
        return self.env["res.users"].browse(ids).exists()
