"""The call queue with 10,000 owners due, beside Odoo's own list of the same leads.

Usage: ./dev bench call_queue [--quick]. The queue returns the first 20 cards with
property, contact, past calls and closures; the peer is the list of the CRM, whose
columns tell far less. "Next" is one outcome noted and the queue read again.
"""

import sys
import time
from datetime import timedelta

from bench_import import prepare
from measure import environment, result, table

from odoo.fields import Datetime
from odoo.tools import SQL

LEADS = 10_000
COLUMNS = {
    "name": {},
    "contact_name": {},
    "phone": {},
    "user_id": {"fields": {"display_name": {}}},
    "stage_id": {"fields": {"display_name": {}}},
    "activity_state": {},
}


def fill(env, count):
    """Give one operator `count` due leads, each with an owner and a property."""
    prepare(env)
    owners = env["res.partner"].create(
        [
            {"name": f"Owner {number}", "phone": f"+420777{number:06d}"}
            for number in range(20)
        ]
    )
    properties = env["estate.property"].create(
        [
            {"deal_type": "sale", "city": "Praha", "owner_ids": [(6, 0, owner.ids)]}
            for owner in owners
        ]
    )
    leads = properties._create_owner_leads()
    operator = leads[0].user_id
    leads.write({"user_id": operator.id, "next_call_at": Datetime.now()})
    # Those that are rung in the end are due first, and have no copies.
    copied = leads[10:]
    leads[:10].write({"next_call_at": Datetime.now() - timedelta(days=90)})
    env.flush_all()
    columns = SQL(", ").join(
        SQL.identifier(name)
        for name, field in leads._fields.items()
        if field.store and field.column_type and name not in ("id", "next_call_at")
    )
    # Raw SQL: ten thousand leads by the ORM would take minutes.
    env.cr.execute(
        SQL(
            "INSERT INTO crm_lead (%(columns)s, next_call_at) SELECT %(columns)s,"
            " next_call_at - n * interval '1 minute' FROM crm_lead,"
            " generate_series(1, %(times)s) n WHERE id IN %(ids)s",
            columns=columns,
            times=count // len(copied),
            ids=copied._ids,
        )
    )
    env.cr.execute("ANALYZE crm_lead")
    return operator


def clock(env, function, times=7):
    """Return the median seconds and the queries of `function`, caches emptied."""
    seconds = []
    for _time in range(times):
        env.flush_all()
        env.invalidate_all()
        before, queries = time.perf_counter(), env.cr.sql_log_count
        function()
        env.flush_all()
        seconds.append(time.perf_counter() - before)
    return sorted(seconds)[times // 2], env.cr.sql_log_count - queries


def run(env, count):
    operator = fill(env, count)
    queue = env["estate.call.queue"].with_user(operator)
    leads = env["crm.lead"].with_user(operator)

    def next_call():
        card = queue.get_queue(limit=1)["cards"][0]
        leads.browse(card["id"]).action_call_outcome("busy", seen_count=0)
        queue.get_queue()

    def peer():
        domain = [("next_call_at", "<=", Datetime.now() + timedelta(days=1))]
        leads.web_search_read(domain, COLUMNS, limit=80, order="next_call_at, id")

    due = queue.get_queue()["due_count"]
    assert due >= count, due
    return clock(env, queue.get_queue), clock(env, next_call), clock(env, peer)


def main(arguments):
    count = LEADS // 10 if "--quick" in arguments else LEADS
    with environment() as env:
        opened, following, peer = run(env, count)
    table(
        [
            ("call queue", "ms", "queries"),
            *(
                (name, f"{seconds * 1000:.0f}", queries)
                for name, (seconds, queries) in (
                    ("opens with 20 cards", opened),
                    ("outcome and next call", following),
                    ("CRM's list of 80", peer),
                )
            ),
        ]
    )
    result(
        "call_queue",
        peer[0] / opened[0],
        leads=count,
        open_ms=f"{opened[0] * 1000:.0f}",
        next_ms=f"{following[0] * 1000:.0f}",
        peer_ms=f"{peer[0] * 1000:.0f}",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
