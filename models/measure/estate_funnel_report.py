from odoo import fields, models
from odoo.tools import SQL

from ..property.estate_property import DEAL_TYPES

# Outcomes after which nobody has been spoken to and the calls go on.
NOT_PROCESSED = ("no_answer", "busy")
POSITIVE = "agreed"


class FunnelReport(models.Model):
    """How far one owner lead came: received, called, processed, positive, mandate.

    A row counts in the period in which its lead was **received**, whatever happens
    when, so that each step is a part of the one before:

    - *called*: at least one call attempt was noted;
    - *processed*: an attempt ended otherwise than with no answer or busy, or the calls
      were given up (the lead was rung and stands in the cancelled phase);
    - *positive*: an attempt ended with "agreed";
    - *mandate*: the lead stands in a won phase of the acquisition.

    The shares are means over rows: processed / received and positive / processed.
    """

    _name = "estate.funnel.report"
    _description = "Call centre funnel"
    _auto = False
    _order = "received_at desc, id desc"
    _rec_name = "lead_id"
    _depends = {
        "crm.lead": [
            *("active", "company_id", "create_date", "date_closed", "deal_type"),
            *("intake_source_id", "lead_role", "lost_reason_id", "property_id"),
            *("source_id", "stage_id", "team_id", "user_id"),
        ],
        "crm.stage": ["is_cancellation", "is_won"],
        "estate.call": ["lead_id", "outcome_id", "started_at", "user_id"],
        "estate.call.outcome": ["code"],
        "estate.property": ["type_id"],
        "res.users": ["sale_team_id"],
    }

    lead_id = fields.Many2one("crm.lead", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    property_id = fields.Many2one("estate.property", readonly=True)
    type_id = fields.Many2one("estate.property.type", "Property type", readonly=True)
    deal_type = fields.Selection(DEAL_TYPES, "Deal", readonly=True)
    intake_source_id = fields.Many2one(
        "estate.intake.source", "Came in by", readonly=True
    )
    source_id = fields.Many2one("utm.source", "Marketing source", readonly=True)
    stage_id = fields.Many2one("crm.stage", "Phase", readonly=True)
    lost_reason_id = fields.Many2one("crm.lost.reason", readonly=True)
    operator_id = fields.Many2one(
        "res.users",
        readonly=True,
        help="Who brought the lead furthest by a call: the first who got an agreement, "
        "else any answer, else rang. Never rung: who is responsible.",
    )
    team_id = fields.Many2one(
        "crm.team",
        "Office",
        readonly=True,
        help="The operator's office. Never rung: the office of the lead.",
    )

    received_at = fields.Datetime(
        "Received", readonly=True, help="When the lead was made."
    )
    called_at = fields.Datetime("First call", readonly=True)
    processed_at = fields.Datetime(
        "Processed on",
        readonly=True,
        help="First outcome other than no answer or busy; given up: the last call.",
    )
    positive_at = fields.Datetime("Agreed on", readonly=True)
    mandate_at = fields.Datetime("Mandate on", readonly=True)

    received = fields.Integer("Leads received", readonly=True)
    called = fields.Integer(
        readonly=True, help="Leads with at least one call attempt, whatever came of it."
    )
    processed = fields.Integer(
        readonly=True,
        help="Leads with an outcome other than no answer or busy, and those that were "
        "given up after their calls.",
    )
    positive = fields.Integer(readonly=True, help="Leads whose owner agreed on a call.")
    mandate = fields.Integer(
        "Mandates", readonly=True, help="Leads that stand in the phase of a mandate."
    )
    processed_share = fields.Float(
        "Processed / received", readonly=True, aggregator="avg"
    )
    positive_share = fields.Float(
        "Positive / processed", readonly=True, aggregator="avg"
    )

    # === QUERY ===

    @property
    def _table_query(self):
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    def _select(self):
        called = SQL("(attempt.lead_id IS NOT NULL)")
        given_up = SQL("(%s AND stage.is_cancellation IS TRUE)", called)
        processed = SQL("(attempt.processed_at IS NOT NULL OR %s)", given_up)
        positive = SQL("(attempt.positive_at IS NOT NULL)")
        mandate = SQL("(stage.is_won IS TRUE)")
        return SQL(
            """
            SELECT lead.id, lead.id AS lead_id, lead.company_id, lead.property_id,
                lead.deal_type, lead.intake_source_id, lead.source_id, lead.stage_id,
                lead.lost_reason_id, property.type_id,
                COALESCE(attempt.operator_id, lead.user_id) AS operator_id,
                COALESCE(operator.sale_team_id, lead.team_id) AS team_id,
                lead.create_date AS received_at, attempt.called_at,
                CASE WHEN %(given_up)s
                    THEN COALESCE(attempt.processed_at, attempt.last_at)
                    ELSE attempt.processed_at END AS processed_at,
                attempt.positive_at,
                CASE WHEN %(mandate)s THEN lead.date_closed END AS mandate_at,
                1 AS received, %(called)s::int AS called,
                %(processed)s::int AS processed, %(positive)s::int AS positive,
                %(mandate)s::int AS mandate,
                %(processed)s::int::float AS processed_share,
                CASE WHEN %(processed)s THEN %(positive)s::int::float END
                    AS positive_share
            """,
            called=called,
            given_up=given_up,
            processed=processed,
            positive=positive,
            mandate=mandate,
        )

    def _from(self):
        return SQL(
            """
            FROM crm_lead lead
            LEFT JOIN crm_stage stage ON stage.id = lead.stage_id
            LEFT JOIN estate_property property ON property.id = lead.property_id
            LEFT JOIN LATERAL (%s) attempt ON TRUE
            LEFT JOIN res_users operator ON operator.id = attempt.operator_id
            """,
            self._select_attempts(),
        )

    def _select_attempts(self):
        """One row for a lead that was rung; the deciding call names the operator.

        LATERAL: only the calls of the leads in question are read, those of a month in
        a twentieth of the time of all. Rank, second and user of a call are packed into
        one number: the least of them is found without sorting (24 bits hold 16 million
        users).
        """
        return SQL(
            """
            SELECT call.lead_id, min(call.started_at) AS called_at,
                max(call.started_at) AS last_at,
                min(call.started_at) FILTER (WHERE NOT %(is_open)s) AS processed_at,
                min(call.started_at) FILTER (WHERE %(is_positive)s) AS positive_at,
                (min(
                    CASE WHEN %(is_positive)s THEN 0 WHEN %(is_open)s THEN 2 ELSE 1 END
                    * (1::bigint << 57)
                    + EXTRACT(EPOCH FROM call.started_at)::bigint * (1::bigint << 24)
                    + call.user_id
                ) & ((1 << 24) - 1))::int AS operator_id
            FROM estate_call call
            WHERE call.lead_id = lead.id
            GROUP BY call.lead_id
            """,
            is_open=self._has_code(NOT_PROCESSED),
            is_positive=self._has_code((POSITIVE,)),
        )

    def _has_code(self, codes):
        """Return the SQL condition that a call ended with one of these outcomes."""
        return SQL(
            "(call.outcome_id = ANY(ARRAY("
            "SELECT id FROM estate_call_outcome WHERE code IN %s)))",
            codes,
        )

    def _where(self):
        return SQL("WHERE lead.lead_role = 'owner'")

    # === ACTIONS ===

    def action_open_lead(self):
        """Open the lead behind a row."""
        self.ensure_one()
        self.check_access("read")
        return self.lead_id._get_records_action(name=self.lead_id.name)
