from odoo import api, fields, models


class DispatchShare(models.Model):
    """What a person got by a rule so far: the memory that keeps the shares even."""

    _name = "estate.dispatch.share"
    _description = "Share of a distribution rule"
    _order = "rule_id, lead_count, last_at, id"
    _rec_name = "user_id"

    rule_id = fields.Many2one(
        "estate.dispatch.rule", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="cascade"
    )
    lead_count = fields.Integer(readonly=True)
    last_at = fields.Datetime(readonly=True)
    company_id = fields.Many2one(related="rule_id.company_id", store=True)

    _share_uniq = models.Constraint("UNIQUE(rule_id, user_id)", "One share for each person.")

    @api.model
    def _get_for(self, rule, users):
        """Return the shares of `users`; who is new starts level with who has least."""
        shares = self.search([("rule_id", "=", rule.id), ("user_id", "in", users.ids)])
        missing = users - shares.user_id
        if missing:
            least = min(shares.mapped("lead_count"), default=0)
            shares |= self.create(
                [
                    {"rule_id": rule.id, "user_id": user.id, "lead_count": least}
                    for user in missing
                ]
            )
        return shares
