"""The nightly job of reliability over 200,000 contacts with 2,000,000 facts.

Usage: ./dev bench reliability [--quick]. Against the bare SQL aggregate of the same
facts in the same run, of which each score is reckoned once more and compared; an
ordinary night follows a first one that rated everybody.
"""

import sys
from datetime import datetime, timedelta

from measure import Stopwatch, bulk, environment, result, table

CONTACTS = 200_000
FACTS_EACH = 10
# One fact of so many was noted wrongly, and corrected.
CORRECTED_EVERY = 100
# Each is timed so often, and the best counts: the machine may have other work.
NIGHTS = 3
CODES = (
    *("viewing_done", "viewing_no_show", "reservation", "offer_answered"),
    *("offer_refused", "viewing_cancelled_late", "viewing_done", "viewing_done"),
)


def prepare(env, count):
    """Create contacts and their facts of three years, some of them corrected."""
    kinds = [env["estate.interaction.type"]._get(code).id for code in CODES]
    values = {
        "count": count,
        "each": FACTS_EACH,
        "kinds": kinds,
        "company": env.company.id,
        "currency": env.company.currency_id.id,
        "user": env.uid,
        "every": CORRECTED_EVERY,
    }
    # Raw SQL: a fixture; two million creates would take days.
    with bulk(env, "res_partner", "estate_property", "estate_interaction"):
        env.cr.execute(
            """
            CREATE TEMPORARY TABLE houses ON COMMIT DROP AS WITH made AS (
                INSERT INTO estate_property (name, reference, state, active, deal_type,
                    company_id, currency_id, create_date)
                SELECT 'House', 'B' || n, 'on_market', TRUE, 'sale', %(company)s,
                    %(currency)s, now() FROM generate_series(1, 2000) n RETURNING id
            ) SELECT array_agg(id) AS ids FROM made;
            WITH contacts AS (
                INSERT INTO res_partner (name, complete_name, estate_kind, active, type,
                    automatic_messages_allowed)
                SELECT 'Bench ' || n, 'Bench ' || n, 'standard', TRUE, 'contact', TRUE
                FROM generate_series(1, %(count)s) n RETURNING id
            )
            INSERT INTO estate_interaction (type_id, partner_id, user_id, company_id,
                property_id, occurred_at)
            SELECT (%(kinds)s)[1 + (id * 7 + m * 5) %% cardinality(%(kinds)s)],
                id, %(user)s, %(company)s, ids[1 + (id * 13 + m / 3) %% 2000],
                now() AT TIME ZONE 'UTC' - (id * 31 + m * 97) %% 1100
                    * interval '1 day'
            FROM houses, contacts, generate_series(1, %(each)s) m;
            INSERT INTO estate_interaction (type_id, partner_id, user_id, company_id,
                property_id, occurred_at, corrects_id)
            SELECT type_id, partner_id, user_id, company_id, property_id, occurred_at,
                id FROM estate_interaction WHERE id %% %(every)s = 0
            """,
            values,
        )


# The shortest SQL that adds up the facts, right as long as nothing was corrected.
SHORTEST = """
    SELECT fact.partner_id,
        sum(greatest(kind.reliability_weight, 0) * left_over) AS good,
        sum(abs(kind.reliability_weight) * left_over) AS total
    FROM estate_interaction fact
    JOIN estate_interaction_type kind ON kind.id = fact.type_id,
    LATERAL (SELECT power(0.5::float8,
        date_part('epoch', %(now)s - fact.occurred_at) / 31536000) AS left_over) faded
    WHERE kind.reliability_weight <> 0 AND fact.occurred_at <= %(now)s {valid}
    GROUP BY fact.partner_id
"""
# And what it takes that it be right: no corrected fact, nor a correction, nor an answer
# to an offer that a viewing of the same property came of.
VALID = """
    AND fact.corrects_id IS NULL AND NOT EXISTS (SELECT FROM estate_interaction wrong
        WHERE wrong.corrects_id = fact.id)
    AND (kind.code <> 'offer_answered' OR fact.id NOT IN (
        SELECT answer.id FROM estate_interaction answer
        JOIN estate_interaction_type asked ON asked.id = answer.type_id
        JOIN estate_interaction shown ON shown.partner_id = answer.partner_id
            AND shown.property_id = answer.property_id
            AND shown.occurred_at >= answer.occurred_at
        JOIN estate_interaction_type seen ON seen.id = shown.type_id
        WHERE asked.code = 'offer_answered' AND seen.code = 'viewing_done'
        AND shown.corrects_id IS NULL AND NOT EXISTS (SELECT FROM estate_interaction
            wrong WHERE wrong.corrects_id = shown.id)))
"""


