"""Who calls: the search among 1,000,000 contacts, against Odoo's own search.

Usage: ./dev bench caller [--quick]. Each line is looked for as the desk does it, in the
database and over HTTP; Odoo's `name_search` is asked for those lines that it finds the
contact of, too. Both answer at most 20 contacts.
"""

import contextlib
import os
import random
import statistics
import subprocess
import sys
import time
from typing import NamedTuple

import requests
from anyascii import anyascii
from caller_world import prepare
from measure import environment, result, table

CONTACTS = 1_000_000
LINES = 200
PORT = 8379
# Of each way of typing Odoo is asked so many lines.
ASKED_OF_ODOO = 6


class Line(NamedTuple):
    """What is typed, in which way, and the id of the contact meant."""

    way: str
    text: str
    meant: int


def choose_lines(env, count):
    """Return lines as they are typed, all ways of typing in turn."""
    chance = random.Random(42)
    env.cr.execute(
        """
        SELECT id, name, email, phone FROM res_partner
        WHERE estate_kind = 'standard' AND estate_identity_key = '|'
        AND id %% %s = 3 LIMIT %s
        """,
        (max(count // LINES - 1, 1), LINES),
    )
    lines = []
    for number, (partner_id, name, mail, phone) in enumerate(env.cr.fetchall()):
        words = name.split()
        national = phone.removeprefix("+420")
        ways = (
            ("name", name),
            ("name turned round", f"{words[1]} {words[0]}"),
            ("name without diacritics", anyascii(name)),
            ("name begun", f"{words[0]} {words[1][:4]}"),
            ("family name", words[1]),
            ("three letters", words[1][:3]),
            ("phone", phone),
            ("phone in groups", f"{national[:3]} {national[3:6]} {national[6:]}"),
            ("phone with 00", f"00420{national}"),
            ("last four digits", national[-4:]),
            ("phone begun", national[:6]),
            ("mail", mail),
            ("mail begun", mail.partition("@")[0] + "@"),
            ("half of a mail", mail.partition("@")[0][:-2]),
            ("name and phone", f"{name} {national}"),
        )
        lines.append(Line(*ways[number % len(ways)], partner_id))
    # Who was never here calls, too.
    for number in range(LINES // 20):
        lines += [
            Line("unknown phone", f"+420 596 {number + 100} 456", 0),
            Line("unknown mail", f"quirin.xaver{number}@mail.example.com", 0),
            Line("unknown name", f"Quirin Xaverius{number}", 0),
        ]
    chance.shuffle(lines)
    return lines


def p95(seconds):
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1] * 1000


def clock(call):
    start = time.perf_counter()
    found = call()
    return found, time.perf_counter() - start


def search_database(env, lines):
    """Look for each line twice; return what was found, and the seconds of each."""
    from odoo.addons.crm_real_estate.tools import caller

    partners, companies = env["res.partner"], env.companies
    results = []
    for _warm in range(2):
        results = [
            clock(
                lambda text=line.text: partners._search_caller(
                    caller.read(text, "CZ"), companies
                ).ids
            )
            for line in lines
        ]
    return results


def search_odoo(env, lines):
    """Look for the same lines in the search box of Odoo's contacts, warm.

    It offers a search of names, mails and references, and one of phones: the one is
    asked that fits what was typed.
    """
    partners = env["res.partner"]

    def search(line):
        if "phone" in line.way or "digits" in line.way:
            domain = [("phone_mobile_search", "ilike", line.text)]
            return partners.search(domain, limit=20).ids
        return [found for found, _name in partners.name_search(line.text, limit=20)]

    return [clock(lambda line=line: search(line)) for line in lines]


def run(env, count):
    """Search and compare; return the figures."""
    env.company.country_id = env.ref("base.cz")
    with contextlib.closing(_Watch()) as watch:
        prepare(env, count)
    lines = choose_lines(env, count)
    ours = search_database(env, lines)
    for line, (found, _seconds) in zip(lines, ours, strict=True):
        # A short beginning or ending is many people's; then the list is full.
        right = line.meant in found or len(found) == 20 if line.meant else not found
        assert right, f"{line} finds {found}"
    both = choose_both(lines, ours)
    theirs = search_odoo(env, [line for line, _seconds in both])
    pairs = [
        (line.way, mine, odoo)
        for (line, mine), (found, odoo) in zip(both, theirs, strict=True)
        if line.meant in found
    ]
    assert pairs, "no line that both find"
    return {
        "prepared": watch.seconds,
        "ways": [line.way for line in lines],
        "seconds": [seconds for _found, seconds in ours],
        "asked": [line.way for line, _seconds in both],
        "pairs": pairs,
        "lines": lines,
    }


def choose_both(lines, ours):
    """Return (line, seconds) of those that we find the one meant by, some of each way.

    Odoo is not asked for all: it would take many minutes.
    """
    chosen = {}
    for line, (found, seconds) in zip(lines, ours, strict=True):
        same = chosen.setdefault(line.way, [])
        if line.meant in found and len(same) < ASKED_OF_ODOO:
            same.append((line, seconds))
    return sum(chosen.values(), [])


class _Watch:
    def __init__(self):
        self._start = time.perf_counter()

    def close(self):
        self.seconds = time.perf_counter() - self._start


# === OVER HTTP ===


@contextlib.contextmanager
def server():
    """Run Odoo's own server on the database of ODOO_RC; yield its address."""
    command = [sys.executable, "-m", "odoo", "-c", os.environ["ODOO_RC"]]
    command += [f"--http-port={PORT}", "--max-cron-threads=0", "--log-level=error"]
    process = subprocess.Popen(command, env=os.environ)
    try:
        address = f"http://127.0.0.1:{PORT}"
        for _try in range(240):
            with contextlib.suppress(requests.RequestException):
                requests.get(f"{address}/web/health", timeout=5)
                break
            time.sleep(0.5)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def search_http(address, database, lines):
    """Type each line at the desk of an agent; return the seconds of each request."""
    session = requests.Session()

    def call(path, **params):
        answer = session.post(
            address + path, json={"jsonrpc": "2.0", "params": params}, timeout=60
        ).json()
        assert "error" not in answer, answer["error"]
        return answer["result"]

    call(
        "/web/session/authenticate",
        db=database,
        login="bench-caller",
        password="bench-caller",
    )
    seconds = []
    for _warm in range(2):
        seconds = []
        for line in lines:
            _answer, spent = clock(
                lambda text=line.text: call(
                    "/web/dataset/call_kw",
                    model="estate.caller",
                    method="get_hits",
                    args=[text],
                    kwargs={},
                )
            )
            seconds.append(spent)
    return seconds


def main(arguments):
    count = CONTACTS // 100 if "--quick" in arguments else CONTACTS
    with environment() as env:
        env["res.users"].with_context(no_reset_password=True).create(
            {
                "name": "Bench",
                "login": "bench-caller",
                "password": "bench-caller",
                "group_ids": [(6, 0, env.ref("crm_real_estate.group_agent").ids)],
            }
        )
        figures = run(env, count)
        # commit: the server reads it; the database is a copy for this benchmark alone
        env.cr.commit()
        with server() as address:
            http = search_http(address, env.cr.dbname, figures["lines"])
    report(figures, http, count)


def report(figures, http, count):
    """Print the figures of each way of typing and of all."""
    rows = [
        ("typed", "p50 ms", "p95 ms", "HTTP p95 ms", "both find", "Odoo ms", "times")
    ]
    for way in [*dict.fromkeys(figures["ways"]), "all"]:
        mine, over_http = (
            [
                seconds
                for seconds, of in zip(told, figures["ways"], strict=True)
                if way in (of, "all")
            ]
            for told in (figures["seconds"], http)
        )
        pairs = [pair for pair in figures["pairs"] if way in (pair[0], "all")]
        asked = sum(way in (of, "all") for of in figures["asked"])
        rows.append(
            (
                way,
                f"{statistics.median(mine) * 1000:.1f}",
                f"{p95(mine):.1f}",
                f"{p95(over_http):.1f}",
                f"{len(pairs)} of {asked}",
                *describe(pairs),
            )
        )
    table(rows)
    ratios = [odoo / mine for _way, mine, odoo in figures["pairs"]]
    result(
        "caller",
        get_times(figures["pairs"]),
        median_of_ratios=f"{statistics.median(ratios):.1f}",
        contacts=count,
        prepared_seconds=f"{figures['prepared']:.0f}",
        database_p95_ms=f"{p95(figures['seconds']):.1f}",
        http_p95_ms=f"{p95(http):.1f}",
    )


def get_times(pairs):
    """Return how many times longer Odoo takes for all these lines together."""
    return sum(odoo for *_way, odoo in pairs) / sum(mine for _way, mine, _odoo in pairs)


def describe(pairs):
    if not pairs:
        return "-", "-"
    median = statistics.median(odoo for *_way, odoo in pairs) * 1000
    return f"{median:.1f}", f"{get_times(pairs):.1f}"


if __name__ == "__main__":
    main(sys.argv[1:])
