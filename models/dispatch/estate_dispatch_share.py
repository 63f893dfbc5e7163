from odoo import api, fields, models

from ...tools import distribution


class DispatchShare(models.Model):
    """What somebody got by a rule so far: the memory of the rule, open to its team.

    `turns` and `credit` decide who is next. Who was away is brought level there, so
    they may be more than the leads he got; `lead_count` and `lead_value` are those.
    """

    _name = "estate.dispatch.share"
    _description = "Share of a distribution rule"
    _order = "rule_id, turns, last_at, id"
    _rec_name = "user_id"

    rule_id = fields.Many2one(
        "estate.dispatch.rule",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="cascade"
    )
    turns = fields.Integer(
        readonly=True,
        help="Leads given by the rule. Who was away is brought level with the others "
        "when he is back, so that he is not flooded.",
    )
    credit = fields.Monetary(
        "Value for the next turn",
        readonly=True,
        aggregator=None,
        help="Expected fees given by the rule; a lead without one counts the average. "
        "Who was away is brought level with the others.",
    )
    last_value = fields.Monetary("Value of the last turn", readonly=True)
    last_at = fields.Datetime("Last turn", readonly=True)
    lead_count = fields.Integer("Leads", readonly=True)
    lead_value = fields.Monetary(
        "Expected fees",
        readonly=True,
        help="Sum of the expected fees of the leads when they were given.",
    )
    valued_count = fields.Integer("Leads with a fee", readonly=True)
    company_id = fields.Many2one(related="rule_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    weight = fields.Float(compute="_compute_weight")
    target_percent = fields.Float("Part meant (%)", compute="_compute_percents")
    value_percent = fields.Float("Part of the fees (%)", compute="_compute_percents")
    count_percent = fields.Float("Part of the leads (%)", compute="_compute_percents")

    _share_uniq = models.Constraint(
        "UNIQUE(rule_id, user_id)", "One share for each person."
    )

    # === THE FIGURES SHOWN ===

    @api.depends("rule_id.team_id.crm_team_member_ids.dispatch_weight")
    def _compute_weight(self):
        for share in self:
            members = share.rule_id.team_id.crm_team_member_ids
            mine = members.filtered(lambda m, s=share: m.user_id == s.user_id)
            share.weight = mine[:1].dispatch_weight

    @api.depends("weight", "lead_value", "lead_count", "rule_id")
    def _compute_percents(self):
        # sudo: estate.dispatch.share - who sees one share of a rule sees them all
        rows = self.sudo().search([("rule_id", "in", self.rule_id.ids)])
        by_rule = rows.grouped("rule_id")
        for share in self:
            others = by_rule.get(share.rule_id, share)
            for name, source in (
                ("target_percent", "weight"),
                ("value_percent", "lead_value"),
                ("count_percent", "lead_count"),
            ):
                total = sum(others.mapped(source))
                share[name] = 100 * share[source] / total if total else 0.0

    # === MEMORY ===

    def _gather_memory(self):
        """Return user id -> dict of what `tools.distribution.Candidate` remembers."""
        return {
            share.user_id.id: {
                "turns": share.turns,
                "last_at": share.last_at or None,
                "credit": share.credit,
                "last_value": share.last_value,
            }
            for share in self
        }

    def _gather_valued(self):
        """Return number and sum of the valued leads given so far."""
        return sum(self.mapped("valued_count")), sum(self.mapped("lead_value"))

    @api.model
    def _save(self, rule, known, candidates, given):
        """Remember what a rule has just given.

        :param known: the shares of `rule` that there are
        :param dict candidates: user id -> `tools.distribution.Candidate` of those who
            got something
        :param dict given: user id -> list of the expected fees of his new leads, 0 for
            unknown
        """
        by_user = {share.user_id.id: share for share in known}
        fresh = []
        for user_id, candidate in candidates.items():
            share = by_user.get(user_id, self.browse())
            values = given.get(user_id, ())
            vals = {
                "turns": candidate.turns,
                "last_at": candidate.last_at,
                "credit": candidate.credit,
                "last_value": candidate.last_value,
                "lead_count": share.lead_count + len(values),
                "lead_value": share.lead_value + sum(values),
                "valued_count": share.valued_count + sum(value > 0 for value in values),
            }
            if share:
                share.write(vals)
            else:
                fresh.append({"rule_id": rule.id, "user_id": user_id} | vals)
        self.create(fresh)

    @api.model
    def _get_candidates(self, criteria, memory):
        """Return `tools.distribution.Candidate` for each member of a team.

        :param dict criteria: user id -> dict of `weight` and `limit`
        :param dict memory: see `_gather_memory`
        """
        return [
            distribution.Candidate(user_id, **values, **memory.get(user_id, {}))
            for user_id, values in criteria.items()
        ]
