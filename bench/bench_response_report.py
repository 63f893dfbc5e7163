"""The response-time report over 200,000 enquiries, against bare SQL of its figures.

Usage: ./dev bench response_report [--quick]. The screen is opened with all of them:
figures, intervals, groups by person and the first page of details.
"""

import sys

from measure import Stopwatch, environment, result, table

LEADS = 200_000
PEOPLE = 40


def prepare(env, count):
    """Create enquiries of a year, nine of ten answered."""
    people = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {"name": f"Person {n}", "login": f"response-person-{n}"}
                for n in range(PEOPLE)
            ]
        )
    )
    team = env["crm.team"].create({"name": "Responses", "is_estate_office": True})
    stage = env["crm.stage"]._get_phases("sale", team)[:1]
    sources = env["utm.source"].create([{"name": f"Source {n}"} for n in range(10)])
    env.flush_all()
    # Raw SQL: a fixture; two hundred thousand creates would take hours.
    env.cr.execute(
        """
        INSERT INTO crm_lead (name, type, active, lead_role, pipeline, user_id, team_id,
            stage_id, company_id, source_id, received_at, response_start_at,
            first_response_at, first_response_by, response_minutes,
            response_working_minutes, response_entered_later)
        SELECT 'Enquiry ' || n, 'opportunity', TRUE, 'seeker', 'sale', person, %(team)s,
            %(stage)s, %(company)s, (%(sources)s)[1 + n %% cardinality(%(sources)s)],
            received, received, answered,
            CASE WHEN answered IS NOT NULL THEN person END,
            EXTRACT(EPOCH FROM answered - received) / 60,
            EXTRACT(EPOCH FROM answered - received) / 180, n %% 50 = 0
        FROM (
            SELECT n, received,
                (%(people)s)[1 + n %% cardinality(%(people)s)] AS person,
                CASE WHEN n %% 10 > 0
                    THEN received + (n * 7919 %% 6000) * interval '1 minute'
                END AS answered
            FROM generate_series(1, %(count)s) n,
            LATERAL (
                SELECT now() AT TIME ZONE 'UTC' - n * interval '360 days' / %(count)s
                    AS received
            ) moment
        ) enquiry
        """,
        {
            "count": count,
            "people": people.ids,
            "team": team.id,
            "stage": stage.id,
            "sources": sources.ids,
            "company": env.company.id,
        },
    )
    env.cr.execute("ANALYZE crm_lead")
    return people


def open_screen(env):
    """Open the report over a year, as its screen does it."""
    reports = env["estate.response.time"]
    report = reports.create({"date_from": "2020-01-01"})
    report.action_show()
    names = ["lead_id", "partner_id", "person_id", "first_response_at"]
    report.detail_ids.web_read({name: {} for name in names})
    return report


def count_bare(env, report):
    """Count the same figures by the simplest SQL that gives them."""
    counts = ", ".join(
        f"count(*) FILTER (WHERE response_minutes > {one.from_minutes}"
        f" AND response_minutes <= {one.to_minutes})"
        for one in report.interval_ids
    )
    env.cr.execute(
        f"""
        SELECT COALESCE(first_response_by, user_id) AS person, count(*),
            count(first_response_at), avg(response_minutes),
            count(*) FILTER (WHERE response_minutes <= 1440),
            count(*) FILTER (WHERE response_minutes <= 60), {counts}
        FROM crm_lead
        WHERE lead_role = 'seeker' AND received_at >= '2020-01-01'
        GROUP BY GROUPING SETS ((COALESCE(first_response_by, user_id)), ())
        ORDER BY 2 DESC
        """
    )
    return env.cr.fetchall()[0]


def run(env, count):
    prepare(env, count)
    report = open_screen(env)
    env.invalidate_all()
    with Stopwatch(env) as bare:
        expected = count_bare(env, report)
    env.invalidate_all()
    with Stopwatch(env) as screen:
        report = open_screen(env)
    found = (report.received, report.answered)
    assert found == expected[1:3], f"{found} instead of {expected[1:3]}"
    assert report.within_day == expected[4]
    assert report.received >= count
    return screen, bare


def main(arguments):
    count = LEADS // 100 if "--quick" in arguments else LEADS
    with environment() as env:
        screen, bare = run(env, count)
    table(
        [
            ("response report", "seconds", "queries"),
            ("screen", f"{screen.seconds:.3f}", screen.queries),
            ("bare SQL", f"{bare.seconds:.3f}", bare.queries),
        ]
    )
    result(
        "response_report",
        screen.seconds / bare.seconds,
        leads=count,
        seconds=f"{screen.seconds:.3f}",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
