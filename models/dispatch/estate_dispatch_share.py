from odoo import api, fields, models

from ...tools import distribution


class DispatchShare(models.Model):
    """Whose turn it was by a rule so far: the memory that keeps the shares even."""

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
    last_at = fields.Datetime("Last turn", readonly=True)
    company_id = fields.Many2one(related="rule_id.company_id", store=True)

    _share_uniq = models.Constraint(
        "UNIQUE(rule_id, user_id)", "One share for each person."
    )

    @api.model
    def _get_for(self, rule, users):
        """Return the shares of `users` by `rule`; a new one is made where it lacks."""
        shares = self.search([("rule_id", "=", rule.id), ("user_id", "in", users.ids)])
        missing = users - shares.user_id
        return shares | self.create(
            [{"rule_id": rule.id, "user_id": user.id} for user in missing]
        )

    def _gather_candidates(self):
        """Return these shares as plain values for `tools.distribution`."""
        return tuple(
            distribution.Candidate(share.user_id.id, share.turns, share.last_at or None)
            for share in self
        )

    def _apply_turns(self, changed):
        """Remember the turns that were just taken.

        :param dict changed: user id -> `tools.distribution.Candidate`
        """
        for share in self:
            if candidate := changed.get(share.user_id.id):
                share.write({"turns": candidate.turns, "last_at": candidate.last_at})
