from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..models.measure.estate_objective import METRICS

DIGEST = "crm_real_estate.digest_digest_steering"


class Steering(models.TransientModel):
    """The board of a manager: what his offices and their people did, and had to do."""

    _name = "estate.steering"
    _description = "Steering"
    _inherit = "estate.figures.screen.mixin"

    period = fields.Selection(default="week")
    team_id = fields.Many2one("crm.team", "Office", domain="[('id', 'in', office_ids)]")
    office_ids = fields.Many2many(
        "crm.team", string="Offices", compute="_compute_office_ids"
    )
    is_manager = fields.Boolean(compute="_compute_office_ids")
    hint = fields.Text(compute="_compute_office_ids")
    is_subscribed = fields.Boolean(
        "Receives the weekly mail", compute="_compute_is_subscribed"
    )
    line_ids = fields.One2many(
        "estate.steering.line",
        "steering_id",
        "Offices and people",
        compute="_compute_line_ids",
        store=True,
    )
    actions = fields.Integer(compute="_compute_totals")
    outside = fields.Integer("Outside own sector", compute="_compute_totals")

    # === COMPUTE ===

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_office_ids(self):
        for steering in self:
            steering.office_ids = steering._get_offices()
            steering.is_manager = self._is("office_manager")
            steering.hint = steering._get_hint()

    @api.depends_context("uid")
    def _compute_is_subscribed(self):
        # sudo: digest.digest - only whether the user himself gets it is read
        digest = self.sudo().env.ref(DIGEST, raise_if_not_found=False)
        self.is_subscribed = digest and self.env.user in digest.user_ids

    @api.depends("date_from", "date_to", "team_id", "company_id")
    def _compute_line_ids(self):
        for steering in self:
            lines = steering._prepare_lines() if steering._has_days() else []
            steering.line_ids = [Command.clear(), *map(Command.create, lines)]

    @api.depends("line_ids")
    def _compute_totals(self):
        for steering in self:
            people = steering.line_ids.filtered("user_id")
            steering.actions = sum(people.mapped("actions"))
            steering.outside = sum(people.mapped("outside"))

    # === WHO ===

    @api.model
    def _is(self, role):
        return self.env.user.has_group(f"crm_real_estate.group_{role}")

    def _get_offices(self):
        """Return the offices whose people the user sees: a director all of them, a
        manager those that he leads or works in."""
        if not self._is("office_manager"):
            return self.env["crm.team"]
        domain = Domain("is_estate_office", "=", True) & Domain(
            "company_id", "in", (False, self.company_id.id)
        )
        if not self._is("director"):
            domain &= Domain("user_id", "=", self.env.uid) | Domain(
                "crm_team_member_ids.user_id", "=", self.env.uid
            )
        return self.env["crm.team"].search(domain)

    def _get_hint(self):
        """Return what a manager has to do whose people the board cannot know."""
        if self.office_ids or not self.is_manager:
            return False
        if self._is("director"):
            return self.env._(
                "There is no office yet: you see everybody who did something in these "
                "days. Make offices and put people into them under Configuration, "
                "Offices."
            )
        return self.env._(
            "You neither lead an office nor work in one, so you see only yourself. Ask "
            "your administrator to make you the leader of your office under "
            "Configuration, Offices: then its people stand here."
        )

    def _get_people(self):
        """Return office -> its people; who works in several stands in the first one."""
        offices = self._get_offices()
        if self.team_id:
            offices &= self.team_id._origin
        # sudo: crm.team.member - a manager sees who works in his offices
        members = self.env["crm.team.member"].sudo()
        found = members.search([("crm_team_id", "in", offices.ids)])
        seen, people = self.env["res.users"], {}
        for office in offices:
            here = found.filtered(lambda one, office=office: one.crm_team_id == office)
            people[office] = (here.user_id - seen).with_env(self.env)
            seen |= people[office]
        if not self.team_id:
            others = self._get_others(seen) - seen
            if others:
                people[self.env["crm.team"]] = others
        return people

    def _get_others(self, seen):
        """Return who is shown without an office: the user; for a director all."""
        if not self._is("director"):
            return self.env.user
        report = self.env["estate.action.report"]
        groups = report._read_group(
            Domain("company_id", "=", self.company_id.id)
            & Domain("occurred_at", ">=", self.date_from)
            & Domain("occurred_at", "<=", self.date_to)
            & Domain("user_id", "not in", seen.ids),
            ["user_id"],
        )
        return self.env["res.users"].union(*(user for (user,) in groups))

    # === LINES ===

    def _prepare_lines(self):
        """Return the values of the lines: each office, then its people."""
        people = self._get_people()
        users = self.env["res.users"].union(*people.values())
        rows = self.env["estate.figures"]._get_figures(
            users,
            self.company_id,
            self.date_from,
            self.date_to,
            fields.Date.context_today(self),
        )
        counts = self._count_actions(users)
        rows = {row["user"]: row for row in rows}
        lines = []
        for office, members in people.items():
            mine = [
                self._prepare_person(rows[user], office, counts.get(user, (0, 0)))
                for user in members.sorted(lambda user: (user.name or "", user.id))
            ]
            if office:
                lines.append(self._prepare_office(office, mine))
            lines += mine
        return lines

    def _count_actions(self, users):
        """Return person -> (actions, those outside of his own sector)."""
        groups = self.env["estate.action.report"]._read_group(
            self._get_domain(users), ["user_id"], ["actions:sum", "outside:sum"]
        )
        return {user: (actions, outside) for user, actions, outside in groups}

    @api.model
    def _prepare_person(self, row, office, counts):
        vals = self._prepare_line_vals(row)
        del vals["day"]
        actions, outside = counts
        return {
            **vals,
            "name": row["user"].name,
            "team_id": office.id,
            "actions": actions,
            "outside": outside,
        }

    @api.model
    def _prepare_office(self, office, people):
        """Return the line of an office: the sums of those of its people."""
        names = ["actions", "outside", "work_days"]
        for metric, _label in METRICS:
            names += [metric, f"{metric}_minimum"]
        vals = {name: sum(line[name] for line in people) for name in names}
        for metric, _label in METRICS:
            if minimum := vals[f"{metric}_minimum"]:
                is_reached = vals[metric] >= minimum
                vals[f"{metric}_result"] = "pass" if is_reached else "fail"
        return {**vals, "name": office.name, "team_id": office.id}

    # === DRILL-DOWN ===

    def _get_domain(self, users):
        """Return which actions count here: in the days of each person's own zone."""
        figures = self.env["estate.figures"]
        days = []
        for zone, members in users.grouped(figures._get_zone).items():
            start, stop = figures._get_span(zone, self.date_from, self.date_to)
            days.append(
                Domain("user_id", "in", members.ids)
                & Domain("occurred_at", ">=", start)
                & Domain("occurred_at", "<=", stop)
            )
        return Domain.OR(days) & Domain("company_id", "=", self.company_id.id)

    def _open_actions(self, users, name, views):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_real_estate.estate_action_report_action"
        )
        return {
            **action,
            "name": name,
            "views": [(False, kind) for kind in views],
            "domain": list(self._get_domain(users)),
            "context": {},
        }

    def action_open_sectors(self):
        """Open the actions of these days by sector and person."""
        self.ensure_one()
        self.check_access("read")
        users = self.line_ids.user_id
        name = self.env._("Actions by sector")
        return self._open_actions(users, name, ("pivot", "graph", "list", "kanban"))

    def action_open_outside(self):
        """Open the actions of these days outside of the sector of who did them."""
        action = self.action_open_sectors()
        action["name"] = self.env._("Outside their sectors")
        action["domain"] = [*action["domain"], ("outside", "=", 1)]
        action["views"] = [(False, "list"), (False, "kanban"), (False, "pivot")]
        return action

    def action_open_list(self):
        """Open offices and people as a list of its own, to sort and export it."""
        name = self.env._(
            "Steering %(first)s to %(last)s",
            first=self.date_from,
            last=self.date_to,
        )
        return self._open_lines(
            name, "estate.steering.line", "steering_id", ("list", "kanban")
        )

    # === WEEKLY MAIL ===

    def action_subscribe(self):
        """Send the weekly mail to the user from now on, or no more."""
        self.ensure_one()
        self.check_access("read")
        # sudo: digest.digest - each manager subscribes himself, nobody else
        digest = self.sudo().env.ref(DIGEST, raise_if_not_found=False)
        if not digest or not self._is("office_manager"):
            raise UserError(self.env._("There is no weekly mail for you."))
        if self.is_subscribed:
            digest._action_unsubscribe_users(self.env.user)
        else:
            if not digest.user_ids:
                # What nobody got for a while, Odoo sends less and less often.
                digest.periodicity = "weekly"
                digest.next_run_date = digest._get_next_run_date()
            digest._action_subscribe_users(self.env.user)
        # Without recipients it sleeps.
        digest.state = "activated" if digest.user_ids else "deactivated"
        self.invalidate_recordset(["is_subscribed"])

    @api.model
    def _open(self):
        """Return the action of the screen, with the figures of this week."""
        return self._open_screen(self.env._("Steering"))

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for steering in self:
            steering.display_name = self.env._("Steering")
