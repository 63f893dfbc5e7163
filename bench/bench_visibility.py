"""The list of 200,000 contacts for agents of each level, beside the same without rules.

Usage: ./dev bench visibility [--quick]. Half of the contacts are owners of a property,
half are seekers with an enquiry; 100 agents of 10 offices in two companies work with
them. Timed is what the web client asks for when the list opens: the first 80 rows with
the columns of the list, and how many there are (it counts to 10,000).
"""

import contextlib
import sys
import time
from statistics import median
from unittest.mock import patch

from lxml import etree
from measure import environment, result, settle, table

from odoo.fields import Command, Domain
from odoo.tools import SQL

CONTACTS = 200_000
OFFICES, AGENTS = 10, 100
LEVELS = ("none", "own", "office", "company")
# What is asked at most, in times of the same without the rules.
MOST = 1.5


def fill(env, count):
    """Create two companies, their agents and `count` contacts."""
    here = env.company
    there = env["res.company"].create({"name": "Second agency"})
    offices = env["crm.team"].create(
        [
            {
                "name": f"Office {number}",
                "is_estate_office": True,
                "company_id": (here if number < OFFICES - 2 else there).id,
            }
            for number in range(OFFICES)
        ]
    )
    agents = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": f"Agent {number}",
                    "login": f"bench-agent-{number}",
                    "company_id": offices[number % OFFICES].company_id.id,
                    "company_ids": [
                        Command.set(offices[number % OFFICES].company_id.ids)
                    ],
                    "group_ids": [
                        Command.set(env.ref("crm_real_estate.group_agent").ids)
                    ],
                }
                for number in range(AGENTS)
            ]
        )
    )
    env["crm.team.member"].create(
        [
            {"user_id": user.id, "crm_team_id": offices[number % OFFICES].id}
            for number, user in enumerate(agents)
        ]
    )
    env.flush_all()
    started = time.time()
    insert(env, count, offices, agents)
    print("filled", int(time.time() - started), flush=True)
    return agents[0]


def insert(env, count, offices, agents):
    # Raw SQL: two hundred thousand contacts by the ORM would take an hour. The indexes
    # of parts of names, which the list does not use, would take minutes.
    env.cr.execute(
        "SELECT indexrelid::regclass::text FROM pg_index"
        " JOIN pg_class ON pg_class.oid = indexrelid"
        " JOIN pg_am ON pg_am.oid = relam WHERE amname = 'gin'"
        " AND indrelid IN ('res_partner'::regclass, 'crm_lead'::regclass)"
    )
    for (index,) in env.cr.fetchall():
        env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(index)))
    values = {
        "count": count,
        "agents": agents.ids,
        "offices": offices.ids,
        "companies": [office.company_id.id for office in offices],
        "currency": env.company.currency_id.id,
        "stage": env.ref("crm_real_estate.crm_stage_sale_2").id,
    }
    env.cr.execute(
        """
        CREATE TEMP TABLE bench AS
            SELECT n, nextval('res_partner_id_seq')::int AS id,
                (%(agents)s)[1 + n %% array_length(%(agents)s, 1)] AS user_id,
                (%(offices)s)[1 + n %% array_length(%(offices)s, 1)] AS team_id,
                (%(companies)s)[1 + n %% array_length(%(companies)s, 1)] AS company_id
            FROM generate_series(1, %(count)s) n;
        INSERT INTO res_partner (id, name, complete_name, estate_kind, active, type,
                partner_share, commercial_partner_id, email, phone, city,
                automatic_messages_allowed, create_uid, create_date)
            SELECT id, 'Contact ' || md5(n::text), 'Contact ' || md5(n::text),
                'standard', true, 'contact', true, id, 'c' || n || '@example.com',
                '+420777' || lpad(n::text, 6, '0'), 'Praha', true, 1, now() FROM bench;
        INSERT INTO crm_lead (name, type, lead_role, deal_type, pipeline, active,
                partner_id, user_id, team_id, company_id, stage_id)
            SELECT 'Enquiry', 'opportunity', 'seeker', 'sale', 'sale', n %% 4 > 0,
                id, user_id, team_id, company_id, %(stage)s FROM bench WHERE n %% 2 = 0;
        CREATE TEMP TABLE houses AS
            SELECT *, nextval('estate_property_id_seq')::int AS house
            FROM bench WHERE n %% 2 = 1;
        INSERT INTO estate_property (id, name, reference, state, active, deal_type,
                company_id, currency_id, agent_id, team_id, create_date)
            SELECT house, 'House', 'B' || n, 'on_market', true, 'sale', company_id,
                %(currency)s, user_id, team_id, now() FROM houses;
        INSERT INTO estate_property_owner_rel (property_id, partner_id)
            SELECT house, id FROM houses
        """,
        values,
    )
    settle(
        env,
        *("res_partner", "crm_lead", "estate_property", "estate_property_owner_rel"),
    )


