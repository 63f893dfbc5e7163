from datetime import timedelta
from operator import itemgetter

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Date, Datetime, Domain

from ..models import inner

# How many records a box lists; its number counts, and opens, all of them.
ROWS = 5
LEAD_VIEWS = {
    "list": "crm_real_estate.crm_lead_view_list_estate",
    "form": "crm_real_estate.crm_lead_view_form_estate",
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
            ("enquiries", 20, "_prepare_enquiries_box"),
        ]

    # === WHAT A USER CHOSE ===

    @api.model
    def _get_optional_boxes(self):
        """Return code -> title of each box that a user may remove and add again."""
        return {
            "calls": self.env._("Calls due"),
            "enquiries": self.env._("Enquiries to answer"),
        }

    @api.model
    def _get_hidden_boxes(self):
        """Return the codes of the boxes that only show when a user adds them."""
        return set()

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
        return code not in self._get_hidden_boxes()

    @api.model
    @api.readonly
    def get_screen(self):
        """Return all that the screen shows, in one request.

        :return: dict of the `boxes` with what may be done to them, those that may be
            added: `addable`, a list of `code` and `title`, and the number `waiting`
        """
        chosen = self._get_chosen_boxes()
        ids = tuple(box.id for box in chosen.values())
        boxes = inner.say(self, my_day_boxes=ids).get_boxes()
        titles = self._get_optional_boxes()
        with_criteria = self._get_boxes_with_criteria()
        for box in boxes:
            box["is_removable"] = box["code"] in titles
            box["has_criteria"] = box["code"] in with_criteria
        return {
            "boxes": boxes,
            "addable": [
                {"code": code, "title": title}
                for code, title in titles.items()
                if not self._is_shown(code, chosen)
            ],
            "waiting": sum(
                box["count"] for box in boxes if box["code"] in self._get_waiting()
            ),
        }

    @api.model
    @api.readonly
    def get_waiting(self):
        """Return how many calls and enquiries wait for the user now.

        It is the sum of the numbers of these boxes, for the badge of every screen.
        """
        chosen = self._get_chosen_boxes()
        leads = self.env["crm.lead"]
        return sum(
            leads.search_count(domain)
            for code, domain in self._get_waiting().items()
            if self._is_shown(code, chosen)
        )

    @api.model
    def _get_waiting(self):
        """Return code -> domain of the leads of the boxes that cannot wait."""
        due = self.env["estate.call.queue"]._get_scope_domain("mine")
        return {
            "calls": due & Domain("next_call_at", "<=", Datetime.now()),
            "enquiries": Domain("user_id", "=", self.env.uid)
            & Domain("lead_role", "=", "seeker")
            & Domain("won_status", "=", "pending")
            & Domain("phase_number", "=", 2),
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
        if code not in self._get_optional_boxes():
            raise UserError(self.env._("There is no such box."))
        return self.env["estate.my.day.box"]._ensure(code)

    @api.model
    def _get_window(self, code):
        """Return (first date, last date, kind) of the window a user chose for a box.

        :return: kind is ``day``, ``week`` or ``month``; weeks begin on Monday
        """
        box = self._get_chosen_boxes().get(code)
        kind = box.window if box else "day"
        first = today = self._get_today()
        if kind == "week":
            first = today - timedelta(days=today.weekday())
            return first, first + timedelta(days=6), kind
        if kind == "month":
            first = today.replace(day=1)
            return first, first + relativedelta(months=1, days=-1), kind
        return first, today, kind

    @api.model
    def _get_today(self):
        zone = self.env.user.tz or "UTC"
        return Date.context_today(self.with_context(tz=zone))

    @api.model
    def _get_my_offices(self):
        # sudo: crm.team.member - in which offices the user himself works
        members = self.env["crm.team.member"].sudo()
        return members.search([("user_id", "=", self.env.uid)]).crm_team_id

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
        due = self._get_waiting()["calls"]
        mine = self.env["estate.call.queue"]._get_scope_domain("mine")
        later = mine & Domain("next_call_at", ">", Datetime.now())
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

    # === ENQUIRIES ===

    @api.model
    def _prepare_enquiries_box(self):
        waiting = self._get_waiting()["enquiries"]
        return {
            **self._prepare_lead_box(waiting, "received_at"),
            "action": self._prepare_action(
                self.env._("Enquiries to answer"), "crm.lead", waiting, LEAD_VIEWS
            ),
        }
