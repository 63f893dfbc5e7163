from collections import Counter, defaultdict
from datetime import datetime, time

import pytz

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import minimums
from .estate_funnel_report import NOT_PROCESSED, POSITIVE
from .estate_objective import METRICS

VIEWED = Domain("state", "=", "done")
WON = Domain("lead_role", "=", "owner") & Domain("stage_id.is_won", "=", True)

# What is counted: model, who did it, when, and which of them.
SOURCES = (
    ("estate.call", "user_id", "started_at", Domain.TRUE),
    ("estate.viewing", "agent_id", "start", VIEWED),
    ("crm.lead", "user_id", "date_closed", WON),
)


class Figures(models.AbstractModel):
    """What people did, set against what is asked of them."""

    _name = "estate.figures"
    _description = "Figures of people"

    @api.model
    def _get_figures(
        self, users, company, first, last, today, by_day=False, known=None
    ):
        """Return the figures of people over some days, the number of queries is fixed.

        :param users: `res.users`
        :param company: `res.company`
        :param first: first date, in the zone of each person
        :param last: last date, included
        :param today: date; days after it ask for nothing
        :param bool by_day: one row for each person and day that was worked or counted
        :param known: (posts, objectives) of `_get_asked`, when the caller has them
        :return: list of dicts: `user`, `day` (None without `by_day`), `work_days` (sum
            of worked days), `metrics` {metric: (figure, minimum or None, result)} with
            the result ``pass``, ``fail`` or None
        """
        posts, objectives = known or self._get_asked(users, company)
        bounds = [
            minimums.get_bounds(p, d) for p in ("week", "month") for d in (first, last)
        ]
        work = self.env["estate.work.days"]._get_work_days(
            users, company, min(b[0] for b in bounds), max(b[1] for b in bounds), posts
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
    def _get_asked(self, users, company):
        """Return where people work, and what is asked of them there."""
        posts = self.env["estate.work.days"]._get_posts(users)
        return posts, self.env["estate.objective"]._choose_for(users, company, posts)

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
        for zone, members in users.grouped(self._get_zone).items():
            scope = (members, company, *self._get_span(zone, first, last))
            # Raw SQL: three counts by one statement; each with the rules of `_search`.
            statement = SQL(" UNION ALL ").join(
                self._build_count(zone, *source, *scope) for source in SOURCES
            )
            for kind, user_id, day, code, number in self.env.execute_query(statement):
                for metric in self._get_metrics(kind, code):
                    facts[user_id, metric][day] += number
        return facts

    @api.model
    def _get_zone(self, user):
        return self.env["estate.work.days"]._get_tz(user) or "UTC"

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
        span = self._get_span(self._get_zone(user), first, last)
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
    def _build_count(self, zone, model, person, moment, extra, *scope):
        """Return the statement that counts some records by person and day."""
        # sudo: calls, viewings and leads - counted, not shown; whose figures are told
        # is decided by who calls
        records = self.env[model].sudo().with_context(active_test=False)
        query = records._search(self._get_domain(person, moment, *scope) & extra)
        person, moment = (
            records._field_to_sql(records._table, name, query)
            for name in (person, moment)
        )
        columns = query.select(
            SQL("%s::text", model),
            person,
            SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, zone),
            self._build_outcome(model),
            SQL("COUNT(*)"),
        )
        return SQL("(%s GROUP BY 1, 2, 3, 4)", columns)

    @api.model
    def _build_outcome(self, model):
        if model != "estate.call":
            return SQL("NULL::text")
        return SQL(
            "(SELECT code FROM estate_call_outcome WHERE id = estate_call.outcome_id)",
            to_flush=self.env["estate.call.outcome"]._fields["code"],
        )

    @api.model
    def _get_metrics(self, kind, code):
        """Return the metrics that a record of a model counts for."""
        if kind != "estate.call":
            return ("viewings",) if kind == "estate.viewing" else ("mandates",)
        metrics = ["calls"]
        if code not in NOT_PROCESSED:
            metrics.append("processed_calls")
        if code == POSITIVE:
            metrics.append("positive_calls")
        return metrics
