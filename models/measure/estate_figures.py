from collections import Counter, defaultdict
from datetime import datetime, time

import pytz

from odoo import api, models
from odoo.fields import Domain

from ...tools import minimums
from .estate_funnel_report import NOT_PROCESSED, POSITIVE
from .estate_objective import METRICS

VIEWED = Domain("state", "=", "done")
WON = Domain("lead_role", "=", "owner") & Domain("stage_id.is_won", "=", True)


class Figures(models.AbstractModel):
    """What people did, set against what is asked of them."""

    _name = "estate.figures"
    _description = "Figures of people"

    @api.model
    def _get_figures(self, users, company, first, last, today, by_day=False):
        """Return the figures of people over some days, the number of queries is fixed.

        :param users: `res.users`
        :param company: `res.company`
        :param first: first date, in the zone of each person
        :param last: last date, included
        :param today: date; days after it ask for nothing
        :param bool by_day: one row for each person and day that was worked or counted
        :return: list of dicts: `user`, `day` (None without `by_day`), `work_days` (sum
            of worked days), `metrics` {metric: (figure, minimum or None, result)} with
            the result ``pass``, ``fail`` or None
        """
        objectives = self.env["estate.objective"]._choose_for(users, company)
        bounds = [
            minimums.get_bounds(p, d) for p in ("week", "month") for d in (first, last)
        ]
        work = self.env["estate.work.days"]._get_work_days(
            users, company, min(b[0] for b in bounds), max(b[1] for b in bounds)
        )
        facts = self._count_facts(users, company, first, last)
        days = minimums.get_days(first, last, today)
        rows = []
        for user in users:
            groups = [[day] for day in minimums.get_days(first, last, last)]
            for group in groups if by_day else [days]:
                day = group[0] if by_day else None
                asked = set(group) & set(days)
                row = self._judge(user, day, asked, facts, objectives, work)
                if row and (day is None or row["work_days"] or row["is_counted"]):
                    rows.append(row)
        return rows

    @api.model
    def _judge(self, user, day, asked, facts, objectives, work):
        """Return the row of a person for some days."""
        worked, planned = work.get(user, ({}, {}))
        mine = objectives.get(user, {})
        metrics, is_counted = {}, False
        for metric, _label in METRICS:
            per_day = facts[user.id, metric]
            figure = per_day[day] if day else sum(per_day.values())
            minimum = None
            if metric in mine:
                minimum = minimums.get_minimum(mine[metric], worked, planned, asked)
            metrics[metric] = (figure, minimum, minimums.judge(figure, minimum))
            is_counted = is_counted or bool(figure)
        return {
            "user": user,
            "day": day,
            "work_days": sum(worked.get(one, 0) for one in asked),
            "metrics": metrics,
            "has_minimum": bool(mine),
            "is_counted": is_counted,
        }

    # === FACTS ===

    @api.model
    def _count_facts(self, users, company, first, last):
        """Return (user id, metric) -> Counter by date in the person's zone."""
        facts = defaultdict(Counter)
        for zone, members in users.grouped(lambda user: user.tz or "UTC").items():
            scope = self.with_context(tz=zone)
            span = self._get_span(zone, first, last)
            scope._count_calls(facts, members, company, *span)
            scope._count_viewings(facts, members, company, *span)
            scope._count_mandates(facts, members, company, *span)
        return facts

    @api.model
    def _get_span(self, zone, first, last):
        """Return the first and the last moment of some days (naive UTC)."""
        tz = pytz.timezone(zone)
        return tuple(
            tz.localize(datetime.combine(day, moment))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for day, moment in ((first, time.min), (last, time.max))
        )

    @api.model
    def _get_records_of(self, metric, user, company, first, last):
        """Return (model, domain) of exactly what a figure of a person counts."""
        span = self._get_span(user.tz or "UTC", first, last)
        scope = (user, company, *span)
        if metric == "viewings":
            domain = self._get_domain("agent_id", "start", *scope) & VIEWED
            return "estate.viewing", domain
        if metric == "mandates":
            domain = self._get_domain("user_id", "date_closed", *scope) & WON
            return "crm.lead", domain
        domain = self._get_domain("user_id", "started_at", *scope)
        if metric == "processed_calls":
            domain &= Domain("outcome_id.code", "not in", NOT_PROCESSED)
        elif metric == "positive_calls":
            domain &= Domain("outcome_id.code", "=", POSITIVE)
        return "estate.call", domain

    @api.model
    def _get_domain(self, person, moment, members, company, start, stop):
        return (
            Domain(person, "in", members.ids)
            & Domain(moment, ">=", start)
            & Domain(moment, "<=", stop)
            & Domain("company_id", "=", company.id)
        )

    @api.model
    def _count(self, model, person, moment, members, company, start, stop, extra=None):
        """Yield (user id, date, further group, number) of records in some time."""
        domain = self._get_domain(person, moment, members, company, start, stop)
        domain &= extra or Domain.TRUE
        further = ["outcome_id"] if model == "estate.call" else []
        # sudo: calls, viewings and leads - counted, not shown; whose figures are told
        # is decided by who calls
        records = self.env[model].sudo().with_context(active_test=False)
        groups = records._read_group(
            domain, [person, f"{moment}:day", *further], ["__count"]
        )
        for user, day, *rest, number in groups:
            yield user.id, day.date(), rest[0] if rest else None, number

    @api.model
    def _count_calls(self, facts, *scope):
        for user_id, day, outcome, number in self._count(
            "estate.call", "user_id", "started_at", *scope
        ):
            facts[user_id, "calls"][day] += number
            if outcome.code not in NOT_PROCESSED:
                facts[user_id, "processed_calls"][day] += number
            if outcome.code == POSITIVE:
                facts[user_id, "positive_calls"][day] += number

    @api.model
    def _count_viewings(self, facts, *scope):
        for user_id, day, _none, number in self._count(
            "estate.viewing", "agent_id", "start", *scope, extra=VIEWED
        ):
            facts[user_id, "viewings"][day] += number

    @api.model
    def _count_mandates(self, facts, *scope):
        for user_id, day, _none, number in self._count(
            "crm.lead", "user_id", "date_closed", *scope, extra=WON
        ):
            facts[user_id, "mandates"][day] += number
