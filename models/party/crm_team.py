from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.date_utils import localized

# Within so long most deadlines in business hours are over.
SOON = timedelta(days=1)


class TeamParty(models.AbstractModel):
    """A sales team that is an office of the agency: its hours and its zone."""

    _name = "estate.team.party.mixin"
    _description = "Office"

    is_estate_office = fields.Boolean(
        "Real estate office",
        help="Leads of this team are real estate leads. CRM's own lead assignment "
        "leaves such teams out.",
    )
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        "Business hours",
        domain="['|', ('company_id', '=', False), ('company_id', '=?', company_id)]",
        help="When this office answers and calls. Empty: the company's hours.",
    )

    @api.constrains("resource_calendar_id")
    def _check_calendar_has_hours(self):
        for team in self:
            calendar = team.resource_calendar_id
            if calendar and not self._has_fixed_hours(calendar):
                raise ValidationError(
                    self.env._(
                        "%(calendar)s has no fixed hours, so %(office)s would never "
                        "open or never close. Choose business hours with opening "
                        "times.",
                        calendar=calendar.display_name,
                        office=team.display_name,
                    )
                )

    @api.model
    def _has_fixed_hours(self, calendar):
        """Tell whether a calendar says when it is open and when it is closed."""
        return bool(calendar.attendance_ids) and calendar.schedule_type != "flexible"

    def _get_business_calendar(self):
        """Return the hours of this office, else those of its company."""
        company = self.company_id or self.env.company
        return self.resource_calendar_id or company.resource_calendar_id

    def _get_business_tz(self):
        return pytz.timezone(self._get_business_calendar().tz or "UTC")

    def _add_business_minutes(self, moment, minutes):
        """Return `moment` plus `minutes` of open time of this office (naive UTC)."""
        calendar = self._get_business_calendar()
        planned = calendar and (
            self._add_minutes_soon(calendar, moment, minutes)
            or calendar.plan_hours(minutes / 60, moment, compute_leaves=True)
        )
        return planned or fields.Datetime.add(moment, minutes=minutes)

    @api.model
    def _add_minutes_soon(self, calendar, moment, minutes):
        """Do the same within `SOON`, which is nearly always enough; None when not.

        Odoo's own method looks at two weeks at once.
        """
        if minutes < 0 or not self._has_fixed_hours(calendar):
            return None
        start, left = localized(moment), timedelta(minutes=minutes)
        for opens, closes, _meta in calendar._work_intervals_batch(start, start + SOON)[
            False
        ]:
            if left <= closes - opens:
                return (opens + left).astimezone(pytz.utc).replace(tzinfo=None)
            left -= closes - opens
        return None
