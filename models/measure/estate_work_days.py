from collections import defaultdict
from datetime import datetime, time

import pytz

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.date_utils import localized

from ...tools import minimums


class WorkDays(models.AbstractModel):
    """Which days people work, by their calendars and leaves, for many at once."""

    _name = "estate.work.days"
    _description = "Worked days"

    @api.model
    def _get_work_days(self, users, company, first, last, posts=None):
        """Return what people work in some time, in a few queries for all of them.

        The hours are those of the person's resource when they differ from the
        company's, else his office's, else the company's. A calendar without fixed hours
        plans nothing.

        :param users: `res.users`
        :param company: `res.company` in which they work
        :param first: first date, in the zone of each person
        :param last: last date, included
        :param posts: what `_get_posts` returned, when the caller has it
        :return: user -> (worked, planned), each a dict date -> 0.5 or 1; `planned` is
            by the calendar alone, leaves and holidays not taken off
        """
        if posts is None:
            posts = self._get_posts(users)
        persons = self._get_persons(users, company, posts)
        leaves = self._get_leaves(persons, first, last)
        attendances, result = {}, {}
        for user, (calendar, zone, resource) in persons.items():
            hours = (calendar, zone)
            if hours not in attendances:
                attendances[hours] = self._get_attendances(*hours, first, last)
            pairs = attendances[hours]
            away = leaves[resource] + leaves[calendar]
            result[user] = (
                minimums.count_days(pairs, away, calendar.hours_per_day),
                minimums.count_days(pairs, (), calendar.hours_per_day),
            )
        return result

    @api.model
    def _get_posts(self, users):
        """Return user id -> [(office id, calendar id)], the first one he joined first.

        :param users: `res.users`
        """
        # sudo: crm.team.member - only where and when people work is read
        members = self.env["crm.team.member"].sudo()
        query = members._search([("user_id", "in", users.ids)], order=members._order)
        user, team = (
            members._field_to_sql(members._table, name, query)
            for name in ("user_id", "crm_team_id")
        )
        # Raw SQL: offices and their hours by one statement.
        calendar = SQL(
            "(SELECT resource_calendar_id FROM crm_team WHERE id = %s)",
            team,
            to_flush=self.env["crm.team"]._fields["resource_calendar_id"],
        )
        posts = defaultdict(list)
        for user_id, *post in self.env.execute_query(
            query.select(user, team, calendar)
        ):
            posts[user_id].append(post)
        return posts

    @api.model
    def _get_persons(self, users, company, posts):
        """Return user -> (calendar, pytz zone, resource)."""
        # sudo: resource.resource - only when people work is read
        system = self.env(su=True)
        resources = system["resource.resource"].search_fetch(
            [("user_id", "in", users.ids), ("company_id", "in", (company.id, False))],
            ["user_id", "calendar_id", "tz"],
        )
        by_user = resources.grouped("user_id")
        # sudo: resource.calendar - as above
        common = company.sudo().resource_calendar_id
        persons = {}
        for user in users:
            key = user.with_env(system)
            resource = by_user.get(key, resources.browse())[:1]
            calendar = resource.calendar_id
            if not calendar or calendar == common:
                # The hours of his first office.
                hours = [hours for _office, hours in posts[user.id][:1]]
                calendar = common.browse(hours[0] if hours else None) or common
            zone = pytz.timezone(
                self._get_tz(user) or resource.tz or calendar.tz or "UTC"
            )
            persons[user] = (calendar, zone, resource)
        return persons

    @api.model
    def _get_tz(self, user):
        """Return a person's time zone; Odoo keeps that of who asks in memory."""
        return user.context_get()["tz"] if user == self.env.user else user.tz

    @api.model
    def _get_attendances(self, calendar, zone, first, last):
        """Return (start, stop) pairs, aware, of the hours that a calendar plans."""
        if not calendar or calendar.schedule_type == "flexible":
            return []
        start = zone.localize(datetime.combine(first, time.min))
        stop = zone.localize(datetime.combine(last, time.max))
        found = calendar._attendance_intervals_batch(start, stop, tz=zone)[False]
        return [(begin, end) for begin, end, _attendance in found]

    @api.model
    def _get_leaves(self, persons, first, last):
        """Return resource or calendar -> (start, stop) pairs when it is closed.

        A holiday without a calendar closes the calendars of its company.
        """
        calendars, resources = set(), set()
        for calendar, _zone, resource in persons.values():
            calendars.add(calendar)
            resources.add(resource)
        # sudo: resource.calendar.leaves - only whether somebody is away is read
        leaves = self.env["resource.calendar.leaves"].sudo()
        found = leaves.search(
            [
                ("time_type", "=", "leave"),
                ("date_from", "<=", datetime.combine(last, time.max)),
                ("date_to", ">=", datetime.combine(first, time.min)),
                "|",
                ("resource_id", "in", [one.id for one in resources if one]),
                "&",
                ("resource_id", "=", False),
                ("calendar_id", "in", [False, *(one.id for one in calendars)]),
            ]
        )
        closed = defaultdict(list)
        for leave in found:
            pair = (localized(leave.date_from), localized(leave.date_to))
            if leave.resource_id or leave.calendar_id:
                closed[leave.resource_id or leave.calendar_id].append(pair)
                continue
            for calendar in calendars:
                if calendar.company_id <= leave.company_id:
                    closed[calendar].append(pair)
        return closed
