"""Leads, offices and members for the benchmarks of the distribution, and Odoo's peer.

Odoo's own assignment leaves our leads and offices out, so it gets own leads of Odoo
with the same contacts, mails, places and prices, and the same people in a team of its
own with the same criteria, told as Odoo tells them: a filter on each member.
"""

import random

PLACES = 5
BANDS = ((0, 2_000_000), (2_000_000, 5_000_000), (5_000_000, 9_000_000), (9_000_000, 0))
MEMBERS = PLACES * len(BANDS)


def get_values(count):
    """Return for each lead (number, zip, price), the same in every run."""
    chance = random.Random(11)
    return [
        (
            number,
            f"{chance.randrange(PLACES) + 1}1000",
            chance.randrange(500_000, 12_000_000),
        )
        for number in range(count)
    ]


def prepare(env):
    """Return (office of ours, team of Odoo's) with the same 20 members."""
    env["ir.config_parameter"].set_param("sales_team.membership_multi", True)
    env["ir.config_parameter"].set_param("crm.lead.auto.assignment", True)
    env["crm.team"].search([]).active = False
    env["estate.dispatch.rule"].search([]).active = False
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": f"Member {number}",
                    "login": f"bench-member-{number}",
                    "email": f"member{number}@agency.example",
                    "group_ids": [
                        (6, 0, env.ref("crm_real_estate.group_operator").ids)
                    ],
                }
                for number in range(MEMBERS)
            ]
        )
    )
    office = env["crm.team"].create({"name": "Bench calls", "is_estate_office": True})
    peer = env["crm.team"].create({"name": "Peer", "assignment_domain": "[]"})
    territories = env["estate.territory"].create(
        [
            {"name": f"Place {place + 1}", "postal_codes": f"{place + 1}*"}
            for place in range(PLACES)
        ]
    )
    ours, theirs = [], []
    for number, user in enumerate(users):
        place, (low, high) = number // len(BANDS), BANDS[number % len(BANDS)]
        ours.append(
            {
                "crm_team_id": office.id,
                "user_id": user.id,
                "territory_ids": [(6, 0, territories[place].ids)],
                "price_min": low,
                "price_max": high,
            }
        )
        domain = [
            ("zip", "=like", f"{place + 1}%"),
            ("expected_revenue", ">=", low),
            *([("expected_revenue", "<", high)] if high else []),
        ]
        theirs.append(
            {
                "crm_team_id": peer.id,
                "user_id": user.id,
                "assignment_domain": repr(domain),
                # Odoo's daily quota is a thirtieth of it: room for all of them.
                "assignment_max": 30 * 1000,
            }
        )
    env["crm.team.member"].create(ours + theirs)
    env["estate.dispatch.rule"].create(
        {"name": "Calls", "step": "first_call", "team_id": office.id}
    )
    return office, peer


def create_leads(env, values):
    """Return undistributed owner leads of ours."""
    env.ref("crm_real_estate.automation_first_call").active = False
    owners = env["res.partner"].create(
        [
            {
                "name": f"Owner {number}",
                "email": f"owner{number}@linde.example",
                "estate_kind": "standard",
            }
            for number, _zip, _price in values
        ]
    )
    properties = env["estate.property"].create(
        [
            {
                "deal_type": "sale",
                "zip": zip_code,
                "city": "Praha",
                "price": price,
                "owner_ids": [(6, 0, owner.ids)],
            }
            for (number, zip_code, price), owner in zip(values, owners, strict=True)
        ]
    )
    return properties._create_owner_leads()


def create_peer_leads(env, values):
    """Return leads of Odoo's own, of the same places and prices, with own mails."""
    return env["crm.lead"].create(
        [
            {
                "name": f"Owner {number}",
                "type": "opportunity",
                "contact_name": f"Owner {number}",
                "email_from": f"owner{number}@peer.example",
                "zip": zip_code,
                "expected_revenue": price,
                "user_id": False,
                "team_id": False,
            }
            for number, zip_code, price in values
        ]
    )


def get_expected_member(zip_code, price):
    """Return the number of the one member who takes this place and price."""
    band = next(
        place for place, (_low, high) in enumerate(BANDS) if not high or price < high
    )
    return (int(zip_code[0]) - 1) * len(BANDS) + band


def check(leads, values, users):
    """Fail when a lead is not with the one member who takes it.

    :param users: `res.users` record of each lead, in the order of `leads`
    """
    for lead, (_number, zip_code, price), user in zip(
        leads, values, users, strict=True
    ):
        expected = f"bench-member-{get_expected_member(zip_code, price)}"
        assert user.login == expected, f"{lead}: {user.login} instead of {expected}"


def run_peer(env, peer, values):
    """Let Odoo assign its leads, check them, and return the stopwatch."""
    from measure import Stopwatch

    leads = create_peer_leads(env, values)
    with Stopwatch(env) as clock:
        peer._action_assign_leads()
    check(leads, values, [lead.user_id for lead in leads])
    return clock
