"""Choosing who gets leads, without writing, against Odoo's own assignment.

Usage: ./dev bench dispatch_engine [--quick]. 2,000 owner leads with distinct mails, 20
members with territory and price: candidates, choice and reasons for each.
"""

import sys

from dispatch_world import check, create_leads, get_values, prepare, run_peer
from measure import Stopwatch, environment, result, table

LEADS = 2000


def run(env, count):
    """Decide for `count` leads, let Odoo do it too; return (ours, Odoo's)."""
    from odoo.fields import Datetime

    from odoo.addons.crm_real_estate.models.dispatch.dispatch_run import DispatchRun

    values = get_values(count)
    _office, peer = prepare(env)
    leads = create_leads(env, values)
    env.flush_all()
    env.invalidate_all()
    with Stopwatch(env) as ours:
        decisions = DispatchRun(leads, "first_call", Datetime.now()).decide()
    assert all(decision.reasons["considered"] for decision in decisions)
    assert all(len(decision.reasons["left_out"]) == 19 for decision in decisions)
    check(leads, values, [decision.user for decision in decisions])
    assert not leads.user_id, "a decision was written"
    return ours, run_peer(env, peer, values)


def main(arguments):
    quick = "--quick" in arguments
    count = LEADS // 100 if quick else LEADS
    with environment() as env:
        ours, odoo = run(env, count)
    table(
        [
            ("dispatch_engine", "seconds", "leads/s", "queries per lead"),
            *(
                (
                    name,
                    f"{w.seconds:.2f}",
                    f"{count / w.seconds:.0f}",
                    w.queries / count,
                )
                for name, w in (("ours", ours), ("Odoo's assignment", odoo))
            ),
        ]
    )
    result(
        "dispatch_engine",
        odoo.seconds / ours.seconds,
        leads=count,
        seconds=f"{ours.seconds:.3f}",
        odoo_seconds=f"{odoo.seconds:.2f}",
        queries=ours.queries,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
