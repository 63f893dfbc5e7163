from odoo import fields, models
from odoo.tools import SQL

from ..enquiry.crm_stage import PIPELINES

DAY_MINUTES = 24 * 60
PARTS = [
    ("unrouted", "Unrouted"),
    ("unseen", "Unseen"),
    ("undone", "Not done"),
    ("outside", "Outside hours"),
]


def _make_minutes(label, **attributes):
    return fields.Float(
        label, digits=(16, 1), readonly=True, aggregator="avg", **attributes
    )


def _make_count(label, **attributes):
    return fields.Integer(label, readonly=True, **attributes)


class ResponseReport(models.Model):
    """How long one enquiry waited for its first answer by a person.

    A row counts in the time in which its enquiry was **received**. What the clock
    measured was fixed with the answer; nothing is calculated here.
    """

    _name = "estate.response.report"
    _description = "Response time"
    _inherit = "estate.about.contact.mixin"
    _auto = False
    _order = "received_at desc, id desc"
    _rec_name = "lead_id"
    _depends = {
        "crm.lead": [
            *("active", "company_id", "deal_type", "intake_source_id", "lead_role"),
            *("partner_id", "pipeline", "property_id", "received_at", "source_id"),
            *("stage_id", "team_id", "user_id"),
            *("first_response_at", "first_response_by", "response_entered_later"),
            *("response_minutes", "response_outside_minutes", "response_start_at"),
            *("response_undone_minutes", "response_unrouted_minutes"),
            *("response_unseen_minutes", "response_working_minutes"),
        ],
        "utm.source": ["source_group_id"],
    }

    lead_id = fields.Many2one("crm.lead", "Enquiry", readonly=True)
    partner_id = fields.Many2one("res.partner", "Contact", readonly=True)
    property_id = fields.Many2one("estate.property", readonly=True)
    pipeline = fields.Selection(PIPELINES, readonly=True)
    stage_id = fields.Many2one("crm.stage", "Phase", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one("crm.team", "Office", readonly=True)
    user_id = fields.Many2one("res.users", "Responsible", readonly=True)
    person_id = fields.Many2one(
        "res.users",
        readonly=True,
        help="Who answered, agent or operator; not answered yet: who is responsible.",
    )
    intake_source_id = fields.Many2one(
        "estate.intake.source", "Came in by", readonly=True
    )
    source_id = fields.Many2one("utm.source", readonly=True)
    source_group_id = fields.Many2one("estate.source.group", readonly=True)

    received_at = fields.Datetime("Received", readonly=True)
    response_start_at = fields.Datetime("Clock starts", readonly=True)
    first_response_at = fields.Datetime("Answered on", readonly=True)
    is_entered_later = fields.Boolean(
        "Entered later",
        readonly=True,
        help="The answer was told more than 15 minutes after it happened.",
    )
    response_minutes = _make_minutes("Minutes to the answer")
    response_working_minutes = _make_minutes("Working minutes to the answer")
    unrouted_minutes = _make_minutes("Minutes unrouted")
    unseen_minutes = _make_minutes("Minutes unseen")
    undone_minutes = _make_minutes("Minutes not done")
    outside_minutes = _make_minutes("Minutes outside hours")

    received = _make_count("Enquiries")
    answered = _make_count("Answered")
    unanswered = _make_count("Unanswered")
    within_day = _make_count(
        "Within 24 h", help="Answered within 24 hours of the start of the clock."
    )
    entered_later = _make_count("Answers entered later")
    within_day_share = fields.Float(
        "Share within 24 h", readonly=True, aggregator="avg"
    )

    # === QUERY ===

    @property
    def _table_query(self):
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    def _select(self):
        answered = SQL("(lead.first_response_at IS NOT NULL)")
        within = SQL("(%s AND lead.response_minutes <= %s)", answered, DAY_MINUTES)
        return SQL(
            """
            SELECT lead.id, lead.id AS lead_id, lead.partner_id, lead.property_id,
                lead.pipeline, lead.stage_id, lead.company_id, lead.team_id,
                lead.user_id, COALESCE(lead.first_response_by, lead.user_id)
                    AS person_id,
                lead.intake_source_id, lead.source_id, source.source_group_id,
                lead.received_at, lead.response_start_at, lead.first_response_at,
                lead.response_entered_later AS is_entered_later,
                %(minutes)s,
                1 AS received, %(answered)s::int AS answered,
                (NOT %(answered)s)::int AS unanswered, %(within)s::int AS within_day,
                (lead.response_entered_later IS TRUE)::int AS entered_later,
                %(within)s::int::float AS within_day_share
            """,
            minutes=SQL(", ").join(
                SQL(
                    "CASE WHEN %s THEN COALESCE(lead.%s, 0) END AS %s",
                    answered,
                    SQL.identifier(column),
                    SQL.identifier(name),
                )
                for column, name in self._get_durations()
            ),
            answered=answered,
            within=within,
        )

    def _get_durations(self):
        """Return (column of the lead, field) of each duration."""
        whole = ("response_minutes", "response_working_minutes")
        return [
            *((name, name) for name in whole),
            *(
                (f"response_{part}_minutes", f"{part}_minutes")
                for part, _label in PARTS
            ),
        ]

    def _from(self):
        return SQL(
            """
            FROM crm_lead lead
            LEFT JOIN utm_source source ON source.id = lead.source_id
            """
        )

    def _where(self):
        return SQL("WHERE lead.lead_role = 'seeker' AND lead.received_at IS NOT NULL")

    # === ACTIONS ===

    def action_open_lead(self):
        """Open the lead behind a row."""
        self.ensure_one()
        self.check_access("read")
        return self.lead_id._get_records_action(name=self.lead_id.name)


class ResponsePart(models.Model):
    """One of the four parts of the time from reception to answer, of one enquiry."""

    _name = "estate.response.part"
    _description = "Where the minutes went"
    _auto = False
    _order = "received_at desc, id desc"
    _rec_name = "lead_id"
    _depends = {
        "crm.lead": [
            *("company_id", "first_response_at", "first_response_by", "lead_role"),
            *("pipeline", "received_at", "response_outside_minutes", "team_id"),
            *("response_undone_minutes", "response_unrouted_minutes"),
            *("response_unseen_minutes", "user_id"),
        ]
    }

    lead_id = fields.Many2one("crm.lead", "Enquiry", readonly=True)
    part = fields.Selection(PARTS, readonly=True)
    minutes = fields.Float(digits=(16, 1), readonly=True, aggregator="avg")
    pipeline = fields.Selection(PIPELINES, readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one("crm.team", "Office", readonly=True)
    user_id = fields.Many2one("res.users", "Responsible", readonly=True)
    person_id = fields.Many2one("res.users", readonly=True)
    received_at = fields.Datetime("Received", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT lead.id * 4 + part.number AS id, lead.id AS lead_id,
                part.code AS part, part.minutes, lead.pipeline, lead.company_id,
                lead.team_id, lead.user_id, lead.first_response_by AS person_id,
                lead.received_at
            FROM crm_lead lead
            CROSS JOIN LATERAL (VALUES %(parts)s) part (number, code, minutes)
            WHERE lead.lead_role = 'seeker' AND lead.received_at IS NOT NULL
                AND lead.first_response_at IS NOT NULL
            """,
            parts=SQL(", ").join(
                SQL(
                    "(%s, %s, COALESCE(lead.%s, 0))",
                    number,
                    code,
                    SQL.identifier(f"response_{code}_minutes"),
                )
                for number, (code, _label) in enumerate(PARTS)
            ),
        )

    def action_open_lead(self):
        """Open the lead behind a row."""
        self.ensure_one()
        self.check_access("read")
        return self.lead_id._get_records_action(name=self.lead_id.name)
