from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain

from ..models.enquiry.crm_stage import PIPELINES
from ..models.measure.estate_response_figures import GROUPINGS, MEASURES
from ..tools import durations, minimums

# The five intervals that the report opens with, in minutes.
INTERVALS = ((0, 15), (15, 60), (60, 240), (240, 1440), (1440, 4320))
DELAY = 60
# How many enquiries the screen lists at once; the button opens all of them.
ROWS = 40


class ResponseTime(models.TransientModel):
    """How fast enquiries were answered: criteria, figures, groups and details."""

    _name = "estate.response.time"
    _description = "Response time report"

    # Criteria
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: minimums.get_bounds(
            "month", fields.Date.context_today(self)
        )[0],
    )
    date_to = fields.Date("To", required=True, default=fields.Date.context_today)
    company_id = fields.Many2one(
        "res.company", domain=lambda self: [("id", "in", self.env.companies.ids)]
    )
    team_ids = fields.Many2many(
        "crm.team", string="Offices", domain=[("is_estate_office", "=", True)]
    )
    person_ids = fields.Many2many(
        "res.users",
        string="Persons",
        domain=[("share", "=", False)],
        help="Who answered; not answered yet: who is responsible.",
    )
    source_ids = fields.Many2many("utm.source", string="Sources")
    source_group_ids = fields.Many2many("estate.source.group", string="Source groups")
    pipeline = fields.Selection(
        [pair for pair in PIPELINES if pair[0] != "acquisition"],
        help="Empty: enquiries about buying and about renting.",
    )
    grouping = fields.Selection(
        GROUPINGS, "Group by", required=True, default="person_id"
    )
    measure = fields.Selection(
        MEASURES,
        "Time",
        required=True,
        default="response_minutes",
        help="Elapsed: from the start of the clock to the answer. Working: only the "
        "open time of the office in between. Outside opening hours the clock starts "
        "at the next opening either way.",
    )
    delay_minutes = fields.Integer(
        "Wanted within (minutes)", required=True, default=DELAY
    )
    interval_ids = fields.One2many(
        "estate.response.time.interval",
        "report_id",
        "Intervals",
        default=lambda self: [
            Command.create(
                {"sequence": number, "from_minutes": start, "to_minutes": stop}
            )
            for number, (start, stop) in enumerate(INTERVALS)
        ],
    )
    is_folded = fields.Boolean("Criteria are folded away")

    # Results
    received = fields.Integer("Enquiries", readonly=True)
    answered = fields.Integer(readonly=True)
    unanswered = fields.Integer(readonly=True)
    outside = fields.Integer(
        "In none of the intervals",
        readonly=True,
        help="Answered, but in none of the intervals.",
    )
    entered_later = fields.Integer(
        "Entered later",
        readonly=True,
        help="Answers told more than 15 minutes after they happened.",
    )
    mean_minutes = fields.Float("Mean (minutes)", readonly=True)
    mean_text = fields.Char("Mean time", readonly=True)
    within_day = fields.Integer("Within 24 h", readonly=True)
    within_day_share = fields.Float("Share within 24 h", readonly=True, digits=(3, 4))
    within_delay = fields.Integer("In time", readonly=True)
    within_delay_share = fields.Float("Share in time", readonly=True, digits=(3, 4))
    line_ids = fields.One2many(
        "estate.response.time.line", "report_id", "Groups", readonly=True
    )
    detail_ids = fields.Many2many(
        "estate.response.report", string="Details", compute="_compute_detail_ids"
    )
    has_more = fields.Boolean(compute="_compute_detail_ids")

    # === COMPUTE ===

    @api.depends("received", "line_ids")
    def _compute_detail_ids(self):
        for report in self:
            report.detail_ids = report._search_details(ROWS)
            report.has_more = report.received > ROWS

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for report in self:
            report.display_name = self.env._("Response time")

    # === CONSTRAINTS ===

    @api.constrains("date_from", "date_to", "delay_minutes")
    def _check_criteria(self):
        for report in self:
            if report.date_from > report.date_to:
                raise ValidationError(
                    self.env._("Choose a first day that is not after the last one.")
                )
            if report.delay_minutes < 0:
                raise ValidationError(
                    self.env._("Choose a delay of 0 minutes or more.")
                )

    @api.constrains("interval_ids")
    def _check_intervals(self):
        for report in self:
            fault = durations.find_fault(
                [interval._gather() for interval in report.interval_ids]
            )
            if fault:
                raise ValidationError(
                    self.env._(
                        "The interval from %(start)s to %(stop)s minutes ends before "
                        "it begins, or overlaps another one. An enquiry is counted "
                        "once.",
                        start=fault.start,
                        stop=fault.stop,
                    )
                )

    # === FIGURES ===

    def _get_domain(self):
        """Return the domain of the enquiries, received in days of the user's zone."""
        self.ensure_one()
        domain = Domain("received_at", ">=", self.date_from) & Domain(
            "received_at", "<=", self.date_to
        )
        if self.company_id:
            domain &= Domain("company_id", "=", self.company_id.id)
        if self.pipeline:
            domain &= Domain("pipeline", "=", self.pipeline)
        for name, records in (
            ("team_id", self.team_ids),
            ("person_id", self.person_ids),
            ("source_id", self.source_ids),
            ("source_group_id", self.source_group_ids),
        ):
            if records:
                domain &= Domain(name, "in", records.ids)
        return domain

    def _search_details(self, limit):
        return self.env["estate.response.report"].search(
            self._get_domain(), limit=limit
        )

    def _calculate(self):
        """Fill in the results by the criteria."""
        self.ensure_one()
        used = self.interval_ids.filtered("to_minutes")
        total, groups = self.env["estate.response.figures"]._get_figures(
            self._get_domain(),
            self.grouping,
            self.measure,
            self.delay_minutes,
            [interval._gather() for interval in used],
        )
        counts = dict(zip(used, total.counts, strict=True))
        names = self._get_group_names([one.key for one in groups if one.key])
        # sudo: estate.response.time - the user chooses the criteria, the system writes
        # what they give; it was counted with the rights of the user
        self.sudo().write(
            {
                **self._prepare_vals(total),
                "outside": total.outside,
                "interval_ids": [
                    Command.update(
                        interval.id,
                        {
                            "count": counts.get(interval, 0),
                            "share": total.get_share(counts.get(interval, 0)),
                        },
                    )
                    for interval in self.interval_ids
                ],
                "line_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                **self._prepare_vals(one),
                                "key": one.key or 0,
                                "name": names.get(one.key) or self.env._("None"),
                            }
                        )
                        for one in groups
                    ),
                ],
            }
        )

    def _prepare_vals(self, figures):
        """Return what the report and each of its groups show alike."""
        return {
            "received": figures.received,
            "answered": figures.answered,
            "unanswered": figures.unanswered,
            "entered_later": figures.entered_later,
            "mean_minutes": figures.mean or 0.0,
            "mean_text": self._get_duration_text(figures.mean),
            "within_day": figures.within_day,
            "within_day_share": figures.get_share(figures.within_day),
            "within_delay": figures.within_delay,
            "within_delay_share": figures.get_share(figures.within_delay),
        }

    def _get_group_names(self, ids):
        """Return id -> name of what the report is grouped by."""
        model = self.env["estate.response.report"]._fields[self.grouping].comodel_name
        # sudo: users, offices, companies, sources - who sees the figures of a group
        # reads its name
        groups = self.env[model].sudo().with_context(active_test=False).browse(ids)
        return {group.id: group.display_name for group in groups.exists()}

    @api.model
    def _get_duration_text(self, minutes):
        """Return a duration as people write it, empty for None."""
        if minutes is None:
            return ""
        days, hours, rest = durations.split(minutes)
        if days:
            return self.env._("%(days)s d %(hours)s h", days=days, hours=hours)
        if hours:
            return self.env._("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)
        return self.env._("%(minutes)s min", minutes=rest)

    # === ACTIONS ===

    @api.model
    def _open(self):
        """Return the action of the screen, with the figures of this month."""
        report = self.create({})
        report._calculate()
        return report._get_screen()

    def _get_screen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Response time"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_show(self):
        """Calculate by the criteria and fold them away."""
        self.ensure_one()
        self.check_access("write")
        self._calculate()
        self.is_folded = True

    def action_unfold(self):
        """Show the criteria again."""
        self.ensure_one()
        self.is_folded = False

    def action_open_details(self):
        """Open all enquiries of the report as list, pivot and graph."""
        self.ensure_one()
        self.check_access("read")
        return self._open_details(self._get_domain())

    def _open_details(self, domain, name=None):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_real_estate.estate_response_report_action"
        )
        return {**action, "domain": list(domain), "context": {}} | (
            {"name": name} if name else {}
        )

    def action_print(self):
        """Print the report as a PDF."""
        self.ensure_one()
        self.check_access("read")
        report = self.env.ref("crm_real_estate.action_report_response_time")
        return report.report_action(self)

    def action_export(self):
        """Download the report and all its enquiries as a workbook."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/real_estate/response_time/{self.id}",
            "target": "download",
        }


class ResponseTimeInterval(models.TransientModel):
    """An interval of the report: answers after more than "from", at most "to"."""

    _name = "estate.response.time.interval"
    _description = "Response time report: interval"
    _order = "sequence, id"

    report_id = fields.Many2one(
        "estate.response.time", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=99)
    from_minutes = fields.Integer("From (minutes)")
    to_minutes = fields.Integer("To (minutes)")
    count = fields.Integer("Answers", readonly=True)
    share = fields.Float(readonly=True, digits=(3, 4))

    def _gather(self):
        self.ensure_one()
        return durations.Interval(self.from_minutes, self.to_minutes)

    @api.constrains("from_minutes", "to_minutes")
    def _check_no_overlap(self):
        self.report_id._check_intervals()


class ResponseTimeLine(models.TransientModel):
    """The figures of one person, office, company, source or source group."""

    _name = "estate.response.time.line"
    _description = "Response time report: group"
    _order = "id"

    report_id = fields.Many2one(
        "estate.response.time", required=True, index=True, ondelete="cascade"
    )
    key = fields.Integer(readonly=True)
    name = fields.Char(readonly=True)
    received = fields.Integer("Enquiries", readonly=True)
    answered = fields.Integer(readonly=True)
    unanswered = fields.Integer(readonly=True)
    entered_later = fields.Integer("Entered later", readonly=True)
    mean_minutes = fields.Float("Mean (minutes)", readonly=True)
    mean_text = fields.Char("Mean time", readonly=True)
    within_day = fields.Integer("Within 24 h", readonly=True)
    within_day_share = fields.Float("Share within 24 h", readonly=True, digits=(3, 4))
    within_delay = fields.Integer("In time", readonly=True)
    within_delay_share = fields.Float("Share in time", readonly=True, digits=(3, 4))

    def action_open_details(self):
        """Open the enquiries of this group."""
        self.ensure_one()
        self.check_access("read")
        report = self.report_id
        mine = Domain(report.grouping, "=", self.key or False)
        return report._open_details(report._get_domain() & mine, self.name)
