from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain

from ..models.measure.estate_objective import METRICS

STEPS = ("received", "called", "processed", "positive", "mandate")
RESULTS = [("pass", "Pass"), ("fail", "Fail")]


class CallFigures(models.TransientModel):
    """The call centre over some days: its funnel, and who reached his minimum."""

    _name = "estate.call.figures"
    _description = "Call centre figures"
    _inherit = "estate.figures.screen.mixin"

    team_id = fields.Many2one(
        "crm.team",
        "Office",
        domain="[('is_estate_office', '=', True), "
        "('company_id', 'in', (False, company_id))]",
    )
    by_day = fields.Boolean("Day by day")
    is_manager = fields.Boolean(compute="_compute_is_manager")

    # The funnel of the leads received in these days
    received = fields.Integer(compute="_compute_funnel")
    called = fields.Integer(compute="_compute_funnel")
    processed = fields.Integer(compute="_compute_funnel")
    positive = fields.Integer(compute="_compute_funnel")
    mandate = fields.Integer("Mandates", compute="_compute_funnel")
    processed_share = fields.Float(
        "Processed / received", compute="_compute_funnel", digits=(3, 4)
    )
    positive_share = fields.Float(
        "Positive / processed", compute="_compute_funnel", digits=(3, 4)
    )

    line_ids = fields.One2many(
        "estate.call.figures.line",
        "figures_id",
        "People",
        compute="_compute_line_ids",
        store=True,
    )
    has_calls = fields.Boolean(compute="_compute_asked")
    has_processed_calls = fields.Boolean(compute="_compute_asked")
    has_positive_calls = fields.Boolean(compute="_compute_asked")
    has_viewings = fields.Boolean(compute="_compute_asked")
    has_mandates = fields.Boolean(compute="_compute_asked")

    # === COMPUTE ===

    @api.depends_context("uid")
    def _compute_is_manager(self):
        self.is_manager = self._may_see_everybody()

    @api.depends("date_from", "date_to", "team_id")
    @api.depends_context("uid", "tz")
    def _compute_funnel(self):
        for figures in self:
            report = self.env["estate.funnel.report"]
            sums = [f"{step}:sum" for step in STEPS]
            shares = ["processed_share:avg", "positive_share:avg"]
            found = report._read_group(figures._get_funnel_domain(), [], sums + shares)
            for name, value in zip((*sums, *shares), found[0], strict=True):
                figures[name.partition(":")[0]] = value or 0

    @api.depends("date_from", "date_to", "team_id", "by_day")
    def _compute_line_ids(self):
        for figures in self:
            rows = figures._get_rows() if figures._has_days() else []
            figures.line_ids = [
                Command.clear(),
                *(Command.create(figures._prepare_line_vals(row)) for row in rows),
            ]

    @api.depends("line_ids")
    def _compute_asked(self):
        for figures in self:
            for metric, _label in METRICS:
                figures[f"has_{metric}"] = any(
                    figures.line_ids.mapped(f"{metric}_result")
                )

    # === WHO ===

    @api.model
    def _may_see_everybody(self):
        return self.env.user.has_group("crm_real_estate.group_office_manager")

    def _get_people(self):
        """Return whose figures are shown: an operator's are his own alone."""
        if not self._may_see_everybody():
            return self.env.user
        # sudo: crm.team.member - a manager sees who works in his company's offices
        members = self.env["crm.team.member"].sudo()
        if self.team_id:
            domain = Domain("crm_team_id", "=", self.team_id._origin.id)
            return members.search(domain).user_id
        offices = Domain("crm_team_id.is_estate_office", "=", True) & Domain(
            "crm_team_id.company_id", "in", (False, self.company_id.id)
        )
        objectives = self.env["estate.objective"].search(
            [("company_id", "=", self.company_id.id), ("user_id", "!=", False)]
        )
        calls = self.env["estate.call"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("started_at", ">=", fields.Datetime.to_datetime(self.date_from)),
                ("started_at", "<", self.date_to + timedelta(days=1)),
            ],
            ["user_id"],
        )
        rang = self.env["res.users"].union(*(user for (user,) in calls))
        return members.search(offices).user_id | objectives.user_id | rang

    # === ROWS ===

    def _get_rows(self):
        people = self._get_people().sorted(lambda user: (user.name or "", user.id))
        rows = self.env["estate.figures"]._get_figures(
            people,
            self.company_id,
            self.date_from,
            self.date_to,
            fields.Date.context_today(self),
            by_day=self.by_day,
        )
        return [row for row in rows if row["has_minimum"] or row["is_counted"]]

    # === DRILL-DOWN ===

    def _get_funnel_domain(self):
        """Return the domain of the leads received in these days, in the user's zone."""
        if not self._has_days():
            return Domain.FALSE
        domain = (
            Domain("company_id", "=", self.company_id.id)
            # A date covers its day in the zone of the user.
            & Domain("received_at", ">=", self.date_from)
            & Domain("received_at", "<=", self.date_to)
        )
        if self.team_id:
            domain &= Domain("team_id", "=", self.team_id._origin.id)
        if not self._may_see_everybody():
            domain &= Domain("operator_id", "=", self.env.uid)
        return domain

    def action_open_funnel(self):
        """Open the leads that a step of the funnel counts; context `estate_step`."""
        self.ensure_one()
        self.check_access("read")
        domain = self._get_funnel_domain()
        step = self.env.context.get("estate_step")
        if step in STEPS:
            domain &= Domain(step, "=", 1)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_real_estate.estate_funnel_report_action"
        )
        return {
            **action,
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": list(domain),
            "context": {},
        }

    def action_open_list(self):
        """Open the people as a list of its own, to sort, group and export it."""
        name = self.env._(
            "Call centre %(first)s to %(last)s",
            first=self.date_from,
            last=self.date_to,
        )
        return self._open_lines(name, "estate.call.figures.line", "figures_id")

    @api.model
    def _open(self):
        """Return the action of the screen, with the figures of this month."""
        return self._open_screen(self.env._("Call centre"))

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for figures in self:
            figures.display_name = self.env._("Call centre")


