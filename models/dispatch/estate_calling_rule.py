import pytz

from odoo import api, fields, models
from odoo.tools.date_utils import localized


class CallingRule(models.Model):
    """When people in a country may be rung, in their own time zone."""

    _name = "estate.calling.rule"
    _description = "Calling rule"
    _order = "country_id, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    country_id = fields.Many2one("res.country", help="Empty: for all other countries.")
    calendar_id = fields.Many2one(
        "resource.calendar", "Allowed hours", required=True, ondelete="restrict",
        help="Weekdays, hours and holidays, read in the time zone of the person called.",
    )
    most_attempts = fields.Integer(
        "Most attempts in 30 days", help="Attempts count, not only conversations. 0: no limit."
    )
    company_id = fields.Many2one("res.company", index="btree_not_null")

    _attempts_not_negative = models.Constraint(
        "CHECK(most_attempts >= 0)", "The number of attempts cannot be negative."
    )

    @api.model
    def _get_for(self, partner):
        """Return the rule for a contact: the one of his country, else the general one."""
        country = partner.country_id or self.env.company.country_id
        rules = self.search([("country_id", "in", (False, country.id))])
        return rules.filtered("country_id")[:1] or rules[:1]

    @api.model
    def _get_tz_of(self, partner, default):
        """Return the time zone of a contact: his own, else his country's main one."""
        if partner.tz:
            return pytz.timezone(partner.tz)
        zones = pytz.country_timezones.get(partner.country_id.code or "", ())
        return pytz.timezone(zones[0]) if zones else default

    def _get_open_pairs(self, start, stop, tz):
        """Return the (start, stop) pairs in which this rule allows a call, sorted."""
        self.ensure_one()
        calendar = self.calendar_id
        intervals = calendar._work_intervals_batch(localized(start), localized(stop), tz=tz)
        return [(pair[0], pair[1]) for pair in intervals[False]]
