"""Distribution with all that comes of it, against Odoo's own assignment.

Usage: ./dev bench dispatch_full [--quick]. 2,000 owner leads with distinct mails, 20
members with territory and price: person, followers, journal, decision, task.
"""

import sys

from dispatch_world import check, create_leads, get_values, prepare, run_peer
from measure import Stopwatch, environment, result, table

LEADS = 2000


def run(env, count):
    """Distribute `count` leads, let Odoo do it too; return (ours, Odoo's)."""
    values = get_values(count)
    _office, peer = prepare(env)
    leads = create_leads(env, values)
    env.flush_all()
    env.invalidate_all()
    with Stopwatch(env) as ours:
        leads._dispatch("first_call")
    check(leads, values, [lead.user_id for lead in leads])
    assert len(leads.decision_ids) == count
    assert len(leads.activity_ids) == count
    for lead in leads:
        assert lead.activity_ids.user_id == lead.user_id == lead.decision_ids.user_id
    followers = leads.message_partner_ids
    assert followers >= leads.user_id.partner_id, "somebody does not follow his leads"
    return ours, run_peer(env, peer, values)


def main(arguments):
    quick = "--quick" in arguments
    count = LEADS // 100 if quick else LEADS
    with environment() as env:
        ours, odoo = run(env, count)
    table(
        [
            ("dispatch_full", "seconds", "leads/s", "queries per lead"),
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
        "dispatch_full",
        odoo.seconds / ours.seconds,
        leads=count,
        seconds=f"{ours.seconds:.2f}",
        odoo_seconds=f"{odoo.seconds:.2f}",
        queries_per_lead=f"{ours.queries / count:.2f}",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
