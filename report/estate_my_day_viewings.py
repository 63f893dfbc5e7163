from datetime import datetime, time, timedelta

import pytz

from odoo import api, models
from odoo.fields import Datetime, Domain

from .estate_my_day import ROWS

DAY = timedelta(days=1)
VIEWS = {
    "list": "crm_real_estate.estate_viewing_view_list",
    "form": "crm_real_estate.estate_viewing_view_form",
}


class MyDayViewings(models.AbstractModel):
    """The box of viewings, which asks how past ones went."""

    _inherit = "estate.my.day"

    @api.model
    def _get_boxes(self):
        return [*super()._get_boxes(), ("viewings", 10, "_prepare_viewings_box")]

    @api.model
    def _get_optional_boxes(self):
        return super()._get_optional_boxes() | {"viewings": self.env._("Viewings")}

    @api.model
    def _get_boxes_with_criteria(self):
        return super()._get_boxes_with_criteria() | {"viewings"}

    @api.model
    def _prepare_viewings_box(self):
        """Return the viewings of the window; of today all, of more the next ones."""
        viewings = self.env["estate.viewing"]
        mine = Domain("agent_id", "=", self.env.uid)
        first, last, kind = self._get_window("viewings")
        start, stop = self._get_midnight(first), self._get_midnight(last + DAY)
        today = self._get_midnight(self._get_today())
        window = mine & Domain("start", ">=", start) & Domain("start", "<", stop)
        shown = window & Domain("state", "in", ("planned", "done", "no_show"))
        overdue = mine & Domain("start", "<", today) & Domain("state", "=", "planned")
        both = self._read_rows(viewings._name, shown | overdue, "start", ["state"])
        late = [row for row in both if row[3] < today and row[4] == "planned"]
        found = [
            row for row in both if start <= row[3] < stop and row[4] != "cancelled"
        ]
        rows = found
        if kind != "day":
            rows = [row for row in found if row[3] >= today][:ROWS]
        now = Datetime.now()
        return {
            "count": len(found),
            "window": kind,
            "rows": [self._prepare_viewing_row(now, *row) for row in rows],
            "action": self._prepare_action(
                self._get_viewings_title(kind), viewings._name, shown, VIEWS
            ),
            "overdue": {
                "count": len(late),
                "action": self._prepare_action(
                    self.env._("Viewings without an outcome"),
                    viewings._name,
                    overdue,
                    VIEWS,
                ),
            },
        }

    @api.model
    def _get_viewings_title(self, kind):
        return {
            "day": self.env._("Viewings today"),
            "week": self.env._("Viewings this week"),
            "month": self.env._("Viewings this month"),
        }[kind]

    @api.model
    def _get_midnight(self, day):
        """Return when a day of the user begins (naive UTC)."""
        zone = pytz.timezone(self._get_zone())
        midnight = zone.localize(datetime.combine(day, time.min))
        return midnight.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _prepare_viewing_row(self, now, viewing_id, title, contact, start, state):
        states = self.env["estate.viewing"]._fields["state"]
        return {
            "id": viewing_id,
            "title": title,
            "contact": contact,
            "at": start,
            "state": state,
            "state_name": dict(states._description_selection(self.env))[state],
            "is_past": start <= now,
        }
