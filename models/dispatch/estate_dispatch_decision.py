from odoo import api, fields, models
from odoo.tools import format_amount, format_datetime
from odoo.tools.translate import LazyTranslate

from .estate_dispatch_rule import STEPS

_lt = LazyTranslate(__name__)

HOW = {
    "property_agent": _lt("The agent of the property is there"),
    "last_resort": _lt("Nobody fits who is there: the last resort of the rule"),
    "claim": _lt("Claimed: he was the first who took the free lead"),
    "announce": _lt("Announced to the team: the first who claims it gets it"),
    "pool": _lt("Nobody fits who is there: it waits in the pool"),
}
STRATEGY = {
    "even": _lt("By the rule: who got least, then who waited longest"),
    "random": _lt("By the rule: drawn by lot (seed %(seed)s), the lowest lot wins"),
    "least_loaded": _lt(
        "By the rule: who has least open leads, then who waited longest"
    ),
    "weighted": _lt(
        "By the rule: who got least in expected fees by weight, then who waited "
        "longest; this lead counts %(value)s"
    ),
}
# What the figure of a candidate is.
FIGURE = {
    "even": _lt("%s turns"),
    "random": _lt("lot %s"),
    "least_loaded": _lt("%s open"),
    "weighted": _lt("%s by weight"),
}
LEFT_OUT = {
    "archived": _lt("archived"),
    "paused": _lt("paused"),
    "just_had_it": _lt("just had it"),
    "lease_over": _lt("did nothing within the lease, so it was taken back"),
    "alert_unseen": _lt("did not see the alert in time, so it went on"),
    "out_of_office": _lt("out of office"),
    "on_leave": _lt("on leave"),
    "not_at_work": _lt("not at work now"),
    "not_operator": _lt("no operator"),
    "not_agent": _lt("no agent"),
    "other_company": _lt("works for another company"),
    "territory": _lt("takes other territories"),
    "type": _lt("takes other property types"),
    "deal": _lt("takes other deals"),
    "usage": _lt("takes another usage"),
    "price": _lt("takes other prices"),
    "segment": _lt("takes another segment"),
    "market": _lt("takes another market"),
    "liquidity": _lt("takes another liquidity"),
    "own_filter": _lt("his own lead filter does not take it"),
    "no_weight": _lt("has no weight"),
    "full": _lt("has enough open leads"),
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
    step = fields.Selection(STEPS, required=True)
    user_id = fields.Many2one("res.users", "Given to", ondelete="restrict", index=True)
    decided_at = fields.Datetime(
        "Decided", required=True, default=fields.Datetime.now, index=True
    )
    due_at = fields.Datetime(
        "Due",
        help="Deadline of the task that came with the lead; an activity has a day "
        "only.",
    )
    reasons = fields.Json(
        help="how: property_agent, rule, last_resort, claim, announce or pool; "
        "strategy; considered: ids of users in the order of the choice; figures: for "
        "each of them the figure that decided and his last turn; left_out: user id -> "
        "code of the reason; open: user id -> open leads of who has enough; seed; "
        "value."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )

    explanation = fields.Text("Why", compute="_compute_explanation")

    _ledger_links = ("lead_id",)

    @api.depends("reasons")
    @api.depends_context("lang", "tz")
    def _compute_explanation(self):
        # sudo: res.users - only the names of colleagues who could have are read
        users = {str(user.id): user.name for user in self._get_people().sudo()}
        for decision in self:
            reasons = decision.reasons or {}
            lines = [decision._tell_how(reasons)]
            if considered := decision._tell_considered(reasons, users):
                lines.append(considered)
            for key, code in reasons.get("left_out", {}).items():
                told = str(LEFT_OUT.get(code, code))
                if key in reasons.get("open", {}):
                    told = f"{told} ({reasons['open'][key]})"
                lines.append(f"{users.get(key, key)}: {told}")
            decision.explanation = "\n".join(filter(None, lines))

    def _get_people(self):
        ids = set()
        for decision in self:
            reasons = decision.reasons or {}
            ids.update(map(int, reasons.get("left_out", {})))
            ids.update(reasons.get("considered", ()))
        return self.env["res.users"].browse(ids).exists()

    def _tell_how(self, reasons):
        """Return in words how the person was found."""
        how = reasons.get("how")
        if how != "rule":
            return str(HOW.get(how, ""))
        value = format_amount(
            self.env, reasons.get("value", 0.0), self.company_id.currency_id
        )
        text = str(STRATEGY[reasons.get("strategy", "even")])
        return text % {"seed": reasons.get("seed", 0), "value": value}

    @api.model
    def _tell_considered(self, reasons, users):
        """Return the candidates in the order of the choice, with their figures."""
        considered = reasons.get("considered")
        if not considered:
            return ""
        figures = reasons.get("figures") or [(None, None)] * len(considered)
        told = [
            self._tell_candidate(users.get(str(key), str(key)), reasons, *figure)
            for key, figure in zip(considered, figures, strict=True)
        ]
        return self.env._("In this order: %s", "; ".join(told))

    @api.model
    def _tell_candidate(self, name, reasons, figure, last_at):
        if figure is None:
            return name
        text = str(FIGURE.get(reasons.get("strategy"), "%s"))
        parts = [text % f"{figure:.4g}" if figure < 1 else text % f"{figure:,.10g}"]
        if last_at:
            moment = format_datetime(self.env, last_at, dt_format="short")
            parts.append(self.env._("last %s", moment))
        return f"{name} ({', '.join(parts)})"
