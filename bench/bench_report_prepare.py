"""1,000 activity reports prepared, without their PDF, against bare SQL of their lines.

Usage: ./dev bench report_prepare [--quick]. The steps of the nightly job: reports of
the plans that are due are made, and filled from the journal with 20 rows each; then the
same with 4 rows each. What is asked: less than 30 s, and no query more for more rows.
"""

import sys

from measure import Stopwatch, environment, result, table
from reporting_world import prepare

REPORTS = 1_000
FEW, MANY = 4, 20
MOST_SECONDS = 30
BATCH = 20


def make(env):
    """Do what the job does before it prints; return the reports."""
    plans, reports = env["estate.report.plan"], env["estate.activity.report"]
    last = reports.search([], order="id desc", limit=1).id or 0
    while plans._make_due_reports(BATCH) or reports._fill_due_reports(BATCH):
        env.flush_all()
    return reports.search([("id", ">", last)])


def count_bare(env, houses):
    """Write the lines of the journal's rows by one statement; return their number."""
    env.cr.execute(
        """
        CREATE TEMP TABLE bench_lines AS
            SELECT journal.property_id, kind.name, occurred_at, 'action' AS section,
                summary AS text, journal.id
            FROM estate_interaction journal
            JOIN estate_interaction_type kind ON kind.id = type_id
            WHERE property_id = ANY(%(houses)s) AND is_owner_visible
            UNION ALL
            SELECT property_id, NULL, occurred_at, 'comment', owner_comment, id
            FROM estate_interaction
            WHERE property_id = ANY(%(houses)s) AND owner_comment IS NOT NULL
        """,
        {"houses": houses},
    )
    env.cr.execute("SELECT count(*) FROM bench_lines")
    (count,) = env.cr.fetchone()
    env.cr.execute("DROP TABLE bench_lines")
    return count


def run_one(env, owners, events):
    """Return stopwatches of `owners` reports with `events` rows each: (ours, bare)."""
    plans = prepare(env, owners, events)
    with Stopwatch(env) as ours:
        reports = make(env)
    assert len(reports) == owners, f"{len(reports)} reports of {owners}"
    assert all(reports.mapped("filled_at"))
    told = reports.line_ids.filtered("interaction_id")
    with Stopwatch(env) as bare:
        expected = count_bare(env, reports.property_ids.ids)
    assert len(told) == expected, f"{len(told)} lines instead of {expected}"
    assert len(told) >= owners * events
    plans.active = False
    env.cr.execute("DROP TABLE bench_owners")
    env.invalidate_all()
    return ours, bare


def run(env, owners):
    # The first fills the caches of a server at work.
    run_one(env, min(owners, BATCH), FEW)
    few, _bare = run_one(env, owners, FEW)
    many, bare = run_one(env, owners, MANY)
    return few, many, bare


def main(arguments):
    owners = REPORTS // 10 if "--quick" in arguments else REPORTS
    with environment() as env:
        few, many, bare = run(env, owners)
    table(
        [
            ("report_prepare", "seconds", "queries"),
            *(
                (f"{rows} rows each", f"{watch.seconds:.2f}", watch.queries)
                for rows, watch in ((FEW, few), (MANY, many))
            ),
            ("bare SQL of the lines", f"{bare.seconds:.2f}", bare.queries),
        ]
    )
    result(
        "report_prepare",
        many.seconds / bare.seconds,
        reports=owners,
        seconds=f"{many.seconds:.1f}",
        most_seconds=MOST_SECONDS,
        queries=many.queries,
        queries_of_few_rows=few.queries,
    )
    assert many.seconds < MOST_SECONDS, "too slow"
    assert many.queries <= few.queries, "more rows ask for more queries"


if __name__ == "__main__":
    main(sys.argv[1:])
