from dataclasses import dataclass

from odoo import api, models
from odoo.tools import SQL

from .estate_response_report import DAY_MINUTES

# How the report may be grouped: field of the report -> label.
GROUPINGS = [
    ("person_id", "Person"),
    ("team_id", "Office"),
    ("company_id", "Company"),
    ("source_id", "Source"),
    ("source_group_id", "Source group"),
]
MEASURES = [("response_minutes", "Elapsed"), ("response_working_minutes", "Working")]


@dataclass(frozen=True, slots=True)
class Figures:
    """What the response-time report counts of some enquiries.

    :param key: id of the record they are grouped by, None for all or for none
    :param float mean: minutes, None when nothing was answered
    :param counts: answers in each interval, in their order
    """

    key: int | None
    received: int
    answered: int
    mean: float | None
    within_day: int
    within_delay: int
    entered_later: int
    counts: tuple

    @property
    def unanswered(self):
        return self.received - self.answered

    @property
    def outside(self):
        """Answers in none of the intervals."""
        return self.answered - sum(self.counts)

    def get_share(self, count):
        """Return the share of all enquiries, 0 to 1."""
        return count / self.received if self.received else 0.0


class ResponseFigures(models.AbstractModel):
    """Counts and means of the response times of any number of enquiries."""

    _name = "estate.response.figures"
    _description = "Response time: figures"

    @api.model
    def _get_figures(self, domain, grouping, measure, delay, intervals):
        """Return the figures of all enquiries, and those of each group.

        :param domain: of `estate.response.report`
        :param str grouping: key of `GROUPINGS`
        :param str measure: key of `MEASURES`
        :param int delay: minutes within which an answer is wanted
        :param intervals: list of `tools.durations.Interval`
        :return: `Figures` of all, list of `Figures` by group, the most enquiries first
        """
        report = self.env["estate.response.report"]
        # Raw SQL: one pass for all groups and their total, with counts that no domain
        # can say. The query carries the rights of the user.
        query = report._search(domain)
        value = SQL.identifier(report._table, measure)
        group = SQL.identifier(report._table, grouping)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT GROUPING(%(group)s), %(group)s, count(*), count(%(value)s),
                    avg(%(value)s), %(counts)s
                FROM %(table)s
                WHERE %(condition)s
                GROUP BY GROUPING SETS ((%(group)s), ())
                """,
                group=group,
                value=value,
                counts=SQL(", ").join(
                    SQL("count(*) FILTER (WHERE %s)", condition)
                    for condition in self._get_conditions(value, delay, intervals)
                ),
                table=query.from_clause,
                condition=query.where_clause or SQL("TRUE"),
            )
        )
        groups = [self._read_row(row) for row in rows if not row[0]]
        total = next(self._read_row(row) for row in rows if row[0])
        groups.sort(key=lambda one: (-one.received, one.key is None, one.key))
        return total, groups

    @api.model
    def _get_conditions(self, value, delay, intervals):
        """Return the SQL of what is counted; every limit is upper-inclusive."""
        return [
            SQL("%s <= %s", value, DAY_MINUTES),
            SQL("%s <= %s", value, delay),
            SQL("entered_later = 1"),
            *(
                SQL(
                    "%s <= %s AND (%s > %s OR %s = 0)",
                    value,
                    interval.stop,
                    value,
                    interval.start,
                    interval.start,
                )
                for interval in intervals
            ),
        ]

    @api.model
    def _read_row(self, row):
        _is_total, key, received, answered, mean, day, delay, later, *counts = row
        return Figures(key, received, answered, mean, day, delay, later, tuple(counts))
