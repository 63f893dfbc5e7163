"""The call centre's funnel over 100,000 owner leads, against bare SQL of the same sums.

Usage: ./dev bench funnel [--quick]. The pivot by operator is opened as the screen does
it, for this month and for all time.
"""

import sys

from measure import Stopwatch, environment, result, table

LEADS = 100_000
OPERATORS = 20
MEASURES = (
    *("received:sum", "called:sum", "processed:sum", "positive:sum", "mandate:sum"),
    *("processed_share:avg", "positive_share:avg"),
)


def prepare(env, count):
    """Create owner leads of a year and their calls, two for each on average."""
    operators = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {"name": f"Operator {n}", "login": f"funnel-operator-{n}"}
                for n in range(OPERATORS)
            ]
        )
    )
    team = env["crm.team"].create({"name": "Funnel", "is_estate_office": True})
    stage = env["crm.stage"]._get_phases("acquisition", team)[:1]
    outcomes = env["estate.call.outcome"].search([], order="id")
    values = {
        "count": count,
        "operators": operators.ids,
        "team": team.id,
        "stage": stage.id,
        "company": env.company.id,
        "outcomes": outcomes.ids,
    }
    env.flush_all()
    # Raw SQL: a fixture; a hundred thousand creates would take an hour.
    env.cr.execute(
        """
        INSERT INTO crm_lead (name, type, active, lead_role, pipeline, user_id, team_id,
            stage_id, company_id, create_date)
        SELECT 'Lead ' || n, 'opportunity', TRUE, 'owner', 'acquisition',
            (%(operators)s)[1 + n %% cardinality(%(operators)s)], %(team)s, %(stage)s,
            %(company)s, now() AT TIME ZONE 'UTC' - n * interval '365 days' / %(count)s
        FROM generate_series(1, %(count)s) n
        """,
        values,
    )
    env.cr.execute(
        """
        INSERT INTO estate_call (lead_id, user_id, started_at, outcome_id, company_id)
        SELECT lead.id, lead.user_id, lead.create_date + m * interval '1 hour',
            (%(outcomes)s)[1 + (lead.id * 7 + m * 3) %% cardinality(%(outcomes)s)],
            %(company)s
        FROM crm_lead lead, generate_series(1, 4) m
        WHERE lead.team_id = %(team)s AND m <= lead.id %% 5
        """,
        values,
    )
    env.cr.execute("ANALYZE crm_lead; ANALYZE estate_call")
    return team


def open_pivot(env, domain):
    """Read what the pivot shows: by operator, and the total."""
    report = env["estate.funnel.report"]
    total = report._read_group(domain, [], MEASURES)[0]
    return total, report._read_group(domain, ["operator_id"], MEASURES)


def count_bare(env, team):
    """Count the same steps by the simplest SQL that gives them."""
    env.cr.execute(
        """
        SELECT count(DISTINCT lead.id), count(DISTINCT call.lead_id),
            count(DISTINCT call.lead_id)
                FILTER (WHERE outcome.code NOT IN ('no_answer', 'busy')),
            count(DISTINCT call.lead_id) FILTER (WHERE outcome.code = 'agreed')
        FROM crm_lead lead
        LEFT JOIN estate_call call ON call.lead_id = lead.id
        LEFT JOIN estate_call_outcome outcome ON outcome.id = call.outcome_id
        WHERE lead.lead_role = 'owner' AND lead.team_id = %s
        """,
        (team.id,),
    )
    return env.cr.fetchone()


def run(env, count):
    """Open the funnel, check it against bare SQL, and return the figures."""
    team = prepare(env, count)
    mine = [("lead_id.team_id", "=", team.id)]
    open_pivot(env, mine)
    with Stopwatch(env) as month:
        open_pivot(env, [("received_at", ">=", "today =1d")])
    with Stopwatch(env) as year:
        total, _rows = open_pivot(env, [])
    total, _rows = open_pivot(env, mine)
    with Stopwatch(env) as bare:
        expected = count_bare(env, team)
    assert total[:4] == expected, f"{total[:4]} instead of {expected}"
    assert total[0] == count
    return month, year, bare


def main(arguments):
    count = LEADS // 100 if "--quick" in arguments else LEADS
    with environment() as env:
        month, year, bare = run(env, count)
    table(
        [
            ("funnel", "seconds", "queries"),
            ("this month", f"{month.seconds:.3f}", month.queries),
            ("all time", f"{year.seconds:.3f}", year.queries),
            ("bare SQL, total only", f"{bare.seconds:.3f}", bare.queries),
        ]
    )
    result(
        "funnel",
        year.seconds / bare.seconds,
        leads=count,
        month_seconds=f"{month.seconds:.3f}",
        all_seconds=f"{year.seconds:.3f}",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
