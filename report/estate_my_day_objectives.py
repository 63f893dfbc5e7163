from odoo import api, models

from ..models.measure.estate_objective import METRICS
from .estate_my_day import LEAD_VIEWS
from .estate_my_day_viewings import VIEWS as VIEWING_VIEWS

# Objectives that a window of time looks at: a week asks for its days, too.
PERIODS = {
    "day": ("day",),
    "week": ("day", "week"),
    "month": ("day", "week", "month"),
}

VIEWS = {
    "crm.lead": LEAD_VIEWS,
    "estate.call": {
        "list": "crm_real_estate.estate_call_view_list",
        "kanban": "crm_real_estate.estate_call_view_kanban",
    },
    "estate.viewing": VIEWING_VIEWS,
}


class MyDayObjectives(models.AbstractModel):
    """The box of objectives: what is asked of a user, and how far he is."""

    _inherit = "estate.my.day"

    @api.model
    def _get_boxes(self):
        return [*super()._get_boxes(), ("objectives", 40, "_prepare_objectives_box")]

    @api.model
    def _get_optional_boxes(self):
        return super()._get_optional_boxes() | {"objectives": self.env._("Objectives")}

    @api.model
    def _get_boxes_with_criteria(self):
        return super()._get_boxes_with_criteria() | {"objectives"}

    @api.model
    def _prepare_objectives_box(self):
        """Return what is asked of the user; None when nothing is, as on leave.

        Of a week or a month all is asked that the whole of it asks for.
        """
        user, company = self.env.user, self.env.company
        figures = self.env["estate.figures"]
        posts, objectives = figures._get_asked(user, company)
        chosen = objectives.get(user, {})
        first, last, kind = self._get_window("objectives")
        asked = {name for name, one in chosen.items() if one.period in PERIODS[kind]}
        if not asked:
            return None
        (row,) = figures._get_figures(
            user, company, first, last, last, known=(posts, objectives)
        )
        metric = self.env["estate.objective"]._fields["metric"]
        names = dict(metric._description_selection(self.env))
        rows = [
            {
                **self._prepare_objective_row(metric, *row["metrics"][metric]),
                "name": names[metric],
                "action": self._prepare_figure_action(
                    names[metric], metric, first, last
                ),
            }
            for metric, _label in METRICS
            if metric in asked and row["metrics"][metric][1]
        ]
        if not rows:
            return None
        return {
            "count": sum(not row["is_reached"] for row in rows),
            "window": kind,
            "rows": rows,
            # By its name: reading the action would take more queries than the box.
            "action": "crm_real_estate.estate_call_figures_action",
        }

    @api.model
    def _prepare_figure_action(self, title, metric, first, last):
        """Return the action that opens exactly what a figure counts."""
        user, company = self.env.user, self.env.company
        model, domain = self.env["estate.figures"]._get_records_of(
            metric, user, company, first, last
        )
        action = self._prepare_action(title, model, domain, VIEWS[model])
        # A lead that was won and archived since counts, too.
        return {**action, "context": {"active_test": False}}

    @api.model
    def _prepare_objective_row(self, metric, figure, minimum, result):
        return {
            "metric": metric,
            "figure": figure,
            # 20 rather than 20.0; half a day may ask for 1.5.
            "minimum": int(minimum) if minimum == int(minimum) else minimum,
            "percent": round(100 * figure / minimum) if minimum else 100,
            "is_reached": result == "pass",
        }
