"""Claims and take-back on real connections, by real processes, some of them killed.

Usage: ./dev bench claims [--quick]. Sixteen people claim each of 625 leads in the same
moment: one wins, the others read who. Before that each process has claimed a few leads
of its own, as a worker of a running server has: those are not counted. Then two
jobs take back 2,000 leads at once and are killed at 20 random moments: none is lost,
none is given away twice.
"""

import logging
import multiprocessing
import os
import random
import signal
import sys
import time
import traceback
from contextlib import contextmanager
from functools import partial

from measure import environment, result, table

PEOPLE, LEADS = 16, 625
# Leads that each process claims for itself before the race.
WARM = 3
DUE, KILLS = 2000, 20
OPERATORS = 8
MOST_SECONDS = 0.2


# === PROCESSES ===


def start(function, *arguments):
    """Run a function in a process of its own, with connections of its own."""
    fork = multiprocessing.get_context("fork")
    process = fork.Process(target=_run_alone, args=(function, *arguments))
    process.start()
    return process


def _run_alone(function, registry, *arguments):
    from odoo import sql_db

    # A connection cannot be shared with the parent.
    sql_db._Pool = sql_db._Pool_readonly = None
    registry._db = sql_db.db_connect(registry.db_name)
    registry._db_readonly = None
    # Odoo logs a conflict that it repeats; what a person sees is checked here.
    logging.getLogger("odoo").setLevel(logging.CRITICAL)
    status = 1
    try:
        function(registry, *arguments)
        status = 0
    except BaseException:  # noqa: BLE001 - the parent reads the status
        traceback.print_exc()
    finally:
        # The parent's memory is not to be tidied up by the child.
        os._exit(status)


@contextmanager
def request(registry, uid=1):
    """Open an environment on a cursor of its own, as a request does."""
    from odoo.api import Environment

    with registry.cursor() as cr:
        env = Environment(cr, uid, {})
        env.transaction.default_env = env
        yield env


# === DATA ===


def prepare(env):
    """Create a call centre with people, and the rule that gives or announces leads."""
    team = env["crm.team"].create({"name": "Calls", "is_estate_office": True})
    # It never closes: business minutes are minutes.
    team.resource_calendar_id = env["resource.calendar"].create(
        {
            "name": "Always",
            "tz": "UTC",
            "attendance_ids": [
                (
                    0,
                    0,
                    {
                        "name": "Day",
                        "dayofweek": str(day),
                        "hour_from": 0,
                        "hour_to": 24,
                        "day_period": "full_day",
                    },
                )
                for day in range(7)
            ],
        }
    )
    group = env.ref("crm_real_estate.group_operator")
    people = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": f"Operator {number}",
                    "login": f"bench-operator-{number}",
                    "group_ids": [(6, 0, group.ids)],
                }
                for number in range(PEOPLE)
            ]
        )
    )
    env["crm.team.member"].create(
        [{"crm_team_id": team.id, "user_id": user.id} for user in people]
    )
    rules = env["estate.dispatch.rule"]
    rules.search([]).active = False
    rule = rules.create({"name": "Calls", "team_id": team.id, "strategy": "announce"})
    env.company.estate_claim_limit = LEADS
    return rule, people


def create_leads(env, count, batch=10):
    """Create owners' leads in batches; so small ones are announced one by one."""
    ids = []
    for first in range(0, count, batch):
        owners = env["res.partner"].create(
            [{"name": f"Owner {first + n}"} for n in range(min(batch, count - first))]
        )
        leads = env["crm.lead"].create(
            [
                {
                    "name": owner.name,
                    "lead_role": "owner",
                    "deal_type": "sale",
                    "partner_id": owner.id,
                }
                for owner in owners
            ]
        )
        ids += leads.ids
    return ids


# === CLAIMS ===


