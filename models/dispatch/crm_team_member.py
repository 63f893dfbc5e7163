from datetime import timedelta

import pytz

from odoo import api, models
from odoo.exceptions import UserError

# step -> (group whose members may be given its leads, why others are left out)
ROLES = {
    "first_call": ("crm_real_estate.group_operator", "not_operator"),
    "agent": ("crm_real_estate.group_agent", "not_agent"),
    "enquiry": ("crm_real_estate.group_agent", "not_agent"),
}


class TeamMemberDispatch(models.AbstractModel):
    """A member of a team, as somebody who can be given leads."""

    _name = "estate.team.member.dispatch.mixin"
    _description = "Team member: availability"

    # === WHO CAN BE GIVEN A LEAD ===

    def _get_pauses(self):
        """Return user id -> why he is given nothing as one of these members."""
        active = self.filtered("active")
        pauses = dict.fromkeys((self.user_id - active.user_id).ids, "archived")
        paused = active.filtered("assignment_optout").user_id
        return pauses | dict.fromkeys(paused.ids, "paused")

    @api.model
    def _get_paused_everywhere(self, users):
        """Return user id -> "paused" for those who are paused in all their teams."""
        memberships = self.search_fetch(
            [("user_id", "in", users.ids)], ["user_id", "assignment_optout"]
        ).grouped("user_id")
        return {
            user.id: "paused"
            for user, mine in memberships.items()
            if all(mine.mapped("assignment_optout"))
        }

    @api.model
    def _get_obstacles(self, users, step, company, now):
        """Return user id -> why this user cannot be given a lead of `company` now."""
        group, not_in_group = ROLES[step]
        on_leave = self._get_users_on_leave(users, now)
        obstacles = {}
        for user in users:
            if not user.active:
                obstacles[user.id] = "archived"
            elif not user._has_group(group):
                obstacles[user.id] = not_in_group
            elif company not in user.company_ids:
                obstacles[user.id] = "other_company"
            elif self._is_out_of_office(user, now):
                obstacles[user.id] = "out_of_office"
            elif user in on_leave:
                obstacles[user.id] = "on_leave"
        return obstacles

    @api.model
    def _is_out_of_office(self, user, now):
        # Odoo's own field looks at the clock of the transaction.
        start, stop = user.out_of_office_from, user.out_of_office_to
        return bool(start and start <= now and (not stop or now <= stop))

    @api.model
    def _get_users_on_leave(self, users, now):
        """Return those of `users` whose resource has a leave at this moment."""
        away = {user_id for user_id, _start, _stop in self._get_leaves(users, now, now)}
        return users.filtered(lambda user: user.id in away)

    @api.model
    def _get_leaves(self, users, start, stop):
        """Return (user id, first moment, moment after the last) of leaves.

        :param start: naive UTC; leaves that end after it
        :param stop: naive UTC; leaves that begin by then
        """
        # sudo: resource.calendar.leaves - only whether somebody is away is read
        leaves = self.env["resource.calendar.leaves"].sudo()
        found = leaves.search(
            [
                ("resource_id.user_id", "in", users.ids),
                ("time_type", "=", "leave"),
                ("date_from", "<=", stop),
                ("date_to", ">", start),
            ]
        )
        return [
            (leave.resource_id.user_id.id, leave.date_from, leave.date_to)
            for leave in found
        ]

    @api.model
    def _get_users_not_at_work(self, users, now):
        """Return user id -> "not_at_work" outside of the person's working hours.

        Who has no working hours is always at work.
        """
        moment = pytz.utc.localize(now)
        # sudo: resource.resource - only whether somebody is at work now is read
        resources = users.sudo().resource_ids
        off = {}
        for calendar, people in resources.grouped("calendar_id").items():
            if not calendar:
                continue
            hours = calendar._work_intervals_batch(
                moment, moment + timedelta(minutes=1), resources=people
            )
            off |= {
                one.user_id.id: "not_at_work" for one in people if not hours[one.id]
            }
        return off

    # === MEMBERSHIPS ===

    def _ensure_resources(self):
        """Give each of these members a resource, where his leaves can be entered."""
        # sudo: resource.resource - who may set up a team may see who of it is away
        resources = self.env["resource.resource"].sudo()
        known = resources.with_context(active_test=False).search(
            [("user_id", "in", self.user_id.ids)]
        )
        resources.create(
            [
                {
                    "name": user.name,
                    "user_id": user.id,
                    "company_id": user.company_id.id,
                    "tz": user.tz or user.company_id.resource_calendar_id.tz or "UTC",
                }
                for user in self.user_id - known.user_id
            ]
        )

    @api.model
    def _check_keeps_memberships(self, pairs):
        """Refuse memberships in or beside our offices that would end others silently.

        :param list pairs: dicts with `user_id` and `crm_team_id`
        """
        current = self.search([("user_id", "in", [pair["user_id"] for pair in pairs])])
        for pair in pairs:
            team = self.env["crm.team"].browse(pair.get("crm_team_id"))
            others = current.filtered(
                lambda m, p=pair, t=team: m.user_id.id == p["user_id"]
                and m.crm_team_id != t
            )
            if others and any((team | others.crm_team_id).mapped("is_estate_office")):
                raise UserError(
                    self.env._(
                        "%(user)s is a member of %(teams)s and would leave it by "
                        "joining %(team)s. Switch on Multi Teams in the settings of "
                        "CRM, or end the first membership yourself.",
                        user=others.user_id.name,
                        teams=", ".join(others.crm_team_id.mapped("name")),
                        team=team.name,
                    )
                )
