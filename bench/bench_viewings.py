"""A thousand seekers race for the hundred places of one group viewing.

Usage: ./dev bench viewings [--quick]. Sixteen processes with connections of their own
book for 1,000 seekers in the same moment, each seeker once or twice: exactly 100 get a
place and a viewing, nobody two, and everybody else is told that all are taken.
"""

import multiprocessing
import sys
import time
from functools import partial

from bench_claims import percentile, request, start
from measure import environment, result, table

SEEKERS, PLACES, PROCESSES = 1000, 100, 16
MOST_SECONDS = 0.5


def prepare(env, seekers, places):
    """Create a property, a group viewing and the seekers' enquiries, quickly."""
    prop = env["estate.property"].create(
        {"name": "House", "deal_type": "sale", "agent_id": env.uid}
    )
    group = env["estate.viewing.group"].create(
        {
            "property_id": prop.id,
            "places": places,
            "start": "2036-03-04 09:00:00",
            "agent_id": env.uid,
        }
    )
    stage = env["crm.stage"]._get_phases("sale")[1]
    env.flush_all()
    # Raw SQL: contacts and leads are only what the race is about; the ORM would take
    # longer to make them than the race takes.
    env.cr.execute(
        """
        WITH people AS (
            INSERT INTO res_partner (name, active, estate_kind, email,
                email_normalized, automatic_messages_allowed, type, lang)
            SELECT 'Seeker ' || number, TRUE, 'standard',
                'seeker' || number || '@example.com',
                'seeker' || number || '@example.com', FALSE, 'contact', 'en_US'
            FROM generate_series(1, %(count)s) AS number
            RETURNING id, name
        )
        INSERT INTO crm_lead (name, type, active, partner_id, property_id, company_id,
            lead_role, deal_type, pipeline, stage_id, phase_number, won_status,
            probability, automated_probability)
        SELECT name, 'opportunity', TRUE, id, %(property)s, %(company)s, 'seeker',
            'sale', 'sale', %(stage)s, 2, 'pending', 5, 5
        FROM people
        RETURNING id
        """,
        {
            "count": seekers,
            "property": prop.id,
            "company": prop.company_id.id,
            "stage": stage.id,
        },
    )
    return group.id, [row[0] for row in env.cr.fetchall()]


def book_all(registry, group_id, ids, begin, queue):
    """Book for some seekers, one after the other; tell outcomes and seconds."""
    from odoo.service.model import retrying

    outcomes = []
    with request(registry) as env:
        # What a worker of a running server has in its memory.
        env["crm.lead"].browse(ids[0]).check_access("read")
    begin.wait()
    for lead_id in ids:
        started = time.perf_counter()
        with request(registry) as env:
            group = env["estate.viewing.group"].browse(group_id)
            lead = env["crm.lead"].browse(lead_id)
            try:
                viewing = retrying(partial(group._book, lead), env)
                outcome = "booked" if viewing else "full"
            except Exception as error:  # noqa: BLE001 - counted as shown
                outcome = f"error: {error!r}"
        outcomes.append((lead_id, outcome, time.perf_counter() - started))
    queue.put(outcomes)
    queue.close()
    queue.join_thread()


def run(registry, seekers=SEEKERS, places=PLACES, processes=PROCESSES):
    """Let all seekers race; check what came of it.

    :return: sorted seconds of each booking, seconds of all
    """
    with request(registry) as env:
        group_id, ids = prepare(env, seekers, places)
    fork = multiprocessing.get_context("fork")
    begin, queue = fork.Barrier(processes), fork.Queue()
    started = time.perf_counter()
    # Every tenth seeker presses twice, in two processes.
    crowd = ids + ids[::10]
    running = [
        start(book_all, registry, group_id, crowd[n::processes], begin, queue)
        for n in range(processes)
    ]
    rows = [row for _one in running for row in queue.get(timeout=900)]
    for process in running:
        process.join()
    total = time.perf_counter() - started
    wrong = {outcome for _lead, outcome, _s in rows} - {"booked", "full"}
    assert not wrong, sorted(wrong)[:5]
    booked = {lead for lead, outcome, _s in rows if outcome == "booked"}
    assert len(booked) == places, len(booked)
    with request(registry) as env:
        group = env["estate.viewing.group"].browse(group_id)
        assert set(group.place_ids.lead_id.ids) == booked
        assert set(group.viewing_ids.lead_id.ids) == booked
        assert group.booked_count == places
        assert len(group.viewing_ids) == places
    return sorted(row[2] for row in rows), total


def main(arguments):
    quick = "--quick" in arguments
    with environment() as env:
        registry = env.registry
    seconds, total = run(registry, *((60, 10, 4) if quick else ()))
    figures = {f"p{p}": percentile(seconds, p / 100) for p in (50, 95, 99)}
    table(
        [
            ("bookings", "seconds", "p50 ms", "p95 ms", "p99 ms"),
            (
                len(seconds),
                f"{total:.1f}",
                *(f"{s * 1000:.1f}" for s in figures.values()),
            ),
        ]
    )
    result(
        "viewings",
        MOST_SECONDS / figures["p99"],
        bookings=len(seconds),
        errors=0,
        p99_ms=f"{figures['p99'] * 1000:.1f}",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
