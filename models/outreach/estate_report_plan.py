from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

RHYTHMS = {
    "weekly": relativedelta(weeks=1),
    "two_weekly": relativedelta(weeks=2),
    "monthly": relativedelta(months=1),
}


class ReportPlan(models.Model):
    """Which owner gets activity reports about which properties, and how often."""

    _name = "estate.report.plan"
    _description = "Report plan"
    _order = "next_date, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Owner", required=True, index=True, ondelete="cascade"
    )
    property_ids = fields.Many2many(
        "estate.property", string="Properties",
        help="Empty: all properties of the owner that are not closed.",
    )
    rhythm = fields.Selection(
        [("weekly", "Every week"), ("two_weekly", "Every two weeks"), ("monthly", "Every month")],
        required=True, default="weekly",
    )
    start_date = fields.Date(
        "First day told about", required=True, default=fields.Date.context_today
    )
    next_date = fields.Date(
        "Next report on", required=True, index=True,
        compute="_compute_next_date", store=True, readonly=False, precompute=True,
    )
    active = fields.Boolean(default=True)
    report_ids = fields.One2many("estate.activity.report", "plan_id", "Reports")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )

    _owner_uniq = models.UniqueIndex(
        "(partner_id, company_id) WHERE active",
        "This owner already has a report plan. Change that one.",
    )

    @api.depends("start_date", "rhythm")
    def _compute_next_date(self):
        for plan in self:
            if plan.start_date and not plan.next_date:
                plan.next_date = plan.start_date + RHYTHMS[plan.rhythm]

    def _get_reported_properties(self):
        """Return the properties that a report of this plan tells about."""
        self.ensure_one()
        if self.property_ids:
            return self.property_ids
        owned = self.partner_id.owned_property_ids
        return owned.filtered(
            lambda p: p.company_id == self.company_id and p.state not in ("closed", "withdrawn")
        )

    def _get_today(self):
        """Return the date it is at the company's place; the cron only wakes us."""
        self.ensure_one()
        zone = self.company_id.resource_calendar_id.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=zone))

    def _prepare_due_report(self):
        """Return values of the report that is due, and move on to the next date.

        A plan that was not served for a while is told in one report: no gap, no overlap.
        """
        self.ensure_one()
        today = self._get_today()
        vals = {
            "plan_id": self.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "property_ids": [fields.Command.set(self._get_reported_properties().ids)],
            "date_from": self.start_date,
            "date_to": today - relativedelta(days=1),
        }
        next_date = self.next_date
        while next_date <= today:
            next_date += RHYTHMS[self.rhythm]
        self.write({"start_date": today, "next_date": next_date})
        return vals