def get_specification(env):
    """Return the fields that the list of contacts reads."""
    arch = env["res.partner"].get_view(env.ref("base.view_partner_tree").id)["arch"]
    fields = env["res.partner"]._fields
    return {
        node.get("name"): {"fields": {"display_name": {}}}
        if fields[node.get("name")].relational
        else {}
        for node in etree.fromstring(arch).iter("field")
    }


def set_levels(env, user, offer, demand):
    names = ["group_agent"]
    names += [
        f"group_{side}_{level}"
        for side, level in (("offer", offer), ("demand", demand))
        if level != "none"
    ]
    groups = [env.ref(f"crm_real_estate.{name}").id for name in names]
    user.group_ids = [Command.set(groups)]
    env.flush_all()
    env.registry.clear_cache()


def clock(env, user, times):
    """Return the median milliseconds of the list with and without rules, and its rows.

    Without: the rule is there and lets everybody through, as nothing else changes.
    Before these comes the median of the times: both are asked in turn, so that what
    slows down the machine slows down both.
    """
    contacts = env["res.partner"].with_user(user)
    visibility = type(contacts)
    specification = get_specification(env)
    seconds, seen = {True: [], False: []}, 0
    for turn in range(times + 1):
        for with_rules in (True, False):
            open_to_all = patch.object(
                visibility, "_get_visible_domain", lambda self: Domain.TRUE
            )
            with contextlib.nullcontext() if with_rules else open_to_all:
                env.invalidate_all()
                # Each request finds out anew what holds for its transaction.
                env.cr.precommit.data.clear()
                start = time.perf_counter()
                found = contacts.web_search_read(
                    [("estate_kind", "!=", False)],
                    specification,
                    limit=80,
                    count_limit=10001,
                )
                # The first turn fills the caches of a server at work.
                if turn:
                    seconds[with_rules].append(time.perf_counter() - start)
            if with_rules:
                seen = found["length"]
    ratios = [one / other for one, other in zip(*seconds.values(), strict=True)]
    milliseconds = [median(each) * 1000 for each in seconds.values()]
    return median(ratios), *milliseconds, seen


def main(arguments):
    quick = "--quick" in arguments
    count = CONTACTS // 20 if quick else CONTACTS
    lines = [("owners / seekers", "sees", "with ms", "without ms", "times")]
    worst = 0
    with environment() as env:
        user = fill(env, count)
        cases = [(level, level) for level in LEVELS]
        cases += [("company", "none"), ("none", "company")]
        for offer, demand in cases:
            set_levels(env, user, offer, demand)
            ratio, ruled, bare, seen = clock(env, user, 3 if quick else 15)
            worst = max(worst, ratio)
            lines.append(
                (
                    f"{offer} / {demand}",
                    seen,
                    f"{ruled:.1f}",
                    f"{bare:.1f}",
                    f"{ratio:.2f}",
                )
            )
    table(lines)
    result("visibility", worst, contacts=count, most=MOST)


if __name__ == "__main__":
    main(sys.argv[1:])
