from odoo import api, fields, models
from odoo.tools import SQL

from ..measure.estate_funnel_report import NOT_PROCESSED, POSITIVE

# Where a row comes from: its number is 4 * id of that record + the place in this list.
SOURCES = ("estate.call", "estate.viewing", "crm.lead", "estate.interaction")
# What the journal tells that is no action of the person it names.
NOT_DONE = (
    *("phase_move", "mail_received", "state_change", "price_change"),
    *("correction", "erasure", "owner_looked", "reassigned", "hand_over"),
)


def _make_count(label, **attributes):
    return fields.Integer(label, readonly=True, **attributes)


class ActionReport(models.Model):
    """What one person did, where: a call, a viewing, a mandate or another action.

    Calls, viewings carried out and mandates are counted as the objectives count them;
    everything else is what a person wrote into the journal. What the system did by
    itself and what was corrected does not count.

    An action lies outside the sector of a person when the distribution gives him the
    territories of his memberships, and the property lies in none of them.
    """

    _name = "estate.action.report"
    _description = "Actions by sector"
    _auto = False
    _order = "occurred_at desc, id desc"
    _rec_name = "type_id"
    _depends = {
        "crm.lead": [
            *("active", "company_id", "date_closed", "lead_role", "property_id"),
            *("stage_id", "user_id"),
        ],
        "crm.stage": ["is_won"],
        "crm.team.member": ["active", "territory_ids", "user_id"],
        "estate.call": ["company_id", "lead_id", "outcome_id", "started_at", "user_id"],
        "estate.call.outcome": ["code"],
        "estate.interaction": [
            *("company_id", "corrects_id", "is_automatic", "lead_id", "occurred_at"),
            *("origin", "property_id", "type_id", "user_id"),
        ],
        "estate.property": ["territory_ids"],
        "estate.territory": ["parent_id"],
        "estate.viewing": [
            *("agent_id", "company_id", "lead_id", "property_id", "start", "state"),
        ],
        "res.users": ["sale_team_id", "share"],
    }

    occurred_at = fields.Datetime("Done on", readonly=True)
    user_id = fields.Many2one("res.users", "Person", readonly=True)
    team_id = fields.Many2one(
        "crm.team", "Office", readonly=True, help="The first office of the person."
    )
    territory_id = fields.Many2one(
        "estate.territory",
        "Sector",
        readonly=True,
        help="The smallest territory that holds the property.",
    )
    type_id = fields.Many2one("estate.interaction.type", "Kind", readonly=True)
    property_id = fields.Many2one("estate.property", readonly=True)
    lead_id = fields.Many2one("crm.lead", "Enquiry", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    is_outside = fields.Boolean("Outside the own sector", readonly=True)

    actions = _make_count("Actions", help="Mandates are no actions of their own.")
    outside = _make_count("Outside own sector")
    calls = _make_count("Calls")
    processed_calls = _make_count("Processed calls")
    positive_calls = _make_count("Positive calls")
    viewings = _make_count("Viewings")
    mandates = _make_count("Mandates")

    # === QUERY ===

    @property
    def _table_query(self):
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    def _select(self):
        return SQL(
            """
            SELECT fact.id, fact.occurred_at, fact.user_id, fact.company_id,
                fact.lead_id, fact.type_id, person.sale_team_id AS team_id,
                place.territory_id, COALESCE(fact.property_id, lead.property_id)
                    AS property_id,
                %(outside)s AS is_outside,
                (%(outside)s AND fact.actions = 1)::int AS outside,
                fact.actions, fact.calls, fact.processed_calls, fact.positive_calls,
                fact.viewings, fact.mandates
            """,
            outside=SQL(
                "(COALESCE(fact.property_id, lead.property_id) IS NOT NULL"
                " AND sector.ids IS NOT NULL AND NOT sector.is_anywhere"
                " AND NOT COALESCE(sector.ids && place.ids, FALSE))"
            ),
        )

    def _from(self):
        return SQL(
            """
            FROM (%(facts)s) fact
            JOIN res_users person ON person.id = fact.user_id
            LEFT JOIN crm_lead lead ON lead.id = fact.lead_id
            LEFT JOIN (%(sectors)s) sector ON sector.user_id = fact.user_id
            LEFT JOIN LATERAL (%(places)s) place ON TRUE
            """,
            facts=SQL(" UNION ALL ").join(
                [
                    self._select_calls(),
                    self._select_viewings(),
                    self._select_mandates(),
                    self._select_journal(),
                ]
            ),
            sectors=self._select_sectors(),
            places=self._select_places(),
        )

    def _where(self):
        return SQL(
            "WHERE person.share IS NOT TRUE AND person.id <> %s", api.SUPERUSER_ID
        )

    # === FACTS ===

    def _select_calls(self):
        return SQL(
            """
            SELECT row.id::bigint * 4 AS id, row.started_at AS occurred_at, row.user_id,
                row.company_id, row.lead_id, NULL::int AS property_id,
                CASE WHEN %(is_open)s THEN %(tried)s ELSE %(reached)s END AS type_id,
                1 AS actions, 1 AS calls, (NOT %(is_open)s)::int AS processed_calls,
                (outcome.code = %(positive)s)::int AS positive_calls, 0 AS viewings,
                0 AS mandates
            FROM estate_call row
            JOIN estate_call_outcome outcome ON outcome.id = row.outcome_id
            """,
            is_open=SQL("(outcome.code IN %s)", NOT_PROCESSED),
            tried=self._get_type_id("call_tried"),
            reached=self._get_type_id("call_reached"),
            positive=POSITIVE,
        )

    def _select_viewings(self):
        return SQL(
            """
            SELECT row.id::bigint * 4 + 1, row.start, row.agent_id, row.company_id,
                row.lead_id, row.property_id, %s, 1, 0, 0, 0, 1, 0
            FROM estate_viewing row WHERE row.state = 'done'
            """,
            self._get_type_id("viewing_done"),
        )

    def _select_mandates(self):
        return SQL(
            """
            SELECT row.id::bigint * 4 + 2, row.date_closed, row.user_id,
                row.company_id, row.id, row.property_id, %s, 0, 0, 0, 0, 0, 1
            FROM crm_lead row JOIN crm_stage stage ON stage.id = row.stage_id
            WHERE row.lead_role = 'owner' AND stage.is_won
                AND row.date_closed IS NOT NULL
            """,
            self._get_type_id("mandate"),
        )

    def _select_journal(self):
        """Everything else; calls and viewings carried out are counted as themselves."""
        return SQL(
            """
            SELECT row.id::bigint * 4 + 3, row.occurred_at, row.user_id,
                row.company_id, row.lead_id, row.property_id, row.type_id,
                1, 0, 0, 0, 0, 0
            FROM estate_interaction row
            WHERE row.is_automatic IS NOT TRUE AND row.corrects_id IS NULL
                AND row.type_id NOT IN %s
                AND (row.origin IS NULL OR (row.origin NOT LIKE 'estate.call,%%'
                    AND row.origin NOT LIKE 'estate.viewing,%%,done'))
                AND NOT EXISTS (
                    SELECT FROM estate_interaction newer
                    WHERE newer.corrects_id = row.id
                )
            """,
            tuple(self._get_type_id(code) for code in NOT_DONE),
        )

    def _get_type_id(self, code):
        return self.env["estate.interaction.type"]._get(code).id

    # === SECTORS ===

    def _select_sectors(self):
        """Return user -> territories of his memberships; one without is anywhere."""
        field = self.env["crm.team.member"]._fields["territory_ids"]
        return SQL(
            """
            SELECT member.user_id, array_agg(rel.%(territory)s) AS ids,
                bool_or(rel.%(territory)s IS NULL) AS is_anywhere
            FROM crm_team_member member
            LEFT JOIN %(relation)s rel ON rel.%(member)s = member.id
            WHERE member.active
            GROUP BY member.user_id
            """,
            relation=SQL.identifier(field.relation),
            member=SQL.identifier(field.column1),
            territory=SQL.identifier(field.column2),
        )

    def _select_places(self):
        """Return the territories of the property of a fact, and the smallest one."""
        field = self.env["estate.property"]._fields["territory_ids"]
        return SQL(
            """
            SELECT array_agg(territory.id) AS ids, (array_agg(territory.id ORDER BY
                array_length(string_to_array(territory.parent_path, '/'), 1) DESC,
                territory.id))[1] AS territory_id
            FROM %(relation)s rel
            JOIN estate_territory territory ON territory.id = rel.%(territory)s
            WHERE rel.%(property)s = COALESCE(fact.property_id, lead.property_id)
            """,
            relation=SQL.identifier(field.relation),
            property=SQL.identifier(field.column1),
            territory=SQL.identifier(field.column2),
        )

    # === ACTIONS ===

    def action_open_record(self):
        """Open the call, viewing, lead or entry of the journal behind a row."""
        self.ensure_one()
        self.check_access("read")
        number, place = divmod(self.id, len(SOURCES))
        record = self.env[SOURCES[place]].browse(number)
        return record._get_records_action(name=record.display_name)
