from odoo import api, models
from odoo.fields import Domain

from .estate_my_day import ROWS

VIEWS = {
    "list": "crm_real_estate.estate_mandate_view_list",
    "kanban": "crm_real_estate.estate_mandate_view_kanban",
    "form": "crm_real_estate.estate_mandate_view_form",
}


class MyDayMandates(models.AbstractModel):
    """The box of silent mandates: owners who wait longer than they were promised."""

    _inherit = "estate.my.day"

    @api.model
    def _get_boxes(self):
        return [*super()._get_boxes(), ("mandates", 25, "_prepare_mandates_box")]

    @api.model
    def _get_optional_boxes(self):
        return super()._get_optional_boxes() | {
            "mandates": self.env._("Silent mandates")
        }

    @api.model
    def _get_boxes_with_criteria(self):
        return super()._get_boxes_with_criteria() | {"mandates"}

    @api.model
    def _prepare_mandates_box(self):
        """Return the silent mandates; None for whom no mandate waits for news."""
        mandates = self.env["estate.mandate"]
        if not mandates.has_access("read"):
            return None
        awaiting = mandates._read_awaiting(self._get_mandates_domain())
        if not awaiting:
            return None
        silent = sorted(
            (row[:4] for row in awaiting if row[4]), key=lambda row: (row[3], row[0])
        )
        domain = Domain("id", "in", [row[0] for row in silent])
        return {
            "count": len(silent),
            "rows": [
                {"id": mandate_id, "title": name, "last_on": last, "at": due}
                for mandate_id, name, last, due in silent[:ROWS]
            ],
            "action": self._prepare_action(
                self.env._("Silent mandates"), mandates._name, domain, VIEWS
            ),
        }

    @api.model
    def _get_mandates_domain(self):
        box = self._get_chosen_boxes().get("mandates")
        scope = box.scope if box else "mine"
        if scope == "office":
            return Domain("property_id.team_id", "in", self._get_my_offices().ids)
        if scope == "all":
            return Domain.TRUE
        mine = Domain("agent_id", "=", self.env.uid)
        return mine | (
            Domain("agent_id", "=", False)
            & Domain("property_id.agent_id", "=", self.env.uid)
        )
