"""Who calls: the search among 1,000,000 contacts, against Odoo's own search.

Usage: ./dev bench caller [--quick]. Each line is looked for as the desk does it, in the
database and over HTTP; Odoo's `name_search` is asked for those lines that it finds the
contact of, too. Both answer at most 20 contacts.
"""

import contextlib
import itertools
import os
import random
import statistics
import subprocess
import sys
import time

import requests
from measure import environment, result, table

CONTACTS = 1_000_000
LINES = 200
FIRST = [
    "Jan",
    "Petr",
    "Jana",
    "Eva",
    "Tomáš",
    "Lenka",
    "Jiří",
    "Věra",
    "Karel",
    "Ludmila",
    "Ondřej",
    "Šárka",
    "Zdeněk",
    "Řehoř",
    "Matěj",
    "Anna",
    "Filip",
    "Žofie",
    "Marek",
    "Klára",
    "Иван",
    "Ольга",
    "Сергей",
    "Юлия",
    "Pierre",
    "Hélène",
    "Jürgen",
    "Rita",
]
SYLLABLES = [
    "Dvo",
    "No",
    "Svo",
    "Pro",
    "Čer",
    "Ku",
    "Ma",
    "Ho",
    "Vá",
    "Kra",
    "Ře",
    "Be",
    "Šim",
    "Zá",
    "Há",
    "Tu",
    "Ji",
    "Vo",
    "Pe",
    "Du",
]
MIDDLES = [
    "řák",
    "vák",
    "bod",
    "cház",
    "ný",
    "čer",
    "lin",
    "ral",
    "lav",
    "toch",
    "zníč",
    "ran",
    "ůn",
    "vrá",
    "jek",
    "ma",
    "lí",
    "tník",
]
ENDS = ["", "ová", "ský", "ek", "a", "ík", "ec", "in", "er", "el", "uk", "áč"]
PORT = 8379


def get_names():
    """Return (first name, family name) of a country of people, all distinct."""
    families = ["".join(parts) for parts in itertools.product(SYLLABLES, MIDDLES, ENDS)]
    return FIRST, families


def fill_names(env, first, families):
    """Write names and their search keys into two tables of this session."""
    from odoo.addons.crm_real_estate.tools import names

    def key_of(name):
        return " ".join(key for keys in names.spellings(name) for key in keys)

    env.cr.execute("CREATE TEMPORARY TABLE bench_first (n int, name text, key text)")
    env.cr.execute("CREATE TEMPORARY TABLE bench_family (n int, name text, key text)")
    for table_name, people in (("bench_first", first), ("bench_family", families)):
        env.cr.execute_values(
            f"INSERT INTO {table_name} VALUES %s",
            [(n, name, key_of(name)) for n, name in enumerate(people)],
        )


def prepare(env, count):
    """Create contacts by SQL, with the keys that the ORM would give them."""
    first, families = get_names()
    env.flush_all()
    fill_names(env, first, families)
    # The index takes all rows in one go, and stays usable in this transaction.
    env.cr.execute(
        "SET LOCAL gin_pending_list_limit = '2000MB';"
        " SET LOCAL maintenance_work_mem = '256MB'"
    )
    # Raw SQL: a fixture; a million creates would take a day.
    env.cr.execute(
        """
        INSERT INTO res_partner (name, complete_name, email, email_normalized, phone,
            phone_sanitized, estate_kind, active, partner_share, type, user_id,
            automatic_messages_allowed, estate_search_key, estate_identity_key)
        SELECT f.name || ' ' || l.name, f.name || ' ' || l.name, mail, mail,
            '+420' || phone, '+420' || phone, 'standard', TRUE, TRUE, 'contact', %s,
            TRUE, ' ' || f.key || ' ' || l.key || ' ' || mail || ' 420' || phone || ' ',
            '|'
        FROM generate_series(1, %s) AS g (number)
        JOIN bench_first f ON f.n = g.number::bigint * 7 %% %s
        JOIN bench_family l ON l.n = (g.number::bigint * 7919 / 3) %% %s,
        LATERAL (SELECT 'client' || g.number || '@example.com' AS mail,
            (600000000 + g.number::bigint * 104729 %% 199999999)::text AS phone) told
        """,
        (env.uid, count, len(first), len(families)),
    )
    env.cr.execute(
        "SELECT gin_clean_pending_list(c.oid) FROM pg_class c "
        "WHERE relname = 'res_partner_estate_search_key_idx'"
    )
    env.cr.execute("ANALYZE res_partner")
    env.invalidate_all()


