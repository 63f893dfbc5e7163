from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.dispatch.dispatch_replay import ReplayRun
from ..models.dispatch.estate_dispatch_rule import STRATEGIES

SIDES = [("old", "As it was"), ("new", "With the change")]


class DispatchReplay(models.TransientModel):
    """A changed rule over the leads of the last days: who would have got what."""

    _name = "estate.dispatch.replay"
    _description = "Replay of the distribution"

    rule_id = fields.Many2one(
        "estate.dispatch.rule",
        "Rule to change",
        required=True,
        ondelete="cascade",
        default=lambda self: self._get_first_rule(),
        help="An archived rule is tried as if it were switched on.",
    )
    step = fields.Selection(related="rule_id.step")
    days = fields.Integer("Last days", default=30, required=True)
    strategy = fields.Selection(
        STRATEGIES,
        compute="_compute_changes",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    domain = fields.Char(
        "Applies to",
        compute="_compute_changes",
        store=True,
        readonly=False,
        precompute=True,
    )
    team_id = fields.Many2one(
        "crm.team",
        compute="_compute_changes",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        ondelete="cascade",
    )
    last_resort_id = fields.Many2one(
        "res.users",
        compute="_compute_changes",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('share', '=', False)]",
        ondelete="cascade",
    )
    line_ids = fields.One2many("estate.dispatch.replay.line", "replay_id")
    problems = fields.Json(readonly=True)
    result = fields.Html(compute="_compute_result", sanitize=False)

    @api.model
    def _get_first_rule(self):
        rules = self.env["estate.dispatch.rule"]
        return rules.search([("company_id", "=", self.env.company.id)], limit=1)

    @api.depends("rule_id")
    def _compute_changes(self):
        for replay in self:
            for name in ("strategy", "domain", "team_id", "last_resort_id"):
                replay[name] = replay.rule_id[name]

    # === REPLAY ===

    def action_replay(self):
        """Decide once more, and show old against new."""
        self.ensure_one()
        if not 1 <= self.days <= 366:
            raise UserError(self.env._("Choose between 1 and 366 days to replay."))
        rows = self._get_rows()
        rules = self._make_rules()
        # sudo: estate.dispatch.decision - the rows are those the user may read; the
        # engine reads their leads, and only counts, names and fees are shown
        run = ReplayRun(rows.sudo(), self.step, rules, fields.Datetime.now())
        self.line_ids.unlink()
        self.env["estate.dispatch.replay.line"].create(
            [
                {"replay_id": self.id, "decision_id": row.id, "side": side, **values}
                for row, decision in run.decide()
                for side, values in self._prepare_sides(row, decision)
            ]
        )
        self.problems = dict(run.problems)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Replay"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_rows(self):
        since = fields.Datetime.now() - timedelta(days=self.days)
        return self.env["estate.dispatch.decision"].search(
            [
                ("step", "=", self.step),
                ("decided_at", ">=", since),
                ("company_id", "=", self.rule_id.company_id.id),
            ]
        )

    def _make_rules(self):
        """Return the rules of the step, the chosen one as changed here, in order."""
        # sudo: estate.dispatch.rule - as the engine reads them; nothing is written
        rules = self.env["estate.dispatch.rule"].sudo()
        active = rules.search([("step", "=", self.step)])
        changed = rules.new(
            {
                "strategy": self.strategy,
                "domain": self.domain,
                "team_id": self.team_id.id,
                "last_resort_id": self.last_resort_id.id,
            },
            origin=self.rule_id.sudo(),  # sudo: estate.dispatch.rule - see above
        )
        changed._get_domain()
        kept = [changed if rule == self.rule_id else rule for rule in active]
        if self.rule_id not in active:
            kept.append(changed)
        kept.sort(key=lambda rule: (rule.sequence, rule._origin.id))
        return rules.concat(*kept)

    def _prepare_sides(self, row, decision):
        """Yield (side, values) of the old and of the new decision about one lead."""
        is_changed = row.user_id != decision.user
        for side, user in (("old", row.user_id), ("new", decision.user)):
            yield (
                side,
                {
                    "lead_id": row.lead_id.id,
                    "user_id": user.id,
                    "person": user.name or self.env._("Pool"),
                    "value": row.lead_id.expected_revenue,
                    "is_changed": is_changed,
                },
            )

    # === RESULT ===

    @api.depends("line_ids", "problems")
    @api.depends_context("lang")
    def _compute_result(self):
        for replay in self:
            is_done = replay.line_ids or replay.problems is not False
            replay.result = replay._render_result() if is_done else False

    def _render_result(self):
        groups = self.env["estate.dispatch.replay.line"]._read_group(
            [("replay_id", "=", self.id)],
            ["person", "side"],
            ["__count", "value:sum"],
        )
        people = {}
        for person, side, count, value in groups:
            people.setdefault(person, {})[side] = (count, value)
        changed = self.line_ids.filtered(
            lambda line: line.is_changed and line.side == "new"
        )
        return self.env["ir.qweb"]._render(
            "crm_real_estate.dispatch_replay_result",
            {
                "people": sorted(people.items()),
                "total": len(self.line_ids) // 2,
                "changed": len(changed),
                "problems": [
                    (count, self._tell_problem(code))
                    for code, count in sorted((self.problems or {}).items())
                ],
                "currency": self.rule_id.company_id.currency_id,
            },
        )

    @api.model
    def _tell_problem(self, code):
        return {
            "lead_gone": self.env._("the lead is deleted or merged"),
            "no_estate_lead": self.env._("the lead is no real estate lead any more"),
            "not_by_rules": self.env._("claimed, taken back or given by hand"),
        }[code]

    def action_open_lines(self):
        """Open old against new as pivot, graph and list."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_real_estate.estate_dispatch_replay_line_action"
        )
        action["domain"] = [("replay_id", "=", self.id)]
        return action


class DispatchReplayLine(models.TransientModel):
    """One lead on one side of a replay."""

    _name = "estate.dispatch.replay.line"
    _description = "Line of a replay"
    _order = "id"
    _rec_name = "person"

    replay_id = fields.Many2one(
        "estate.dispatch.replay", required=True, ondelete="cascade", index=True
    )
    decision_id = fields.Many2one("estate.dispatch.decision", ondelete="cascade")
    lead_id = fields.Many2one("crm.lead", ondelete="cascade")
    side = fields.Selection(SIDES, required=True)
    user_id = fields.Many2one("res.users", ondelete="cascade")
    person = fields.Char("Given to")
    value = fields.Monetary("Expected fee")
    is_changed = fields.Boolean("Somebody else")
    currency_id = fields.Many2one(related="replay_id.rule_id.company_id.currency_id")
