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
        help="Weekdays, hours and holidays, read in the time zone of the person "
        "called.",
    )
    most_attempts = fields.Integer(
        "Most attempts in 30 days",
        help="Attempts count, not only conversations. 0: no limit.",
    )
    company_id = fields.Many2one("res.company", index="btree_not_null")

    _attempts_not_negative = models.Constraint(
        "CHECK(most_attempts >= 0)", "The number of attempts cannot be negative."
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

    @api.model
    def _has_hours(self, calendar):
        return bool(calendar.attendance_ids) and calendar.schedule_type != "flexible"

    @api.model
    def _match(self, leads):
        """Return dict lead -> the rule for the person called.

        The rule of his country comes before the general one, the company's own before
        the common one. A contact without a country is taken for a neighbour.
        """
        companies = leads.company_id | self.env.company
        countries = leads.partner_id.country_id | companies.country_id
        rules = self.search(
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

    @api.model
    def _get_open_pairs(self, calendar, tz, start, stop):
        """Return the (start, stop) pairs, aware and sorted, when a calendar is open.

        :param tz: pytz zone in which its hours are read
        :param start: naive UTC
        """
        intervals = calendar._work_intervals_batch(
            localized(start), localized(stop), tz=tz
        )
        return [(pair[0], pair[1]) for pair in intervals[False]]
