"""The nightly job of reliability over 200,000 contacts with 2,000,000 facts.

Usage: ./dev bench reliability [--quick]. Against the bare SQL aggregate of the same
facts in the same run; an ordinary night follows a first one that rated everybody.
"""

import sys
from datetime import datetime, timedelta

from measure import Stopwatch, environment, result, table

CONTACTS = 200_000
FACTS_EACH = 10
CODES = (
    *("viewing_done", "viewing_no_show", "reservation", "offer_answered"),
    *("offer_refused", "viewing_cancelled_late", "viewing_done", "viewing_done"),
)


def prepare(env, count):
    """Create contacts and their facts of three years."""
    kinds = [env["estate.interaction.type"]._get(code).id for code in CODES]
    values = {
        "count": count,
        "each": FACTS_EACH,
        "kinds": kinds,
        "company": env.company.id,
        "user": env.uid,
    }
    # Raw SQL: a fixture; two million creates would take days.
    env.cr.execute(
        """
        INSERT INTO res_partner (name, complete_name, estate_kind, active, type,
            automatic_messages_allowed)
        SELECT 'Bench ' || n, 'Bench ' || n, 'standard', TRUE, 'contact', TRUE
        FROM generate_series(1, %(count)s) n
        """,
        values,
    )
    env.cr.execute(
        """
        INSERT INTO estate_interaction (type_id, partner_id, user_id, company_id,
            occurred_at)
        SELECT (%(kinds)s)[1 + (contact.id * 7 + m * 5) %% cardinality(%(kinds)s)],
            contact.id, %(user)s, %(company)s,
            now() AT TIME ZONE 'UTC' - (contact.id * 31 + m * 97) %% 1100
                * interval '1 day'
        FROM res_partner contact, generate_series(1, %(each)s) m
        WHERE contact.name LIKE 'Bench %%'
        """,
        values,
    )
    env.cr.execute("ANALYZE res_partner; ANALYZE estate_interaction")
    env.invalidate_all()


def sum_bare(env):
    """Add up the same facts by the shortest SQL that does it."""
    env.cr.execute(
        """
        SELECT fact.partner_id, sum(abs(kind.reliability_weight) * power(0.5::float8,
            extract(epoch FROM now() AT TIME ZONE 'UTC' - fact.occurred_at)::float8
            / 31536000))
        FROM estate_interaction fact
        JOIN estate_interaction_type kind ON kind.id = fact.type_id
        WHERE kind.reliability_weight <> 0 GROUP BY fact.partner_id
        """
    )
    return env.cr.rowcount


def run(env, count):
    """Return stopwatches of (bare SQL, the first night, an ordinary one), and rows."""
    prepare(env, count)
    contacts = env["res.partner"]
    sum_bare(env)
    with Stopwatch(env) as bare:
        rated = sum_bare(env)
    now = datetime.now()
    with Stopwatch(env) as first:
        contacts._rate_all(now)
    with Stopwatch(env) as night:
        changed = contacts._rate_all(now + timedelta(days=1))
    return bare, first, night, rated, changed


def main():
    count = CONTACTS // 20 if "--quick" in sys.argv else CONTACTS
    with environment() as env:
        bare, first, night, rated, changed = run(env, count)
    rows = [("what", "seconds", "times bare SQL")]
    for name, watch in (("bare SQL", bare), ("first night", first), ("night", night)):
        ratio = watch.seconds / bare.seconds
        rows.append((name, f"{watch.seconds:.2f}", f"{ratio:.2f}"))
    table(rows)
    print(f"{rated} contacts rated, {changed} scores moved in the ordinary night")
    result("reliability", night.seconds / bare.seconds, facts=count * FACTS_EACH)


if __name__ == "__main__":
    main()
