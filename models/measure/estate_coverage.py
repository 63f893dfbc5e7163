from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.date_utils import localized

from ...tools import clock

PERIODS = (30, 90, 365)
WEEK = [(weekday, hour) for hour in range(24) for weekday in range(7)]


class Coverage(models.AbstractModel):
    """When enquiries come in, against when offices are open, by hour of the week."""

    _name = "estate.coverage"
    _description = "Coverage map"

    @api.model
    @api.readonly
    def get_map(self, team_id=False, days=90, pipeline=False):
        """Return what the coverage map shows.

        :param int team_id: the office, all of them without or when it is none of them
        :param int days: how far back enquiries count
        :param str pipeline: ``sale`` or ``rent``, both without
        :return: dict of `offices` to choose from, `cells` of the week (weekday from
            Monday, hour, arrivals, how many of them waited, cost in minutes until the
            next opening, share of the hour that was staffed), and the totals
        """
        if not self.env.user.has_group("crm_real_estate.group_office_manager"):
            raise AccessError(
                self.env._("The coverage map is for office managers. Ask one of them.")
            )
        days = min(max(int(days), 1), PERIODS[-1])
        now = fields.Datetime.now()
        start = now - timedelta(days=days)
        offices = self._get_offices()
        chosen = [one for one in offices if one.id == team_id] or [*offices]
        team_id = team_id if team_id in offices.ids else False
        if not team_id:
            # Enquiries of no office wait for the hours of the company.
            chosen.append(self.env["crm.team"])
        arrivals = self._count_arrivals(chosen, start, pipeline)
        staffed = self._get_staffed_shares(chosen, start, now)
        none = (0, 0, 0)
        cells = [
            {
                "weekday": weekday,
                "hour": hour,
                "arrivals": arrivals.get((weekday, hour), none)[0],
                "waited": arrivals.get((weekday, hour), none)[1],
                "cost": arrivals.get((weekday, hour), none)[2],
                "staffed": staffed.get((weekday, hour), 0.0),
            }
            for weekday, hour in WEEK
        ]
        return {
            "offices": [{"id": one.id, "name": one.name} for one in offices],
            "team_id": team_id,
            "days": days,
            "pipeline": pipeline,
            "cells": cells,
            "arrivals": sum(cell["arrivals"] for cell in cells),
            "waited": sum(cell["waited"] for cell in cells),
            "cost": sum(cell["cost"] for cell in cells),
        }

    @api.model
    def _get_offices(self):
        """Return the offices of the companies that the user looks at."""
        return self.env["crm.team"].search(
            [
                ("is_estate_office", "=", True),
                ("company_id", "in", [False, *self.env.companies.ids]),
            ]
        )

    @api.model
    def _count_arrivals(self, offices, start, pipeline):
        """Return (weekday, hour) -> (enquiries, those that waited, how many minutes).

        Hours are those on the wall of each office.
        """
        domain = Domain("received_at", ">", start)
        if pipeline:
            domain &= Domain("pipeline", "=", pipeline)
        # Raw SQL: the hour on the wall of an office is no field. The query carries the
        # rights of the user.
        query = self.env["estate.response.report"]._search(domain)
        zones = SQL(", ").join(
            SQL("(%s, %s)", office.id or 0, office._get_business_tz().zone)
            for office in offices
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT EXTRACT(ISODOW FROM arrival.at)::int - 1,
                    EXTRACT(HOUR FROM arrival.at)::int, count(*),
                    count(*) FILTER (WHERE response_start_at > received_at),
                    sum(EXTRACT(EPOCH FROM response_start_at - received_at))::float / 60
                FROM %(table)s
                JOIN (VALUES %(zones)s) office (id, zone)
                    ON office.id = COALESCE(team_id, 0)
                CROSS JOIN LATERAL (
                    SELECT received_at AT TIME ZONE 'UTC' AT TIME ZONE office.zone AS at
                ) arrival
                WHERE %(condition)s
                GROUP BY 1, 2
                """,
                table=query.from_clause,
                zones=zones,
                condition=query.where_clause or SQL("TRUE"),
            )
        )
        return {(weekday, hour): figures for weekday, hour, *figures in rows}

    @api.model
    def _get_staffed_shares(self, offices, start, stop):
        """Return (weekday, hour) -> share of its time in which offices were open."""
        open_minutes, all_minutes = Counter(), Counter()
        clocks = self.env["estate.clock"]
        for office in offices:
            company = office.company_id or self.env.company
            zone = office.with_company(company)._get_business_tz()
            hours = clocks._get_hours(office, company, start, stop)
            pairs = [
                (localized(max(opening, start)), localized(min(closing, stop)))
                for opening, closing in zip(hours.starts, hours.stops, strict=True)
            ]
            open_minutes.update(clock.spread(pairs, zone))
            all_minutes.update(
                clock.spread([(localized(start), localized(stop))], zone)
            )
        return {cell: open_minutes[cell] / all_minutes[cell] for cell in all_minutes}