def claim_all(registry, uid, ids, own, begin, queue):
    """Claim each lead for one person; tell outcomes and seconds.

    :param own: leads for this person alone, claimed before the clock starts
    """
    for lead_id in own:
        # What a worker of a running server has in its memory.
        assert claim(registry, uid, lead_id) == "won"
        assert claim(registry, uid, lead_id).startswith("odd: You have")
    begin.wait()
    outcomes = []
    for lead_id in ids:
        started = time.perf_counter()
        outcome = claim(registry, uid, lead_id)
        outcomes.append((lead_id, outcome, time.perf_counter() - started))
    queue.put((uid, outcomes))
    queue.close()
    queue.join_thread()


def claim(registry, uid, lead_id):
    """Press the button in a request of its own; tell what came of it."""
    from odoo.exceptions import UserError
    from odoo.service.model import retrying

    with request(registry, uid) as env:
        # A request has looked at the user before it comes to the lead.
        env.user.fetch(["active"])
        press = env["crm.lead"].browse(lead_id).action_claim
        try:
            retrying(partial(press), env)
        except UserError as refused:
            return "told" if " has " in str(refused) else f"odd: {refused}"
        except Exception as error:  # noqa: BLE001 - counted as shown
            return f"error: {error!r}"
        return "won"


def run_claims(registry, people, leads):
    """Let `people` persons claim each of `leads` leads; check it, return seconds."""
    with request(registry) as env:
        _rule, users = prepare(env)
        users = users[:people].ids
        ids = create_leads(env, leads + WARM * people)
    own = [ids[leads + WARM * n :][:WARM] for n in range(people)]
    ids = ids[:leads]
    fork = multiprocessing.get_context("fork")
    begin, queue = fork.Barrier(people), fork.Queue()
    started = time.perf_counter()
    processes = [
        start(claim_all, registry, uid, ids, mine, begin, queue)
        for uid, mine in zip(users, own, strict=True)
    ]
    told = dict(queue.get(timeout=900) for _process in processes)
    for process in processes:
        process.join()
    total = time.perf_counter() - started
    rows = [(uid, *row) for uid, outcomes in told.items() for row in outcomes]
    wrong = {outcome for _uid, _lead, outcome, _s in rows} - {"won", "told"}
    assert not wrong, sorted(wrong)[:5]
    winners = {lead: uid for uid, lead, outcome, _s in rows if outcome == "won"}
    assert sum(row[2] == "won" for row in rows) == len(winners) == leads
    check_claims(registry, winners)
    return sorted(row[3] for row in rows), total


def check_claims(registry, winners):
    """Check that each lead has one winner, one claim, one decision and one task."""
    with request(registry) as env:
        leads = env["crm.lead"].browse(winners)
        assert {lead.id: lead.user_id.id for lead in leads} == winners
        for lead in leads:
            assert len(lead.claim_ids) == len(lead.activity_ids) == 1, lead
            how = [row.reasons["how"] for row in lead.decision_ids]
            assert sorted(how) == ["announce", "claim"], how


# === TAKE BACK ===


def take_back(registry):
    """Do what the job does, until nothing is due."""
    with request(registry) as env:
        env.ref("crm_real_estate.ir_cron_take_back").ir_actions_server_id.run()


def run_take_back(registry, count, kills, seed=7):
    """Take back `count` leads by two jobs that are killed `kills` times; check them."""
    with request(registry) as env:
        rule, users = prepare_lease(env)
        former = create_due(env, count)
    chance = random.Random(seed)
    # So long that some are killed after a part of it is done.
    longest = max(1.0, 4.0 * count / DUE)
    started = time.perf_counter()
    for _kill in range(kills):
        jobs = [start(take_back, registry) for _job in range(2)]
        time.sleep(chance.uniform(0.05, longest))
        os.kill(jobs[0].pid, signal.SIGKILL)
        if chance.random() < 0.5:
            # The other one goes on a while over what the first has left.
            time.sleep(chance.uniform(0.05, longest / 2))
        os.kill(jobs[1].pid, signal.SIGKILL)
        for job in jobs:
            job.join()
        if not count_due(registry):
            # Nothing is left to be killed at: the same leads are due once more.
            check_taken_back(registry, former)
            former = make_due(registry, former)
    while count_due(registry):
        jobs = [start(take_back, registry) for _job in range(2)]
        for job in jobs:
            job.join()
    seconds = time.perf_counter() - started
    check_taken_back(registry, former)
    return seconds


