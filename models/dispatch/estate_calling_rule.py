from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.date_utils import localized

from ...tools import calling


class CallingRule(models.Model):
    """When people in a country may be rung, in their own time zone."""

    _name = "estate.calling.rule"
    _description = "Calling rule"
    _order = "country_id, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    country_id = fields.Many2one("res.country", help="Empty: for all other countries.")
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Allowed hours",
        required=True,
        check_company=True,
        ondelete="restrict",
        help="Weekdays and hours, read in the time zone of the person called; the time "
        "off of the calendar is closed too.",
    )
    public_holidays = fields.Char(
        help="Nobody is rung on these days, separated by commas: month-day such as "
        "05-01, or days from Easter Sunday such as easter+1.",
    )
    most_attempts = fields.Integer(
        "Most attempts in 30 days",
        help="Attempts count, not only conversations. 0: no limit.",
    )
    silence_days = fields.Integer(
        "Days of silence after a refusal", help="0: no such silence."
    )
    needs_consent = fields.Boolean(
        "Prospecting needs consent",
        help="Who did not agree before is not called, unless he asked for it. Whether "
        "the owners of a source asked is set on the intake source.",
    )
    consent_lifts_hours = fields.Boolean(
        "Consent lifts the hours",
        help="Who agreed to calls may be rung outside the hours and on holidays.",
    )
    mandate_lifts_consent = fields.Boolean(
        "A mandate stands for consent",
        default=True,
        help="An owner whose property is on the market with us has a contract.",
    )
    company_id = fields.Many2one("res.company", index="btree_not_null")

    _attempts_not_negative = models.Constraint(
        "CHECK(most_attempts >= 0)", "The number of attempts cannot be negative."
    )
    _silence_not_negative = models.Constraint(
        "CHECK(silence_days IS NULL OR silence_days >= 0)",
        "The days of silence cannot be negative.",
    )

    @api.constrains("calendar_id")
    def _check_calendar_has_hours(self):
        for rule in self:
            if not rule._has_hours(rule.calendar_id):
                raise ValidationError(
                    self.env._(
                        "%(calendar)s has no fixed hours, so %(rule)s would allow no "
                        "call. Choose working hours with opening times.",
                        calendar=rule.calendar_id.display_name,
                        rule=rule.name,
                    )
                )

    @api.constrains("public_holidays")
    def _check_public_holidays(self):
        for rule in self:
            try:
                calling.parse_holidays(rule.public_holidays or "")
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "%(rule)s: %(part)s is no holiday. Write month-day or days "
                        "from Easter Sunday, for example 01-01, easter+1.",
                        rule=rule.name,
                        part=error,
                    )
                ) from error

    @api.model
    def _has_hours(self, calendar):
        return bool(calendar.attendance_ids) and calendar.schedule_type != "flexible"

    # === WHICH RULE ===

    @api.model
    def _match(self, leads):
        """Return dict lead -> the rule for the person called.

        The rule of his country comes before the general one, the company's own before
        the common one. A contact without a country is taken for a neighbour.
        """
        companies = leads.company_id | self.env.company
        countries = leads.partner_id.country_id | companies.country_id
        rules = self.search_fetch(
            [
                ("company_id", "in", [False, *companies.ids]),
                ("country_id", "in", [False, *countries.ids]),
            ]
        )
        result = {}
        for lead in leads:
            company = lead.company_id or self.env.company
            country = lead.partner_id.country_id or company.country_id
            fitting = rules.filtered(
                lambda rule, company=company, country=country: (
                    rule.company_id <= company and rule.country_id <= country
                )
            )
            result[lead] = fitting.sorted(
                lambda rule: (not rule.country_id, not rule.company_id, rule.id)
            )[:1]
        return result

    def _get_tz(self, lead):
        """Return the time zone in which the person of a lead is rung."""
        company = lead.company_id or self.env.company
        country = lead.partner_id.country_id or company.country_id
        return calling.choose_zone(
            lead.partner_id.tz,
            country.code,
            lead.team_id._get_business_tz().zone,
            self.calendar_id.tz,
        )

    # === GATHER ===

    def _gather_rule(self):
        """Return this rule as a plain `calling.Rule`, None for the empty one."""
        if not self:
            return None
        return calling.Rule(
            days=self._gather_days(),
            holidays=calling.parse_holidays(self.public_holidays or ""),
            closed=tuple(
                (localized(leave.date_from), localized(leave.date_to))
                for leave in self.calendar_id.global_leave_ids
            ),
            most_attempts=self.most_attempts,
            silence_days=self.silence_days,
            needs_consent=self.needs_consent,
            consent_lifts_hours=self.consent_lifts_hours,
            mandate_lifts_consent=self.mandate_lifts_consent,
        )

    def _gather_days(self):
        """Return the hours of the calendar as the `days` of a `calling.Rule`."""
        days = [[] for _day in range(14)]
        for line in self.calendar_id.attendance_ids:
            if line.display_type or line.day_period == "lunch":
                continue
            span = round(line.hour_from * 60), round(line.hour_to * 60)
            weeks = (int(line.week_type),) if line.week_type else (0, 1)
            for week in weeks:
                days[7 * week + int(line.dayofweek)].append(span)
        return tuple(tuple(sorted(spans)) for spans in days)

    @api.model
    def _get_open_pairs(self, calendar, tz, start, stop):
        """Return the (start, stop) pairs, aware and sorted, when an office is open.

        :param tz: pytz zone in which its hours are read
        :param start: naive UTC
        """
        intervals = calendar._work_intervals_batch(
            localized(start), localized(stop), tz=tz
        )
        return [(pair[0], pair[1]) for pair in intervals[False]]