def sum_bare(env, now, valid=""):
    """Add up the facts of each contact by bare SQL; return watch and sums."""
    from odoo.addons.crm_real_estate.tools import reliability

    # As much memory as the job takes for itself.
    env.cr.execute("SET LOCAL work_mem = '64MB'")
    with Stopwatch(env) as watch:
        env.cr.execute(SHORTEST.format(valid=valid), {"now": now})
        sums = {
            partner: reliability.Sums(*told) for partner, *told in env.cr.fetchall()
        }
    env.cr.execute("SET LOCAL work_mem TO DEFAULT")
    return watch, sums


def check(env, sums):
    """Compare the scores in the database with those of bare sums."""
    from odoo.addons.crm_real_estate.tools import reliability

    prior = reliability.get_prior(list(sums.values()))
    env.cr.execute(
        "SELECT id, reliability_score::float8, reliability_stars FROM res_partner"
        " WHERE estate_kind IS NOT NULL"
    )
    for partner_id, score, stars in env.cr.fetchall():
        wanted = reliability.get_score(sums.get(partner_id, reliability.Sums()), prior)
        # The order of adding up may tip the last digit.
        assert abs(score - wanted) < 0.11, (partner_id, score, wanted)
        assert stars in (reliability.get_stars(wanted), reliability.get_stars(score))


def run(env, count):
    """Return the best seconds of each, how many were rated, how many scores moved."""
    prepare(env, count)
    contacts = env["res.partner"]
    now = datetime.now()
    with Stopwatch(env) as first:
        contacts._rate_all(now)
    check(env, sum_bare(env, now, VALID)[1])
    nights, shortest, right, changed = [], [], [], []
    for number in range(1, NIGHTS + 1):
        moment = now + timedelta(days=number)
        with Stopwatch(env) as night:
            changed.append(contacts._rate_all(moment))
        nights.append(night)
        shortest.append(sum_bare(env, moment)[0])
        watch, sums = sum_bare(env, moment, VALID)
        right.append(watch)
    check(env, sums)
    best = {"first": first.seconds} | {
        name: min(watch.seconds for watch in watches)
        for name, watches in (
            ("night", nights),
            ("shortest", shortest),
            ("right", right),
        )
    }
    return best, len(sums), max(changed)


def main():
    count = CONTACTS // 20 if "--quick" in sys.argv else CONTACTS
    with environment() as env:
        best, rated, changed = run(env, count)
    shortest, right, night = best["shortest"], best["right"], best["night"]
    rows = [("what", "seconds", "times shortest", "times right")]
    for name, text in (
        ("shortest", "shortest SQL (no corrections)"),
        ("right", "bare SQL with the same result"),
        ("first", "first night, all scores new"),
        ("night", "night"),
    ):
        seconds = best[name]
        rows.append(
            (
                text,
                f"{seconds:.2f}",
                f"{seconds / shortest:.2f}",
                f"{seconds / right:.2f}",
            )
        )
    table(rows)
    print(f"{rated} contacts rated, {changed} scores moved in the ordinary night")
    result(
        "reliability",
        # The shortest one is wrong where a fact was corrected: it is shown beside.
        night / right,
        ratio_to_shortest=f"{night / shortest:.2f}",
        facts=count * FACTS_EACH,
    )


if __name__ == "__main__":
    main()
