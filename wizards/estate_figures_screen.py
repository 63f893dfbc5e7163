from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import minimums

# The longest time that is looked at at once, in days.
MOST_DAYS = 366


class FiguresScreen(models.AbstractModel):
    """A screen of figures over some days: which days, of which company."""

    _name = "estate.figures.screen.mixin"
    _description = "Screen of figures"

    period = fields.Selection(
        [
            ("today", "Today"),
            ("yesterday", "Yesterday"),
            ("week", "This week"),
            ("last_week", "Last week"),
            ("month", "This month"),
            ("last_month", "Last month"),
            ("custom", "Other days"),
        ],
        required=True,
        default="month",
    )
    date_from = fields.Date(
        "From",
        compute="_compute_dates",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    date_to = fields.Date(
        "To",
        compute="_compute_dates",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    @api.depends("period")
    @api.depends_context("tz")
    def _compute_dates(self):
        today = fields.Date.context_today(self)
        month = minimums.get_bounds("month", today)
        week = minimums.get_bounds("week", today)
        yesterday = today - timedelta(days=1)
        bounds = {
            "today": (today, today),
            "yesterday": (yesterday, yesterday),
            "week": week,
            "last_week": tuple(day - timedelta(days=7) for day in week),
            "month": month,
            "last_month": minimums.get_bounds("month", month[0] - timedelta(days=1)),
        }
        for figures in self:
            kept = (figures.date_from or today, figures.date_to or today)
            chosen = bounds.get(figures.period, kept)
            figures.date_from, figures.date_to = chosen

    @api.constrains("date_from", "date_to")
    def _check_days(self):
        for figures in self:
            if not figures._has_days():
                raise ValidationError(
                    self.env._(
                        "Choose a first day that is not after the last one, and at "
                        "most %s days.",
                        MOST_DAYS,
                    )
                )

    def _has_days(self):
        if not (self.date_from and self.date_to):
            return False
        return 0 <= (self.date_to - self.date_from).days < MOST_DAYS

    @api.model
    def _prepare_line_vals(self, row):
        vals = {
            "user_id": row["user"].id,
            "day": row["day"],
            "work_days": row["work_days"],
        }
        for metric, (figure, minimum, result) in row["metrics"].items():
            vals |= {
                metric: figure,
                f"{metric}_minimum": minimum or 0,
                f"{metric}_result": result,
            }
        return vals

    # === WINDOWS ===

    def _open_lines(self, name, model, field, kinds=("list",)):
        """Return the action of the lines as a list of its own, to sort and export it.

        :param str name: title of the window
        :param str field: field of `model` that leads to this screen
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, kind) for kind in kinds],
            "domain": [(field, "=", self.id)],
        }

    @api.model
    def _open_screen(self, name):
        """Return the action of the screen, with the figures of its first period."""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "res_id": self.create({}).id,
            "views": [(False, "form")],
        }
