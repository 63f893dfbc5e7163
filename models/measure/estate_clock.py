from datetime import timedelta

from pytz import utc

from odoo import api, models
from odoo.tools.date_utils import localized

from ...tools import clock

# How far after a moment its next opening is looked for: nearly always within days, only
# a long closure costs more.
HORIZONS = (timedelta(days=14), timedelta(days=120), timedelta(days=1400))


class Clock(models.AbstractModel):
    """The open hours of offices, taken once for any number of moments."""

    _name = "estate.clock"
    _description = "Response clock"

    @api.model
    def _get_hours(self, office, company, first, last):
        """Return the `tools.clock.Hours` of an office over some time.

        They reach beyond `last` to the next opening. An office without fixed hours is
        open always.

        :param office: `crm.team`, may be empty: then the hours are the company's
        :param company: `res.company`, whose holidays close the office
        :param datetime first: naive UTC; `last` too
        """
        # sudo: resource.calendar - only when an office is open is read
        team = office.with_company(company).sudo()
        calendar = team._get_business_calendar()
        if not team._has_fixed_hours(calendar):
            return clock.ALWAYS
        pairs = []
        for ahead in HORIZONS:
            pairs = self._get_open_pairs(calendar, company, first, last + ahead)
            if any(stop > last for _start, stop in pairs):
                break
        return clock.get_hours(pairs)

    @api.model
    def _get_open_pairs(self, calendar, company, first, last):
        """Return (start, stop) pairs, naive UTC, in which a calendar is open."""
        found = calendar._work_intervals_batch(
            localized(first), localized(last), domain=self._get_closed_domain(company)
        )[False]
        return [
            tuple(moment.astimezone(utc).replace(tzinfo=None) for moment in pair)
            for *pair, _attendances in found
        ]

    @api.model
    def _get_closed_domain(self, company):
        """Return the domain of the holidays that close an office of a company."""
        return [
            ("time_type", "=", "leave"),
            ("company_id", "in", (False, company.id)),
        ]
