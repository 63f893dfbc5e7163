from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain

from .. import inner
from .res_company import FIRST_HOUR, LAST_HOUR, RHYTHMS

STEPS = {
    "weekly": relativedelta(weeks=1),
    "two_weekly": relativedelta(weeks=2),
    "monthly": relativedelta(months=1),
}
AUDIENCES = [("vendor", "Owner"), ("seeker", "Seeker")]
WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]
# States of a property that is told about only as long as something happened to it.
ENDED_STATES = ("closed", "withdrawn")


def get_next_date(anchor, rhythm, day):
    """Return the first date after `day` that is whole steps of `rhythm` after `anchor`.

    Counted from the anchor, a plan that began on the 31st is not moved to the 28th for
    ever by one February.
    """
    count = 1
    while anchor + STEPS[rhythm] * count <= day:
        count += 1
    return anchor + STEPS[rhythm] * count


def move_to_weekday(date, weekday):
    """Return the last date up to `date` that is this day of the week (0 is Monday)."""
    return date - timedelta(days=(date.weekday() - weekday) % 7)


class ReportPlan(models.Model):
    """Who gets activity reports about which properties, how often and about what."""

    _name = "estate.report.plan"
    _description = "Report plan"
    _inherit = ["estate.retry.mixin", "estate.about.contact.mixin"]
    _order = "next_date, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, ondelete="cascade"
    )
    audience = fields.Selection(
        AUDIENCES,
        "Told as",
        required=True,
        default="vendor",
        help="An owner reads what was done for his properties, a seeker what was done "
        "for his search.",
    )
    property_ids = fields.Many2many(
        "estate.property",
        string="Properties",
        check_company=True,
        domain="[('owner_ids', 'in', partner_id)] if audience == 'vendor' else "
        "[('lead_ids.partner_id', 'in', partner_id)]",
        context={"active_test": False},
        help="Empty: all properties of the owner as long as they are offered; for a "
        "seeker all that he was offered or asked about.",
    )
    # What it tells
    type_ids = fields.Many2many(
        "estate.interaction.type",
        string="Kinds of actions",
        help="Empty: all kinds. Comments for the owner are always told.",
    )
    when_quiet = fields.Selection(
        [("say", "Say that it was quiet"), ("skip", "Send no report")],
        "When nothing happened",
        required=True,
        default="say",
    )
    rhythm = fields.Selection(
        RHYTHMS,
        required=True,
        default=lambda self: self.env.company.estate_report_rhythm,
    )
    weekday = fields.Selection(
        WEEKDAYS, help="Empty: the day on which the plan was begun."
    )
    hour = fields.Integer(
        "From hour",
        required=True,
        default=FIRST_HOUR,
        help="Hour of the day, at the company's place, from which the report is sent.",
    )
    start_date = fields.Date(
        "Tells from",
        required=True,
        default=fields.Date.context_today,
        help="First day that the next report tells about.",
    )
    next_date = fields.Date(
        "Next report on",
        required=True,
        index=True,
        compute="_compute_next_date",
        store=True,
        readonly=False,
        precompute=True,
    )
    anchor_date = fields.Date(
        compute="_compute_next_date",
        store=True,
        readonly=False,
        precompute=True,
        help="The date that the rhythm is counted from.",
    )
    tells_phases = fields.Boolean(
        "Seekers by phase",
        help="The reports tell how many seekers stand in each phase, without names.",
    )
    active = fields.Boolean(default=True)
    report_ids = fields.One2many("estate.activity.report", "plan_id", "Reports")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )

    _audience_uniq = models.UniqueIndex(
        "(partner_id, audience, company_id) WHERE active",
        "This contact already has a report plan. Change that one.",
    )
    _hour_by_day = models.Constraint(
        f"CHECK(hour BETWEEN {FIRST_HOUR} AND {LAST_HOUR})",
        "Reports are sent from 8 to 19 o'clock: at night nobody gets mail.",
    )

    @api.depends("start_date", "rhythm", "weekday")
    def _compute_next_date(self):
        for plan in self.filtered("start_date"):
            plan.anchor_date = plan.start_date
            plan.next_date = plan._move_to_weekday(plan.start_date + STEPS[plan.rhythm])

    def _move_to_weekday(self, date):
        return move_to_weekday(date, int(self.weekday)) if self.weekday else date

    @api.constrains("start_date", "next_date")
    def _check_next_after_start(self):
        for plan in self:
            if plan.next_date <= plan.start_date:
                raise ValidationError(
                    self.env._(
                        "The next report to %(owner)s must come after %(start)s, the "
                        "first day it tells about. Choose a later date.",
                        owner=plan.partner_id.display_name,
                        start=plan.start_date,
                    )
                )

    def write(self, vals):
        if "next_date" in vals and "anchor_date" not in vals:
            # A person chose another day: the rhythm goes on from there.
            vals = {**vals, "anchor_date": vals["next_date"]}
        return super().write(vals)

    # === DUE ===

    @api.model
    def _get_due_domain(self):
        """Return the domain of plans whose report is due at their company's place."""
        tomorrow = fields.Date.add(fields.Date.today(), days=1)
        companies = self._read_group([("next_date", "<=", tomorrow)], ["company_id"])
        return Domain("partner_id.active", "=", True) & Domain.OR(
            Domain("company_id", "=", company.id)
            & (
                Domain("next_date", "<", company._get_report_day())
                | Domain("next_date", "=", company._get_report_day())
                & Domain("hour", "<=", company._get_report_hour())
            )
            for (company,) in companies
        )

    @api.model
    def _make_due_reports(self, limit):
        """Make the reports of at most `limit` due plans; return how many were served.

        Report and next date are written in one transaction. A plan that was not served
        for a while is told in one report: no gap, no overlap.
        """
        plans = self._take(self._get_due_domain(), limit)
        plans._try(lambda due: due._make_reports())
        return len(plans)

    def _make_reports(self):
        """Make the reports of these due plans, and move on to their next dates."""
        days = {company: company._get_report_day() for company in self.company_id}
        told = self._get_told_properties()
        reports = inner.say(self.env["estate.activity.report"], fill_later=True)
        reports.create(
            [
                {
                    "plan_id": plan.id,
                    "partner_id": plan.partner_id.id,
                    "audience": plan.audience,
                    "company_id": plan.company_id.id,
                    "with_demand": plan.with_demand,
                    "property_ids": [Command.set(told[plan].ids)],
                    "tells_phases": plan.tells_phases,
                    "date_from": plan.start_date,
                    "date_to": days[plan.company_id] - timedelta(days=1),
                }
                for plan in self
                if told[plan]
            ]
        )
        for (day, anchor, rhythm, _weekday), plans in self.grouped(
            lambda plan: (
                days[plan.company_id],
                plan.anchor_date,
                plan.rhythm,
                plan.weekday,
            )
        ).items():
            next_date = plans[0]._get_next_date(anchor, rhythm, day)
            plans.write(
                {"start_date": day, "next_date": next_date, "anchor_date": anchor}
            )

    def _get_next_date(self, anchor, rhythm, day):
        """Return the date of the report after `day`, on the weekday of this plan."""
        following = get_next_date(anchor, rhythm, day)
        while (date := self._move_to_weekday(following)) <= day:
            following = get_next_date(anchor, rhythm, following)
        return date

    def _get_told_properties(self):
        """Return the properties each plan's next report tells about: plan -> records.

        Those the owner still owns and that are offered, and those where something
        happened since the last report: the news of a sale must not get lost.
        """
        owned = {plan: plan._get_own_properties() for plan in self}
        ended = (
            self.property_ids.browse()
            .union(*owned.values())
            .filtered(lambda prop: prop.state in ENDED_STATES)
        )
        # sudo: estate.interaction - what colleagues did counts, too
        journal = self.env["estate.interaction"].sudo()
        latest = dict(
            journal._read_group(
                Domain("property_id", "in", ended.ids) & journal._get_told_domain(),
                ["property_id"],
                ["occurred_at:max"],
            )
        )
        starts = {
            plan: plan.company_id._get_day_start(plan.start_date) for plan in self
        }
        return {
            plan: properties.filtered(
                lambda prop, start=starts[plan]: (
                    prop not in ended or (prop in latest and latest[prop] >= start)
                )
            )
            for plan, properties in owned.items()
        }

    def _get_own_properties(self):
        """Return what the owner owns, or the seeker was offered, of what is planned."""
        self.ensure_one()
        partner = self.partner_id
        own = (
            partner.owned_property_ids
            if self.audience == "vendor"
            else partner._get_offered_properties()
        ).filtered(
            lambda prop: prop.company_id == self.company_id and prop.state != "draft"
        )
        return own & self.property_ids if self.property_ids else own

    # === ACTIONS ===

    def action_try_again(self):
        """Work on these plans again, after what held them back was put right."""
        self._forget_failures()

    def action_open_reports(self):
        self.ensure_one()
        return self.report_ids._get_records_action(
            name=self.env._("Reports to %s", self.partner_id.name)
        )