def prepare_lease(env):
    rule = env["estate.dispatch.rule"].search([("name", "=", "Calls")], limit=1)
    rule.strategy = "even"
    rule.team_id.crm_team_member_ids[OPERATORS:].action_archive()
    return rule, rule.team_id.crm_team_member_ids.user_id


def create_due(env, count):
    """Create leads whose leases are over; return lead id -> (user id, decisions)."""
    ids = create_leads(env, count, batch=200)
    env["crm.lead"].browse(ids).write({"lease_until": "2020-01-01 00:00:00"})
    return remember(env, ids)


def remember(env, ids):
    leads = env["crm.lead"].browse(ids)
    return {lead.id: (lead.user_id.id, len(lead.decision_ids)) for lead in leads}


def make_due(registry, former):
    with request(registry) as env:
        leads = env["crm.lead"].browse(former)
        leads.write({"lease_until": "2020-01-01 00:00:00"})
        return remember(env, leads.ids)


def count_due(registry):
    with request(registry) as env:
        return env["crm.lead"].search_count(
            [("lease_until", "<", "2020-01-02"), ("user_id", "!=", False)]
        )


def check_taken_back(registry, former):
    """Check that each lead went on once, to somebody else, with one task."""
    with request(registry) as env:
        for lead in env["crm.lead"].browse(former):
            user_id, count = former[lead.id]
            assert lead.user_id and lead.user_id.id != user_id, lead
            assert len(lead.decision_ids) == count + 1, (lead, lead.decision_ids)
            last = lead.decision_ids.sorted("id")[-1:]
            assert last.user_id == lead.user_id, lead
            assert last.reasons["left_out"][str(user_id)] == "lease_over", lead
            assert len(lead.activity_ids) == 1, lead.activity_ids
            assert lead.activity_ids.user_id == lead.user_id, lead


def run(registry, divisor=1):
    """Run both at their size divided by `divisor`; return seconds of all claims, ...

    :return: sorted seconds of each claim, seconds of all, seconds of the take-back
    """
    people = PEOPLE if divisor == 1 else 4
    claims, total = run_claims(registry, people, max(LEADS // divisor, 6))
    figures = {f"p{p}": percentile(claims, p / 100) for p in (50, 95, 99)}
    sys.stderr.write(f"claims: {total:.1f} s, {figures}\n")
    seconds = run_take_back(
        registry, DUE // divisor, KILLS if divisor == 1 else max(KILLS // divisor, 2)
    )
    return claims, total, seconds


def percentile(seconds, part):
    return seconds[min(int(len(seconds) * part), len(seconds) - 1)]


def main(arguments):
    quick = "--quick" in arguments
    with environment() as env:
        registry = env.registry
    claims, total, seconds = run(registry, divisor=100 if quick else 1)
    figures = {f"p{p}": percentile(claims, p / 100) for p in (50, 95, 99)}
    table(
        [
            ("claims", "seconds", "p50 ms", "p95 ms", "p99 ms"),
            (
                len(claims),
                f"{total:.1f}",
                *(f"{s * 1000:.1f}" for s in figures.values()),
            ),
        ]
    )
    result(
        "claims",
        MOST_SECONDS / figures["p99"],
        claims=len(claims),
        errors=0,
        p99_ms=f"{figures['p99'] * 1000:.1f}",
        take_back_seconds=f"{seconds:.1f}",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
