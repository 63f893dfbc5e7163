"""One new property against all searches, beside the bare SQL statement.

Usage: ./dev bench match_one [--quick]. 100,000 searches of a realistic spread; twenty
properties one after the other, the median of each. Ours is the whole end of a
transaction that made a property: what is due is gathered, the statement is written and
run, a mark is left for the job, the job is woken. The pairs must be the same.
"""

import statistics
import sys

import matching_world as world
from measure import Stopwatch, environment, result, table

SEARCHES, PROPERTIES, ROUNDS = 100_000, 200, 20
MOST_SECONDS = 0.05


def run(env, searches=SEARCHES, properties=PROPERTIES, rounds=ROUNDS):
    """Return (seconds of ours, seconds of bare SQL, pairs), medians of `rounds`."""
    world.prepare(env, searches, properties)
    world.create_bare_table(env)
    chosen = env["estate.property"].search(
        [("reference", "=like", "BENCH%")], limit=rounds, order="id"
    )
    settle(env, chosen[:1])
    env.cr.execute("DELETE FROM estate_pair")
    ours, bare = [], []
    for prop in chosen:
        with Stopwatch(env) as clock:
            world.run_bare(env, prop.id)
        bare.append(clock.seconds)
        with Stopwatch(env) as clock:
            settle(env, prop)
        ours.append(clock.seconds)
    count = world.compare(env)
    return statistics.median(ours), statistics.median(bare), count


def settle(env, prop):
    """Do what a transaction does at its end when this property is new."""
    env["estate.pair"]._put_due(properties=prop)
    env.cr.flush()


def main(arguments):
    divisor = 100 if "--quick" in arguments else 1
    with environment() as env:
        ours, bare, count = run(env, SEARCHES // divisor)
    table(
        [
            ("searches", "pairs of 20", "ours ms", "bare SQL ms"),
            (SEARCHES // divisor, count, f"{ours * 1e3:.1f}", f"{bare * 1e3:.1f}"),
        ]
    )
    result("match_one", ours / bare, ours_ms=f"{ours * 1e3:.1f}", limit_ms=50)


if __name__ == "__main__":
    main(sys.argv[1:])
