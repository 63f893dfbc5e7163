from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models

from .estate_report_plan import RHYTHMS

# Nobody gets mail at night: a day begins for reports when the quiet hours end.
FIRST_HOUR = 8


class CompanyOutreach(models.AbstractModel):
    """How often owners hear from us unless their plan says otherwise."""

    _name = "estate.company.outreach.mixin"
    _description = "Company: reports and quiet hours"

    estate_report_rhythm = fields.Selection(
        RHYTHMS, "Rhythm of owners' reports", default="weekly", required=True
    )

    estate_quiet_from = fields.Float(
        "Quiet from",
        default=20.0,
        help="From this hour on nothing automatic is sent, in the time zone of whoever "
        "gets it.",
    )
    estate_quiet_to = fields.Float(
        "Quiet until", default=8.0, help="The same hour as the first: never quiet."
    )

    _estate_quiet_hours = models.Constraint(
        "CHECK(estate_quiet_from >= 0 AND estate_quiet_from < 24 "
        "AND estate_quiet_to >= 0 AND estate_quiet_to < 24)",
        "Quiet hours lie between 0:00 and 23:59.",
    )

    def _get_report_tz(self):
        """Return the time zone in which this company's days begin and end."""
        self.ensure_one()
        return pytz.timezone(self.resource_calendar_id.tz or "UTC")

    def _get_report_day(self):
        """Return the date it is for reports of this company; the cron only wakes us."""
        local = self._to_report_time(fields.Datetime.now())
        return (local - timedelta(days=local.hour < FIRST_HOUR)).date()

    def _get_day_start(self, day):
        """Return the moment `day` begins at the company's place, as naive UTC."""
        local = self._get_report_tz().localize(datetime.combine(day, time.min))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _to_report_time(self, moment):
        """Return a naive UTC moment in the time zone of this company."""
        return pytz.utc.localize(moment).astimezone(self._get_report_tz())
