from datetime import timedelta
from operator import itemgetter

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Date, Datetime, Domain
from odoo.tools import SQL

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
        return Date.context_today(self.with_context(tz=self._get_zone()))

    @api.model
    def _get_zone(self):
        """Return the time zone of the user, which Odoo keeps in memory."""
        return self.env["res.users"].context_get()["tz"] or "UTC"

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

    @api.model
    def _read_rows(self, model, domain, moment, columns=(), limit=None):
        """Return (id, title, contact, moment, *columns) of records, in their order.

        :param str moment: field to sort by
        :param columns: further columns, names of fields or SQL
        """
        records = self.env[model]
        query = records._search(domain, order=f"{moment}, id", limit=limit)

        def column(name):
            return records._field_to_sql(records._table, name, query)

        # Raw SQL: what `_search` lets through, by one statement.
        return self.env.execute_query(
            query.select(
                column("id"),
                self._build_name("estate.property", column("property_id")),
                self._build_name("res.partner", column("partner_id")),
                column(moment),
                *(column(one) if isinstance(one, str) else one for one in columns),
            )
        )

    @api.model
    def _build_name(self, model, link):
        """Return the name behind a link, told as in every list of Odoo: to all."""
        linked = self.env[model]
        # Raw SQL: whoever may see a record reads the names of what it is about.
        return SQL(
            "(SELECT name FROM %s WHERE id = %s)",
            SQL.identifier(linked._table),
            link,
            to_flush=linked._fields["name"],
        )

    @api.model
    def _prepare_lead_row(self, lead_id, title, contact, at, name):
        return {"id": lead_id, "title": title or name, "contact": contact, "at": at}

    # === CALLS ===

    @api.model
    def _prepare_calls_box(self):
        """Return the calls due; when there is none, the moment of the next one."""
        due = self._get_waiting()["calls"]
        now = Datetime.now()
        mine = self.env["estate.call.queue"]._get_scope_domain("mine")
        # Those that are due come first.
        found = self._read_rows(
            "crm.lead",
            mine,
            "next_call_at",
            [
                "name",
                SQL("COUNT(*) FILTER (WHERE next_call_at <= %s) OVER ()", now),
            ],
            ROWS,
        )
        return {
            "count": found[0][-1] if found else 0,
            "rows": [
                self._prepare_lead_row(*row) for *row, _count in found if row[3] <= now
            ],
            "action": self._prepare_action(
                self.env._("Calls due"), "crm.lead", due, LEAD_VIEWS
            ),
            "next_at": found[0][3] if found and found[0][3] > now else False,
        }

    # === ENQUIRIES ===

    @api.model
    def _prepare_enquiries_box(self):
        waiting = self._get_waiting()["enquiries"]
        columns = ["name", SQL("COUNT(*) OVER ()")]
        found = self._read_rows("crm.lead", waiting, "received_at", columns, ROWS)
        return {
            "count": found[0][-1] if found else 0,
            "rows": [self._prepare_lead_row(*row) for *row, _count in found],
            "action": self._prepare_action(
                self.env._("Enquiries to answer"), "crm.lead", waiting, LEAD_VIEWS
            ),
        }
