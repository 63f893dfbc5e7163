from odoo import api, models
from odoo.fields import Domain

from .estate_my_day import ROWS

TASK_VIEWS = {
    "list": "mail.mail_activity_view_tree_open_target",
    "kanban": "mail.mail_activity_view_kanban_open_target",
}


class MyDayTasks(models.AbstractModel):
    """The box of tasks left, for the properties and the enquiries of a user."""

    _inherit = "estate.my.day"

    @api.model
    def _get_boxes(self):
        return [*super()._get_boxes(), ("tasks", 15, "_prepare_tasks_box")]

    @api.model
    def _get_optional_boxes(self):
        return super()._get_optional_boxes() | {"tasks": self.env._("Tasks left")}

    @api.model
    def _get_boxes_with_criteria(self):
        return super()._get_boxes_with_criteria() | {"tasks"}

    @api.model
    def _prepare_tasks_box(self):
        """Return the tasks left until the end of the window, overdue ones included."""
        box = self._get_chosen_boxes().get("tasks")
        _first, last, kind = self._get_window("tasks")
        found = self._find_tasks(box.about if box else "both", last)
        domain = Domain("id", "in", found.ids)
        today = self._get_today()
        return {
            "count": len(found),
            "window": kind,
            "rows": [
                {
                    "id": task.id,
                    "model": task.res_model,
                    "record_id": task.res_id,
                    "title": task.summary or task.activity_type_id.name,
                    "about": task.res_name,
                    "at": task.date_deadline,
                    "is_overdue": task.date_deadline < today,
                }
                for task in found[:ROWS]
            ],
            "action": self._prepare_action(
                self.env._("Tasks left"), "mail.activity", domain, TASK_VIEWS
            ),
        }

    @api.model
    def _find_tasks(self, about, last):
        """Return the open tasks of the user until a date, the most urgent one first."""
        models_of = {
            "both": ("estate.property", "crm.lead"),
            "property": ("estate.property",),
            "lead": ("crm.lead",),
        }
        # Tasks of Odoo's own opportunities belong to another day of work.
        # sudo: crm.lead - only whose they are is read
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        ours = Domain("res_model", "!=", "crm.lead") | Domain(
            "res_id", "in", leads._search([("lead_role", "!=", False)])
        )
        # sudo: mail.activity - only the user's own tasks; Odoo's check of each record
        # behind them would cost a query a model
        return (
            self.env["mail.activity"]
            .sudo()
            .search_fetch(
                Domain("user_id", "=", self.env.uid)
                & Domain("date_deadline", "<=", last)
                & Domain("res_model", "in", models_of[about])
                & ours,
                [
                    *("res_model", "res_id", "res_name", "summary"),
                    *("activity_type_id", "date_deadline"),
                ],
                order="date_deadline, id",
            )
        )