def _make_figure(label):
    return fields.Integer(label, readonly=True)


def _make_minimum(label):
    return fields.Float(label, readonly=True, digits=(12, 1))


def _make_result(label):
    return fields.Selection(RESULTS, label, readonly=True)


class CallFiguresLine(models.TransientModel):
    """The figures of one person over some days, or on one of them."""

    _name = "estate.call.figures.line"
    _description = "Call centre figures of a person"
    _order = "id"
    _rec_name = "user_id"

    figures_id = fields.Many2one(
        "estate.call.figures", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", "Person", readonly=True, ondelete="cascade")
    day = fields.Date(readonly=True)
    work_days = fields.Float(
        "Worked days",
        readonly=True,
        digits=(12, 1),
        help="Days of the working hours up to today, leaves and days off not counted, "
        "half a day as half.",
    )
    calls = _make_figure("Calls")
    calls_minimum = _make_minimum("Minimum of calls")
    calls_result = _make_result("Calls: result")
    processed_calls = _make_figure("Processed calls")
    processed_calls_minimum = _make_minimum("Minimum of processed calls")
    processed_calls_result = _make_result("Processed calls: result")
    positive_calls = _make_figure("Positive calls")
    positive_calls_minimum = _make_minimum("Minimum of positive calls")
    positive_calls_result = _make_result("Positive calls: result")
    viewings = _make_figure("Viewings")
    viewings_minimum = _make_minimum("Minimum of viewings")
    viewings_result = _make_result("Viewings: result")
    mandates = _make_figure("Mandates")
    mandates_minimum = _make_minimum("Minimum of mandates")
    mandates_result = _make_result("Mandates: result")
