"""Working minutes of 10,000 responses, against Odoo's calendar asked for each of them.

Usage: ./dev bench clock [--quick]. Sixty days in a zone whose clocks change twice in
them (Morocco, before and after Ramadan), with lunch breaks, holidays and a night shift.
"""

import random
import sys
from datetime import datetime, timedelta

from measure import Stopwatch, environment, result, table

LEADS = 10_000
FIRST, DAYS = datetime(2026, 2, 1), 60
ZONE = "Africa/Casablanca"


def prepare(env):
    """Create an office with lunch breaks, a night shift on Fridays and holidays."""
    hours = [(str(day), *span) for day in range(6) for span in ((8, 12), (13.5, 18))]
    hours += [("4", 22, 24), ("5", 0, 2)]
    calendar = env["resource.calendar"].create(
        {
            "name": "Bench",
            "tz": ZONE,
            "attendance_ids": [
                (
                    0,
                    0,
                    {
                        "name": "x",
                        "dayofweek": day,
                        "hour_from": start,
                        "hour_to": stop,
                        "day_period": "morning",
                    },
                )
                for day, start, stop in hours
            ],
        }
    )
    env["resource.calendar.leaves"].create(
        [
            {
                "name": "closed",
                "calendar_id": calendar.id,
                "date_from": FIRST + timedelta(days=day, hours=9),
                "date_to": FIRST + timedelta(days=day, hours=9 + length),
            }
            for day, length in ((10, 24), (20, 3), (31, 48), (50, 6))
        ]
    )
    return env["crm.team"].create(
        {
            "name": "Bench",
            "is_estate_office": True,
            "resource_calendar_id": calendar.id,
        }
    )


def draw_responses(count):
    """Return (received, responded) pairs, some an hour long, some weeks."""
    chance = random.Random(7)
    pairs = []
    for _number in range(count):
        received = FIRST + timedelta(minutes=chance.randrange(DAYS * 1440 - 60))
        left = (FIRST + timedelta(days=DAYS) - received) // timedelta(minutes=1)
        length = chance.randrange(1, min(left, chance.choice((60, 1440, 14400))) + 1)
        pairs.append((received, received + timedelta(minutes=length)))
    return pairs


def measure_ours(env, office, pairs):
    from odoo.addons.crm_real_estate.tools.clock import MINUTE, get_open_time

    first = min(received for received, _responded in pairs)
    last = max(responded for _received, responded in pairs)
    hours = env["estate.clock"]._get_hours(office, env.company, first, last)
    return [get_open_time(hours, *pair) / MINUTE for pair in pairs]


def run(env, count):
    office = prepare(env)
    calendar = office.resource_calendar_id
    pairs = draw_responses(count)
    measure_ours(env, office, pairs[:1])
    calendar.get_work_hours_count(*pairs[0])
    with Stopwatch(env) as ours:
        minutes = measure_ours(env, office, pairs)
    with Stopwatch(env) as theirs:
        expected = [60 * calendar.get_work_hours_count(*pair) for pair in pairs]
    worst = max(abs(a - b) for a, b in zip(minutes, expected, strict=True))
    assert worst < 1e-4, f"{worst} minutes apart"
    assert sum(minutes)
    return ours, theirs


def main(arguments):
    count = LEADS // 100 if "--quick" in arguments else LEADS
    with environment() as env:
        ours, theirs = run(env, count)
    table(
        [
            ("working minutes", "seconds", "queries"),
            ("bisected", f"{ours.seconds:.4f}", ours.queries),
            ("get_work_hours_count", f"{theirs.seconds:.2f}", theirs.queries),
        ]
    )
    result("clock", theirs.seconds / ours.seconds, leads=count)


if __name__ == "__main__":
    main(sys.argv[1:])
