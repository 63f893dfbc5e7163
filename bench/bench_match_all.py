"""All properties against all searches, beside the bare SQL statement.

Usage: ./dev bench match_all [--quick] [--properties N]. 5,000 properties x 100,000
searches in one statement each; then one price changes, which may write that property's
pairs alone. Time and memory are told of all of it, the data included.
"""

import sys
import time

import matching_world as world
from measure import (
    Stopwatch,
    environment,
    peak_megabytes,
    peak_megabytes_of_server,
    result,
    table,
)

SEARCHES, PROPERTIES = 100_000, 5_000


def run(env, searches=SEARCHES, properties=PROPERTIES):
    """Return (stopwatch of ours, of bare SQL, pairs, seconds of one price change)."""
    world.prepare(env, searches, properties)
    world.create_bare_table(env)
    with Stopwatch(env) as bare:
        world.run_bare(env)
    with Stopwatch(env) as ours:
        env["estate.pair"]._match_all()
    count = world.compare(env)
    return ours, bare, count, change_price(env)


def change_price(env):
    """Change one price; fail when a pair of another property was written."""
    prop = env["estate.property"].search([("reference", "=", "BENCH1")])
    env.cr.flush()
    env.cr.execute(
        "CREATE TEMP TABLE kept AS SELECT id, xmin::text AS author, cmin::text AS step"
        " FROM estate_pair WHERE property_id <> %s",
        [prop.id],
    )
    with Stopwatch(env) as clock:
        prop.price *= 0.95
        env.cr.flush()
    env.cr.execute(
        "SELECT count(*) FROM kept LEFT JOIN estate_pair p ON p.id = kept.id"
        " AND p.xmin::text = kept.author AND p.cmin::text = kept.step"
        " WHERE p.id IS NULL"
    )
    (touched,) = env.cr.fetchone()
    assert not touched, f"{touched} pairs of other properties were written"
    return clock.seconds


def main(arguments):
    divisor = 100 if "--quick" in arguments else 1
    properties = PROPERTIES // divisor
    if "--properties" in arguments:
        properties = int(arguments[arguments.index("--properties") + 1])
    start = time.perf_counter()
    with environment() as env:
        ours, bare, count, change = run(env, SEARCHES // divisor, properties)
        memory = peak_megabytes() + peak_megabytes_of_server(env)
    total = time.perf_counter() - start
    table(
        [
            ("pairs", "ours s", "bare SQL s", "one price ms"),
            (
                count,
                f"{ours.seconds:.2f}",
                f"{bare.seconds:.2f}",
                f"{change * 1e3:.0f}",
            ),
        ]
    )
    result(
        "match_all",
        ours.seconds / bare.seconds,
        pairs=count,
        seconds=f"{ours.seconds:.1f}",
        change_ms=f"{change * 1e3:.0f}",
        total_seconds=f"{total:.0f}",
        total_mb=f"{memory:.0f}",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
