"""Import of an OpenImmo file: new, unchanged, and against bare creates of the ORM.

Usage: ./dev bench import [FILE] [--quick]. FILE is a CSV with the columns price, beds
and bedrooms; its rows give the objects their values. Without it the values have the
same spread: prices log-normal around their median, few rooms, many small ones.
"""

import csv
import math
import random
import sys

from measure import Stopwatch, environment, peak_megabytes, result, table, written_rows

OBJECTS = 1000
# Log-normal with the median and the quartiles of nightly rents in a real district.
MEDIAN_PRICE, SIGMA_PRICE = 55, 0.5


def read_values(path, count):
    """Return `count` dicts price, beds, bedrooms from a CSV or with the same spread."""
    if path:
        with open(path, newline="") as handle:
            rows = list(csv.DictReader(handle))
        return [rows[number % len(rows)] for number in range(count)]
    chance = random.Random(7)
    return [
        {
            "price": str(round(MEDIAN_PRICE * math.exp(chance.gauss(0, SIGMA_PRICE)))),
            "beds": str(chance.choice((1, 1, 1, 2, 2, 3, 4))),
            "bedrooms": str(chance.choice((0, 1, 1, 1, 2, 2, 3))),
        }
        for _number in range(count)
    ]


def make_file(values):
    """Return an OpenImmo file with one object to let for each dict of values."""
    from odoo.addons.crm_real_estate.tests.openimmo_files import build_file

    overrides = {
        number: {
            "flags": {"KAUF": False, "MIETE_PACHT": True},
            "net_rent": f"{float(row['price']) * 25:.2f}",
            "price": "",
            "living_area": f"{20 + 18 * float(row['beds']):.1f}",
            "bedrooms": str(int(float(row["bedrooms"]))),
            "phone": f"+49 30 2312{number % 10000:04d}",
            "mobile": "",
            "email": f"owner{number}@linde.example",
        }
        for number, row in enumerate(values)
    }
    return build_file(objects=len(values), overrides=overrides)


def prepare(env):
    """Return a source of owners' listings, with somebody who gets the calls."""
    team = env["crm.team"].create({"name": "Calls", "is_estate_office": True})
    operators = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": f"Operator {number}",
                    "login": f"bench-operator-{number}",
                    "email": f"operator{number}@agency.example",
                    "group_ids": [
                        (6, 0, env.ref("crm_real_estate.group_operator").ids)
                    ],
                }
                for number in range(4)
            ]
        )
    )
    env["crm.team.member"].create(
        [{"crm_team_id": team.id, "user_id": user.id} for user in operators]
    )
    env["estate.dispatch.rule"].create(
        {"name": "Calls", "step": "first_call", "team_id": team.id}
    )
    return env["estate.intake.source"].create(
        {
            "name": "Bench",
            "kind": "openimmo",
            "contact_role": "owner",
            "team_id": team.id,
        }
    )


def create_bare(env, properties):
    """Create the same owners, properties and leads by plain creates, without intake."""
    owners = env["res.partner"].create(
        [
            {"name": p.owner_ids.name, "email": f"x{p.id}@bare.example"}
            for p in properties
        ]
    )
    copies = env["estate.property"].create(
        [
            {
                "name": p.name,
                "deal_type": p.deal_type,
                "type_id": p.type_id.id,
                "price": p.price,
                "living_area": p.living_area,
                "street": p.street,
                "zip": p.zip,
                "city": p.city,
                "country_id": p.country_id.id,
                "owner_ids": [(6, 0, owner.ids)],
            }
            for p, owner in zip(properties, owners, strict=True)
        ]
    )
    return copies._create_owner_leads()


def run(env, count, path=None):
    """Import `count` objects twice, check the outcome, and return the figures."""
    source = prepare(env)
    content = make_file(read_values(path, count))
    message = source._store("file", "bench.xml", content)
    before = peak_megabytes()
    with Stopwatch(env) as first:
        message._process()
    memory = peak_megabytes() - before
    properties = env["estate.property"].search([("intake_source_id", "=", source.id)])
    assert len(properties) == len(properties.lead_ids) == count, message.error
    assert len(properties.lead_ids.activity_ids) == count
    rows = written_rows(env)
    with Stopwatch(env) as again:
        message._process()
    writes = written_rows(env) - rows
    assert writes == 0, f"{writes} rows written by an unchanged import"
    with Stopwatch(env) as bare:
        leads = create_bare(env, properties)
    assert len(leads) == count
    return first, again, bare, memory, writes


def main(arguments):
    quick = "--quick" in arguments
    path = next((one for one in arguments if not one.startswith("-")), None)
    count = OBJECTS // 100 if quick else OBJECTS
    with environment() as env:
        first, again, bare, memory, writes = run(env, count, path)
    table(
        [
            ("import", "seconds", "queries", "per object"),
            *(
                (name, f"{w.seconds:.2f}", w.queries, f"{w.queries / count:.1f}")
                for name, w in (
                    ("new", first),
                    ("unchanged", again),
                    ("bare creates", bare),
                )
            ),
        ]
    )
    result(
        "import",
        first.seconds / bare.seconds,
        objects=count,
        seconds=f"{first.seconds:.2f}",
        again_seconds=f"{again.seconds:.2f}",
        again_writes=writes,
        memory_mb=f"{memory:.0f}",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