def choose_lines(env, count):
    """Return (typed line, id of the contact meant), all ways of typing in turn."""
    chance = random.Random(42)
    env.cr.execute(
        """
        SELECT id, name, email, phone FROM res_partner
        WHERE email LIKE 'client%%@example.com' AND id %% %s = 3 LIMIT %s
        """,
        (max(count // LINES - 1, 1), LINES),
    )
    lines = []
    for number, (partner_id, name, mail, phone) in enumerate(env.cr.fetchall()):
        words = name.split()
        national = phone.removeprefix("+420")
        ways = (
            name,
            f"{words[1]} {words[0]}",
            f"{words[0]} {words[1][:4]}",
            words[1],
            words[1][:3],
            phone,
            f"{national[:3]} {national[3:6]} {national[6:]}",
            f"00420{national}",
            national[-4:],
            national[:6],
            mail,
            mail[: -len("example.com")],
            f"{name} {national}",
        )
        lines.append((ways[number % len(ways)], partner_id))
    chance.shuffle(lines)
    return lines


def p95(seconds):
    return statistics.quantiles(seconds, n=20)[-1] * 1000


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
                lambda text=text: partners._search_caller(
                    caller.read(text, "CZ"), companies
                ).ids
            )
            for text, _meant in lines
        ]
    return results


def search_odoo(env, lines):
    """Ask Odoo's own name search, warm, for the same lines."""
    partners = env["res.partner"]
    return [
        clock(
            lambda text=text: [i for i, _name in partners.name_search(text, limit=20)]
        )
        for text, _meant in lines
    ]


def run(env, count):
    """Search and compare; return the figures."""
    env.company.country_id = env.ref("base.cz")
    with contextlib.closing(_Watch()) as watch:
        prepare(env, count)
    lines = choose_lines(env, count)
    ours = search_database(env, lines)
    for (text, meant), (found, _seconds) in zip(lines, ours, strict=True):
        # A short beginning or ending is many people's; then the list is full.
        assert meant in found or len(found) == 20, f"{text!r} finds nobody"
    both = [
        (line, mine)
        for line, mine in zip(lines, ours, strict=True)
        if line[1] in mine[0]
    ][:60]
    theirs = search_odoo(env, [line for line, _mine in both])
    pairs = [
        (mine[1], odoo[1])
        for (line, mine), odoo in zip(both, theirs, strict=True)
        if line[1] in odoo[0] and line[1] in mine[0]
    ]
    assert pairs, "no line that both find"
    return {
        "prepared": watch.seconds,
        "seconds": [seconds for _found, seconds in ours],
        "mine": [mine for mine, _odoo in pairs],
        "odoo": [odoo for _mine, odoo in pairs],
        "lines": lines,
    }


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
        for text, _meant in lines:
            _answer, spent = clock(
                lambda text=text: call(
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
    """Print the figures."""
    ratio = statistics.median(figures["odoo"]) / statistics.median(figures["mine"])
    table(
        [
            ("caller", "p50 ms", "p95 ms"),
            *(
                (
                    name,
                    f"{statistics.median(seconds) * 1000:.1f}",
                    f"{p95(seconds):.1f}",
                )
                for name, seconds in (
                    ("in the database", figures["seconds"]),
                    ("over HTTP", http),
                    ("lines that both find: ours", figures["mine"]),
                    ("lines that both find: Odoo", figures["odoo"]),
                )
            ),
        ]
    )
    result(
        "caller",
        ratio,
        contacts=count,
        prepared_seconds=f"{figures['prepared']:.0f}",
        database_p95_ms=f"{p95(figures['seconds']):.1f}",
        http_p95_ms=f"{p95(http):.1f}",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
