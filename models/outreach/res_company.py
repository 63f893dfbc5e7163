from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models

# Nobody gets mail at night: a day begins for reports when the quiet hours end.
FIRST_HOUR = 8
LAST_HOUR = 19
RHYTHMS = [
    ("weekly", "Every week"),
    ("two_weekly", "Every two weeks"),
    ("monthly", "Every month"),
]


class CompanyOutreach(models.AbstractModel):
    """How often owners hear from us, and what follows an alert that nobody sees."""

    _name = "estate.company.outreach.mixin"
    _description = "Company: reports and quiet hours"

    estate_report_rhythm = fields.Selection(
        RHYTHMS, "Rhythm of owners' reports", default="weekly", required=True
    )

    estate_alert_ladder = fields.Boolean(
        "Go on when nobody sees an alert",
        default=True,
        help="In open minutes of the office: first an SMS to who has the enquiry, then "
        "it goes to the next candidate.",
    )
    estate_alert_sms_seconds = fields.Integer(
        "SMS after (seconds)", default=60, help="0: no SMS."
    )
    estate_alert_pass_minutes = fields.Integer(
        "Next candidate after (minutes)",
        default=3,
        help="Only what the distribution gave goes on by itself. 0: it stays.",
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
    estate_report_rhythm_rent = fields.Selection(
        RHYTHMS, "Rhythm of reports about rentals", default="weekly", required=True
    )

    def _get_report_rhythm(self, deal_type):
        """Return how often the owner of a property in this deal hears from us."""
        is_rent = deal_type == "rent"
        return self.estate_report_rhythm_rent if is_rent else self.estate_report_rhythm

    def _get_report_hour(self):
        """Return the hour it is for reports of this company; after midnight 24 on."""
        local = self._to_report_time(fields.Datetime.now())
        return local.hour + 24 * (local.hour < FIRST_HOUR)

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

    def _get_news_dates(self, moment, started, every):
        """Return when an owner had his last news and when he awaits the next.

        :param moment: last event that he is told of (naive UTC), or None
        :param started: first date of his mandate
        :param int every: days between news that he was promised
        """
        told = self._to_report_time(moment).date() if moment else None
        last = max(filter(None, (told, started)), default=False)
        return last, last and last + timedelta(days=every)
