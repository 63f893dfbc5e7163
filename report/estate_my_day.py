from operator import itemgetter

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Datetime, Domain

from ..models import inner
from ..models.measure.estate_objective import METRICS

# How many records a box lists; its number counts, and opens, all of them.
ROWS = 5
# Objectives that a window of time looks at: a week asks for its days, too.
PERIODS = {
    "day": ("day",),
    "week": ("day", "week"),
    "month": ("day", "week", "month"),
}
LEAD_VIEWS = {
    "list": "crm_real_estate.crm_lead_view_list_estate",
    "form": "crm_real_estate.crm_lead_view_form_estate",
}
VIEWING_VIEWS = {
    "list": "crm_real_estate.estate_viewing_view_list",
    "form": "crm_real_estate.estate_viewing_view_form",
}


class MyDay(models.AbstractModel):
    """The first screen of the day: boxes with what waits for the user."""

    _name = "estate.my.day"
    _description = "My day"

    @api.model
    @api.readonly
    def get_boxes(self):
        """Return the boxes of the user, the most urgent one first.

        :return: list of dicts of `code` (key of the box's component in the browser) and
            what the box shows
        """
        chosen = self._get_chosen_boxes()
        boxes = sorted(self._get_boxes(), key=itemgetter(1, 0))
        ids = tuple(box.id for box in chosen.values())
        screen = inner.say(self, my_day_boxes=ids)
        shown = [
            (code, getattr(screen, method)())
            for code, _order, method in boxes
            if self._is_shown(code, chosen)
        ]
        return [{"code": code, **box} for code, box in shown if box is not None]

    @api.model
    def _get_boxes(self):
        """Return (code, sequence, name of the method) of each box, which rooms add to.

        An agent sees his appointments first, an operator his calls.
        """
        is_agent = self.env.user.has_group("crm_real_estate.group_agent")
        return [
            ("calls", 30 if is_agent else 5, "_prepare_calls_box"),
            ("viewings", 10, "_prepare_viewings_box"),
            ("enquiries", 20, "_prepare_enquiries_box"),
            ("objectives", 40, "_prepare_objectives_box"),
        ]

    # === WHAT A USER CHOSE ===

    @api.model
    def _get_optional_boxes(self):
        """Return code -> title of each box that only shows when a user adds it."""
        return {}

    @api.model
    def _get_boxes_with_criteria(self):
        """Return the codes of the boxes that a user sets up."""
        return set()

    @api.model
    def _get_chosen_boxes(self):
        """Return code -> what the user chose about that box, read once a request."""
        ids = inner.hear(self.env, "my_day_boxes")
        boxes = self.env["estate.my.day.box"]
        if ids is None:
            return boxes._get_of_user()
        return {box.code: box for box in boxes.browse(ids)}

    @api.model
    def _is_shown(self, code, chosen):
        if code in chosen:
            return chosen[code].is_shown
        return code not in self._get_optional_boxes()

    @api.model
    @api.readonly
    def get_screen(self):
        """Return all that the screen shows, in one request.

        :return: dict of the `boxes`, the optional ones with what may be done to them,
            and those that may be added: `addable`, a list of `code` and `title`
        """
        boxes = self.get_boxes()
        shown = {box["code"] for box in boxes}
        optional = self._get_optional_boxes()
        with_criteria = self._get_boxes_with_criteria()
        for box in boxes:
            box["is_removable"] = box["code"] in optional
            box["has_criteria"] = box["code"] in with_criteria
        return {
            "boxes": boxes,
            "addable": [
                {"code": code, "title": title}
                for code, title in optional.items()
                if code not in shown
            ],
        }

    @api.model
    def add_box(self, code):
        """Show a box on the screen of the user from now on."""
        self._get_chosen(code).is_shown = True

    @api.model
    def remove_box(self, code):
        """Show a box no more; its criteria are kept for when it is added again."""
        self._get_chosen(code).is_shown = False

    @api.model
    def set_up_box(self, code):
        """Return the action that opens the criteria of a box of the user."""
        box = self._get_chosen(code)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set up this box"),
            "res_model": box._name,
            "res_id": box.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _get_chosen(self, code):
        """Return the user's row of a box that he may add, remove or set up."""
        if code not in {*self._get_optional_boxes(), *self._get_boxes_with_criteria()}:
            raise UserError(self.env._("There is no such box."))
        return self.env["estate.my.day.box"]._ensure(code)

    @api.model
    def _prepare_action(self, title, model, domain, views):
        """Return the action that opens exactly the records a number counts.

        :param dict views: view type -> XML id, the first one is shown
        """
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(get_id(xmlid), kind) for kind, xmlid in views.items()],
            "domain": list(domain),
        }

    # === CALLS ===

    @api.model
    def _prepare_calls_box(self):
        leads = self.env["crm.lead"]
        now = Datetime.now()
        mine = self.env["estate.call.queue"]._get_scope_domain("mine")
        due = mine & Domain("next_call_at", "<=", now)
        later = mine & Domain("next_call_at", ">", now)
        box = self._prepare_lead_box(due, "next_call_at")
        # When nothing is due, the next moment is told.
        following = (
            leads
            if box["count"]
            else leads.search_fetch(
                later, ["next_call_at"], limit=1, order="next_call_at, id"
            )
        )
        return {
            **box,
            "action": self._prepare_action(
                self.env._("Calls due"), leads._name, due, LEAD_VIEWS
            ),
            "next_at": following.next_call_at,
        }

    @api.model
    def _prepare_lead_box(self, domain, moment):
        """Return the number of the leads of a box and the first of them.

        :param str moment: field to sort by and to show
        """
        leads = self.env["crm.lead"]
        names = ["name", "property_id", "partner_id", moment]
        first = leads.search_fetch(domain, names, limit=ROWS, order=f"{moment}, id")
        return {
            "count": len(first) if len(first) < ROWS else leads.search_count(domain),
            "rows": [
                {
                    "id": lead.id,
                    "title": lead.property_id.name or lead.name,
                    "contact": lead.partner_id.name,
                    "at": lead[moment],
                }
                for lead in first
            ],
        }

    # === VIEWINGS ===

    @api.model
    def _prepare_viewings_box(self):
        viewings = self.env["estate.viewing"]
        mine = Domain("agent_id", "=", self.env.uid)
        # Midnight in the time zone of the user.
        today = (
            mine & Domain("start", ">=", "today") & Domain("start", "<", "today +1d")
        )
        shown = today & Domain("state", "in", ("planned", "done", "no_show"))
        overdue = mine & Domain("start", "<", "today") & Domain("state", "=", "planned")
        names = ["property_id", "partner_id", "start", "state"]
        both = viewings.search_fetch(shown | overdue, names, order="start, id")
        found = both.filtered_domain(shown)
        now = Datetime.now()
        return {
            "count": len(found),
            "rows": [self._prepare_viewing_row(viewing, now) for viewing in found],
            "action": self._prepare_action(
                self.env._("Viewings today"), viewings._name, shown, VIEWING_VIEWS
            ),
            "overdue": {
                "count": len(both - found),
                "action": self._prepare_action(
                    self.env._("Viewings without an outcome"),
                    viewings._name,
                    overdue,
                    VIEWING_VIEWS,
                ),
            },
        }

    @api.model
    def _prepare_viewing_row(self, viewing, now):
        states = dict(viewing._fields["state"]._description_selection(self.env))
        return {
            "id": viewing.id,
            "title": viewing.property_id.name,
            "contact": viewing.partner_id.name,
            "at": viewing.start,
            "state": viewing.state,
            "state_name": states[viewing.state],
            "is_past": viewing.start <= now,
        }

    # === ENQUIRIES ===

    @api.model
    def _prepare_enquiries_box(self):
        waiting = (
            Domain("user_id", "=", self.env.uid)
            & Domain("lead_role", "=", "seeker")
            & Domain("won_status", "=", "pending")
            & Domain("phase_number", "=", 2)
        )
        return {
            **self._prepare_lead_box(waiting, "received_at"),
            "action": self._prepare_action(
                self.env._("Enquiries to answer"), "crm.lead", waiting, LEAD_VIEWS
            ),
        }

    # === OBJECTIVES ===

    @api.model
    def _prepare_objectives_box(self):
        """Return what is asked of the user; None when nothing is, as on leave.

        Of a week or a month all is asked that the whole of it asks for.
        """
        user, company = self.env.user, self.env.company
        chosen = self.env["estate.objective"]._choose_for(user, company).get(user, {})
        first, last, kind = self._get_window("objectives")
        asked = {name for name, one in chosen.items() if one.period in PERIODS[kind]}
        if not asked:
            return None
        figures = self.env["estate.figures"]
        (row,) = figures._get_figures(user, company, first, last, last)
        metric = self.env["estate.objective"]._fields["metric"]
        names = dict(metric._description_selection(self.env))
        rows = [
            self._prepare_objective_row(metric, names[metric], *row["metrics"][metric])
            for metric, _label in METRICS
            if metric in asked and row["metrics"][metric][1]
        ]
        if not rows:
            return None
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_real_estate.estate_call_figures_action"
        )
        return {
            "count": sum(not row["is_reached"] for row in rows),
            "window": kind,
            "rows": rows,
            "action": action,
        }

    @api.model
    def _prepare_objective_row(self, metric, name, figure, minimum, result):
        return {
            "metric": metric,
            "name": name,
            "figure": figure,
            # 20 rather than 20.0; half a day may ask for 1.5.
            "minimum": int(minimum) if minimum == int(minimum) else minimum,
            "percent": round(100 * figure / minimum) if minimum else 100,
            "is_reached": result == "pass",
        }
