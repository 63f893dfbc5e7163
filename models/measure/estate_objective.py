from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import minimums

METRICS = [
    ("calls", "Calls"),
    ("processed_calls", "Processed calls"),
    ("positive_calls", "Positive calls"),
    ("viewings", "Viewings"),
    ("mandates", "Mandates"),
]


class Objective(models.Model):
    """The least somebody has to reach in a day, a week or a month."""

    _name = "estate.objective"
    _description = "Objective"
    _order = "company_id, team_id, user_id, metric, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    metric = fields.Selection(
        METRICS,
        required=True,
        default="processed_calls",
        help="Calls: attempts noted. Processed calls: attempts that ended otherwise "
        "than with no answer or busy. Positive calls: the owner agreed. Viewings: "
        "carried out. Mandates: owner leads won, for who is responsible for them.",
    )
    period = fields.Selection(
        [("day", "Day"), ("week", "Week"), ("month", "Month")],
        "In each",
        required=True,
        default="day",
        help="Only the days that a person works count, by his working hours and "
        "leaves; half a day counts half.",
    )
    minimum = fields.Float(required=True, digits=(12, 2))
    team_id = fields.Many2one(
        "crm.team", "Office", check_company=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users",
        "Person",
        check_company=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
        help="A person's own objective comes before that of the office, and this "
        "before that of the company (office and person empty).",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    active = fields.Boolean(default=True)

    _minimum_positive = models.Constraint(
        "CHECK(minimum > 0)",
        "A minimum must be above 0. Archive the objective when nothing is asked for.",
    )

    @api.depends("metric", "minimum", "team_id", "user_id")
    @api.depends_context("lang")
    def _compute_name(self):
        metrics = dict(self._fields["metric"]._description_selection(self.env))
        for objective in self:
            whose = objective.user_id or objective.team_id or objective.company_id
            objective.name = self.env._(
                "%(whose)s: %(metric)s",
                whose=whose.name or "",
                metric=metrics.get(objective.metric, ""),
            )

    @api.constrains("metric", "team_id", "user_id", "company_id", "active")
    def _check_one_of_each(self):
        groups = self._read_group(
            [("company_id", "in", self.company_id.ids)],
            ["company_id", "team_id", "user_id", "metric"],
            ["id:recordset"],
        )
        for *_key, objectives in groups:
            if len(objectives) > 1 and objectives & self:
                raise ValidationError(
                    self.env._(
                        "There is already an objective for %s. Change that one, or "
                        "archive it first.",
                        objectives[0].name,
                    )
                )

    def _gather_objectives(self):
        """Return these objectives as plain values."""
        return [
            minimums.Objective(
                key=objective.id,
                metric=objective.metric,
                period=objective.period,
                minimum=objective.minimum,
                user=objective.user_id.id or None,
                team=objective.team_id.id or None,
            )
            for objective in self
        ]

    @api.model
    def _choose_for(self, users, company, posts):
        """Return user -> {metric: `minimums.Objective`}, in few queries for all.

        :param users: `res.users`
        :param company: `res.company` whose objectives are asked
        :param posts: where they work, see `_get_posts` of `estate.work.days`
        """
        # sudo: estate.objective - what is asked of a person, he may know; whose figures
        # are told is decided by who calls
        mine = self.sudo()
        objectives = mine.search_fetch(
            [("company_id", "=", company.id)],
            ["metric", "period", "minimum", "user_id", "team_id"],
        )
        if not objectives:
            return {}
        gathered = objectives._gather_objectives()
        chosen = {
            user: minimums.choose(
                gathered, user.id, {office for office, _hours in posts[user.id]}
            )
            for user in users
        }
        return {user: found for user, found in chosen.items() if found}
