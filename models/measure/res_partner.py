import json

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import reliability
from ..groups import MEMBERS

PRIOR = "crm_real_estate.reliability_prior"


class PartnerReliability(models.AbstractModel):
    """How far a contact can be relied on, from the facts of the journal alone."""

    _name = "estate.partner.reliability.mixin"
    _description = "Contact: reliability"

    reliability_score = fields.Float(
        "Reliability",
        digits=(4, 1),
        compute="_compute_reliability",
        store=True,
        aggregator="avg",
        groups=MEMBERS,
        help="0 to 100, from what the contact did; old facts fade. Press the stars to "
        "see each fact.",
    )
    reliability_stars = fields.Integer(
        "Stars",
        compute="_compute_reliability",
        store=True,
        aggregator="avg",
        groups=MEMBERS,
    )

    @api.depends("estate_kind")
    def _compute_reliability(self):
        """Rate these contacts; `_rate_again` asks for it when a fact changes."""
        rated = self.filtered("estate_kind")
        prior = rated and self._get_prior()["value"]
        # Before it is saved, a contact has its facts under its old id, if any.
        evidence = rated._origin._get_evidence()
        for partner in self:
            if not partner.estate_kind:
                partner.reliability_score = partner.reliability_stars = 0
                continue
            told = evidence.get(partner._origin.id, ())
            sums = reliability.add_up(fact for _row, _kind, _moment, fact in told)
            score = reliability.get_score(sums, prior)
            partner.reliability_score = score
            partner.reliability_stars = reliability.get_stars(score)

    def _rate_again(self):
        """Rate these contacts once more before this transaction ends."""
        ours = self.filtered("estate_kind")
        for name in ("reliability_score", "reliability_stars"):
            self.env.add_to_compute(self._fields[name], ours)
        # What repeats the score, such as leads, follows.
        ours.modified(["reliability_score", "reliability_stars"])

    # === PRIOR ===

    @api.model
    def _get_prior(self):
        """Return where a contact without facts stands: its value, date and basis."""
        # sudo: ir.config_parameter - one figure without a name
        stored = self.env["ir.config_parameter"].sudo().get_param(PRIOR)
        return (
            json.loads(stored)
            if stored
            else {"value": reliability.DEFAULT_PRIOR, "date": False, "rated": 0}
        )

    # === EVIDENCE ===

    @api.model
    def _get_evidence_query(self, partner_ids=None):
        """Return the SQL of all facts that count, of some contacts or of all.

        Raw SQL: the night's job sums up millions of rows; the same query explains a
        single contact, so that both agree. Rows: contact, row, type, moment, weight.
        """
        self.env["estate.interaction"].flush_model()
        self.env["estate.interaction.type"].flush_model()
        valid = """%(row)s.corrects_id IS NULL AND NOT EXISTS (
            SELECT FROM estate_interaction correction
            WHERE correction.corrects_id = %(row)s.id)"""

        def whose(row):
            column = SQL.identifier(row, "partner_id")
            if partner_ids is None:
                return SQL("%s IS NOT NULL", column)
            return SQL("%s IN %s", column, tuple(partner_ids))

        # An answer to an offer that a viewing of the same property came of is that
        # viewing: it does not count beside it.
        return SQL(
            """
            SELECT fact.partner_id, fact.id, fact.type_id, fact.occurred_at,
                kind.reliability_weight AS weight
            FROM estate_interaction fact
            JOIN estate_interaction_type kind ON kind.id = fact.type_id
            WHERE kind.reliability_weight <> 0 AND %(whose_fact)s AND %(fact_is_valid)s
            AND NOT EXISTS (
                SELECT FROM estate_interaction shown
                WHERE fact.type_id IN %(answered)s AND shown.type_id IN %(done)s
                AND shown.partner_id = fact.partner_id
                AND shown.property_id = fact.property_id
                AND shown.occurred_at >= fact.occurred_at
                AND %(whose_shown)s AND %(shown_is_valid)s)
            """,
            whose_fact=whose("fact"),
            whose_shown=whose("shown"),
            answered=self._get_kind_ids("offer_answered"),
            done=self._get_kind_ids("viewing_done"),
            fact_is_valid=SQL(valid, row=SQL.identifier("fact")),
            shown_is_valid=SQL(valid, row=SQL.identifier("shown")),
        )

    @api.model
    def _get_kind_ids(self, code):
        """Return the ids of the kinds of facts with a code, as SQL takes them."""
        # sudo: estate.interaction.type - of all companies: one score over all
        kinds = self.env["estate.interaction.type"].sudo()
        found = kinds.with_context(active_test=False).search([("code", "=", code)])
        return tuple(found.ids) or (0,)

    def _get_evidence(self):
        """Return what speaks for and against these contacts, latest first.

        :return: dict id -> [(id of the row, id of its type, its moment, `Fact`)]
        """
        if not self.ids:
            return {}
        now = fields.Datetime.now()
        query = SQL("%s ORDER BY 4 DESC, 2 DESC", self._get_evidence_query(self.ids))
        found = {}
        for partner, row, kind, moment, weight in self.env.execute_query(query):
            age = reliability.get_age_days(moment, now)
            fact = reliability.Fact(weight, age)
            found.setdefault(partner, []).append((row, kind, moment, fact))
        return found

    # === EVERY NIGHT ===

    @api.model
    def _cron_rate_contacts(self):
        """Let old facts fade: the prior anew, and every score that it moves.

        Raw SQL: one statement for all contacts, on our own columns; it writes only
        scores that changed. Contacts are rated by the ORM when a fact comes in.
        """
        return self._rate_all(fields.Datetime.now())

    @api.model
    def _rate_all(self, now):
        """Rate every contact as of `now`; return how many scores changed."""
        self.env["res.partner"].flush_model()
        self.env["crm.lead"].flush_model(["partner_id", "reliability_score"])
        # The sums of all contacts stay in memory; PostgreSQL's 4 MB are soon full.
        self.env.execute_query(
            SQL(
                "SELECT set_config('work_mem', '64MB', TRUE) WHERE"
                " pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('64MB')"
            )
        )
        # Apart from the update, as PostgreSQL adds up with several processes only where
        # nothing is written.
        self.env.cr.execute(self._get_sums_query(now))
        value, rated, changed = self.env.execute_query(self._get_night_query())[0]
        self.env.cr.execute("DROP TABLE estate_faded")
        self.env.execute_query(
            SQL(
                """UPDATE crm_lead SET reliability_score = partner.reliability_score
                FROM res_partner partner WHERE partner.id = crm_lead.partner_id
                AND crm_lead.lead_role IS NOT NULL AND crm_lead.reliability_score
                    IS DISTINCT FROM partner.reliability_score RETURNING 1"""
            )
        )
        self.env["res.partner"].invalidate_model()
        self.env["crm.lead"].invalidate_model()
        prior = {"value": value, "date": fields.Date.to_string(now), "rated": rated}
        # sudo: ir.config_parameter - one figure without a name
        self.env["ir.config_parameter"].sudo().set_param(PRIOR, json.dumps(prior))
        return changed

    @api.model
    def _get_sums_query(self, now):
        """Return the SQL that adds up what speaks for each contact, into a table."""
        return SQL(
            """
            CREATE TEMPORARY TABLE estate_faded ON COMMIT DROP AS
                SELECT partner_id, sum(worth) FILTER (WHERE weight > 0) AS good,
                    sum(worth) AS total
                FROM (SELECT partner_id, weight, abs(weight) * power(0.5::float8,
                        greatest(0, date_part('epoch', %(now)s - occurred_at))
                        / %(half_life)s) AS worth
                    FROM (%(evidence)s) AS evidence) AS facts
                GROUP BY partner_id
            """,
            now=now,
            half_life=float(reliability.HALF_LIFE_DAYS * reliability.DAY_SECONDS),
            evidence=self._get_evidence_query(),
        )

    @api.model
    def _get_night_query(self):
        """Return the SQL that rates every contact: (prior, how many rated, changed)."""
        return SQL(
            """
            WITH prior AS (
                SELECT count(*) AS rated, CASE WHEN count(*) < %(least)s
                    THEN %(default)s::float8
                    ELSE coalesce(sum(good), 0) / sum(total) END AS value
                FROM estate_faded
            ), scored AS (
                SELECT contact.id, round(1000 * (%(k)s * prior.value
                    + coalesce(good, 0)) / (%(k)s + coalesce(total, 0))) / 10 AS score
                FROM res_partner contact CROSS JOIN prior
                LEFT JOIN estate_faded faded ON faded.partner_id = contact.id
                WHERE contact.estate_kind IS NOT NULL
            ), changed AS (
                UPDATE res_partner SET reliability_score = scored.score,
                    reliability_stars = floor(scored.score / 20 + 0.5)
                FROM scored WHERE scored.id = res_partner.id
                AND (res_partner.reliability_score::float8,
                    res_partner.reliability_stars) IS DISTINCT FROM
                    (scored.score, floor(scored.score / 20 + 0.5)::int)
                RETURNING res_partner.id
            )
            SELECT prior.value, prior.rated, (SELECT count(*) FROM changed) FROM prior
            """,
            least=reliability.LEAST_RATED,
            default=reliability.DEFAULT_PRIOR,
            k=reliability.WEIGHT_OF_PRIOR,
        )

    # === MERGE ===

    def _on_merged(self, merged_ids):
        super()._on_merged(merged_ids)
        self._rate_again()

    # === WHY ===

    def action_explain_reliability(self):
        """Show each fact behind the stars of this contact."""
        self.ensure_one()
        wizard = self.env["estate.reliability.why"].create({"partner_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why this index?"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_reliability_sheet(self):
        """Return all that the index of this contact is made of, latest fact first."""
        self.ensure_one()
        told = self._get_evidence().get(self.id, ())
        # sudo: estate.interaction - one score over all companies; texts are not told
        rows = self.env["estate.interaction"].sudo()
        facts = []
        for row_id, kind_id, moment, fact in told:
            left = reliability.fade(fact.age_days)
            kind = self.env["estate.interaction.type"].browse(kind_id)
            facts.append(
                {
                    "row": rows.browse(row_id),
                    # sudo: estate.interaction.type - a company's own kinds, too
                    "kind": kind.sudo().name,
                    "occurred_at": moment,
                    "weight": fact.weight,
                    "left": left,
                    "counted": fact.weight * left,
                }
            )
        sums = reliability.add_up(fact for _row, _kind, _moment, fact in told)
        return {"facts": facts, **self._describe_index(sums)}

    def _describe_index(self, sums):
        """Return score, stars and the sentences that tell how they came about."""
        prior = self._get_prior()
        score = reliability.get_score(sums, prior["value"])
        basis = self.env._(
            "Everybody begins at %(start)s of 100, the mean of all contacts.",
            start=round(100 * prior["value"], 1),
        )
        if prior["rated"] < reliability.LEAST_RATED:
            basis = self.env._(
                "Everybody begins at %(start)s of 100, until %(least)s contacts are "
                "rated.",
                start=round(100 * prior["value"], 1),
                least=reliability.LEAST_RATED,
            )
        return {
            "score": score,
            "stars": reliability.get_stars(score),
            "basis": basis,
            "prior_date": prior["date"],
            "formula": (
                f"100 × ({reliability.WEIGHT_OF_PRIOR} × {prior['value']:.3f} + "
                f"{sums.good:.2f}) / ({reliability.WEIGHT_OF_PRIOR} + "
                f"{sums.total:.2f}) = {score}"
            ),
        }
