from datetime import timedelta

from odoo import api, models
from odoo.fields import Datetime, Domain

VIEWS = {
    "list": "crm_real_estate.estate_response_report_view_list",
    "kanban": "crm_real_estate.estate_response_report_view_kanban",
    "pivot": "crm_real_estate.estate_response_report_view_pivot",
}


class MyDayResponse(models.AbstractModel):
    """The box of response times, which a user adds to his day and sets up."""

    _inherit = "estate.my.day"

    @api.model
    def _get_boxes(self):
        return [*super()._get_boxes(), ("response", 50, "_prepare_response_box")]

    @api.model
    def _get_optional_boxes(self):
        return super()._get_optional_boxes() | {
            "response": self.env._("Response times")
        }

    @api.model
    def _get_hidden_boxes(self):
        return super()._get_hidden_boxes() | {"response"}

    @api.model
    def _get_boxes_with_criteria(self):
        return super()._get_boxes_with_criteria() | {"response"}

    @api.model
    def _prepare_response_box(self):
        """Return what was received and answered in the last hours, and the mean."""
        box = self._get_chosen_boxes()["response"]
        report = self.env["estate.response.report"]
        now = Datetime.now()
        since = now - timedelta(hours=box.hours)
        mine = self._get_response_domain(box)
        received = mine & Domain("received_at", ">", since)
        answered = (
            mine
            & Domain("first_response_at", ">", since)
            & Domain("first_response_at", "<=", now)
        )
        ((count, mean),) = report._read_group(
            answered, [], ["__count", "response_minutes:avg"]
        )
        return {
            "count": report.search_count(received),
            "answered": count,
            "mean": self.env["estate.response.time"]._get_duration_text(
                mean if count else None
            ),
            "hours": box.hours,
            "criteria": self._get_response_criteria(box),
            "action": self._prepare_action(
                self.env._("Received"), report._name, received, VIEWS
            ),
            "answered_action": self._prepare_action(
                self.env._("Answered"), report._name, answered, VIEWS
            ),
        }

    @api.model
    def _get_response_domain(self, box):
        domain = Domain.TRUE
        if box.pipeline:
            domain &= Domain("pipeline", "=", box.pipeline)
        if box.scope == "mine":
            domain &= Domain("person_id", "=", self.env.uid)
        elif box.scope == "office":
            domain &= Domain("team_id", "in", self._get_my_offices().ids)
        return domain

    @api.model
    def _get_response_criteria(self, box):
        """Return the words of the criteria that a user chose."""
        names = ("pipeline", "scope") if box.pipeline else ("scope",)
        labels = [
            dict(box._fields[name]._description_selection(self.env))[box[name]]
            for name in names
        ]
        return ", ".join(labels)
