from odoo import fields, models
from odoo.tools import SQL

from ..enquiry.crm_stage import PIPELINES

REASONS = [
    ("no_viewing", "First viewing, but no viewing was carried out"),
    ("second_viewing", "Second viewing, but fewer than two were carried out"),
    ("no_evidence", "Nothing in the journal leads to this phase"),
    ("behind", "The journal tells of a later phase"),
]


class PhaseCheck(models.Model):
    """A lead whose phase contradicts the journal, and why.

    - *no evidence*: the phase is one that a kind of event reaches, and the journal has
      no valid row of such a kind, nor one by which a person chose the phase; an enquiry
      need not prove that it came in;
    - *first* and *second viewing*: as many viewings must have been carried out;
    - *behind*: a row that is newer than the last move by a person
      reaches a later phase. Who moved the lead back by hand has decided about the rows
      before.

    Cancelled leads are left out: their reason stands on them.
    """

    _name = "estate.phase.check"
    _description = "Phase against the journal"
    _inherit = "estate.about.contact.mixin"
    _auto = False
    _order = "reason, lead_id desc"
    _rec_name = "lead_id"
    _depends = {
        "crm.lead": [
            *("company_id", "lead_role", "partner_id", "pipeline", "property_id"),
            *("stage_id", "team_id", "user_id"),
        ],
        "crm.stage": ["is_cancellation", "phase_number", "pipeline"],
        "estate.interaction": [
            *("cause", "caused_by_id", "corrects_id", "is_automatic", "lead_id"),
            *("phase_to", "type_id"),
        ],
        "estate.interaction.type": ["code", "is_response", "stage_ids"],
    }

    lead_id = fields.Many2one("crm.lead", "Enquiry", readonly=True)
    partner_id = fields.Many2one("res.partner", "Contact", readonly=True)
    property_id = fields.Many2one("estate.property", readonly=True)
    pipeline = fields.Selection(PIPELINES, readonly=True)
    stage_id = fields.Many2one("crm.stage", "Phase", readonly=True)
    user_id = fields.Many2one("res.users", "Agent", readonly=True)
    team_id = fields.Many2one("crm.team", "Office", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    reason = fields.Selection(REASONS, readonly=True)
    viewing_count = fields.Integer("Viewings carried out", readonly=True)

    # === QUERY ===

    @property
    def _table_query(self):
        return SQL(
            """
            WITH reached AS (%(reached)s)
            SELECT * FROM (
                SELECT lead.id, lead.id AS lead_id, lead.partner_id, lead.property_id,
                    lead.pipeline, lead.stage_id, lead.user_id, lead.team_id,
                    lead.company_id, told.viewing_count, %(reason)s AS reason
                FROM crm_lead lead
                JOIN crm_stage stage ON stage.id = lead.stage_id
                LEFT JOIN LATERAL (%(told)s) told ON TRUE
                WHERE lead.lead_role IS NOT NULL
                    AND stage.is_cancellation IS NOT TRUE
            ) checked
            WHERE reason IS NOT NULL
            """,
            reached=self._select_reached(),
            reason=self._select_reason(),
            told=self._select_told(),
        )

    def _select_reached(self):
        """Which phase each kind of event reaches; an answer may be of any kind."""
        field = self.env["estate.interaction.type"]._fields["stage_ids"]
        return SQL(
            """
            SELECT kind.id AS type_id, stage.pipeline, stage.phase_number,
                stage.is_cancellation
            FROM estate_interaction_type kind
            JOIN %(relation)s link ON link.%(column1)s = kind.id
            JOIN crm_stage stage ON stage.id = link.%(column2)s
            """,
            relation=SQL.identifier(field.relation),
            column1=SQL.identifier(field.column1),
            column2=SQL.identifier(field.column2),
        )

    def _select_told(self):
        """One row for a lead: what the valid rows of its journal tell of its phase."""
        return SQL(
            """
            SELECT
                count(*) FILTER (WHERE kind.code = 'viewing_done')::int
                    AS viewing_count,
                bool_or(reached.phase_number = stage.phase_number
                    OR entry.caused_by_id IS NOT NULL AND entry.cause = 'person'
                        AND entry.phase_to =
                            lead.pipeline || '/' || stage.phase_number
                ) AS is_reached,
                bool_or(kind.is_response AND entry.is_automatic IS NOT TRUE)
                    AS is_answered,
                max(reached.phase_number) FILTER (
                    WHERE reached.is_cancellation IS NOT TRUE
                        AND entry.id > COALESCE(decided.id, 0)
                ) AS later_number
            FROM estate_interaction entry
            JOIN estate_interaction_type kind ON kind.id = entry.type_id
            LEFT JOIN reached ON reached.type_id = kind.id
                AND reached.pipeline = lead.pipeline
            LEFT JOIN LATERAL (
                SELECT max(move.id) AS id FROM estate_interaction move
                WHERE move.lead_id = lead.id AND move.phase_to IS NOT NULL
                    AND move.cause NOT IN ('journal', 'rule')
            ) decided ON TRUE
            WHERE entry.lead_id = lead.id AND entry.corrects_id IS NULL
                AND NOT EXISTS (
                    SELECT FROM estate_interaction correction
                    WHERE correction.corrects_id = entry.id
                )
            """
        )

    def _select_reason(self):
        viewing = self._select_number("viewing_done")
        answer = self._select_number("answer")
        return SQL(
            """
            CASE
                WHEN stage.phase_number = %(viewing)s + 1
                    AND COALESCE(told.viewing_count, 0) < 2 THEN 'second_viewing'
                WHEN stage.phase_number = %(viewing)s
                    AND COALESCE(told.viewing_count, 0) < 1 THEN 'no_viewing'
                WHEN told.later_number > stage.phase_number THEN 'behind'
                WHEN EXISTS (
                        SELECT FROM reached
                        WHERE reached.pipeline = lead.pipeline
                            AND reached.phase_number = stage.phase_number
                    )
                    AND told.is_reached IS NOT TRUE
                    AND (lead.lead_role = 'owner' OR stage.phase_number > 2)
                    AND NOT (
                        stage.phase_number = COALESCE(%(answer)s, 0)
                        AND told.is_answered IS TRUE
                    )
                    THEN 'no_evidence'
            END
            """,
            viewing=viewing,
            answer=answer,
        )

    def _select_number(self, code):
        """Return the SQL of the number that a kind reaches in the lead's pipeline."""
        return SQL(
            """
            (SELECT min(reached.phase_number) FROM reached
            JOIN estate_interaction_type kind ON kind.id = reached.type_id
            WHERE kind.code = %s AND reached.pipeline = lead.pipeline)
            """,
            code,
        )

    # === ACTIONS ===

    def action_open_lead(self):
        """Open the lead behind a row."""
        self.ensure_one()
        self.check_access("read")
        return self.lead_id._get_records_action(name=self.lead_id.name)
