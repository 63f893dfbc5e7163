"""A country of people: names, mails and phones of a million contacts, by SQL."""

import itertools

from anyascii import anyascii
from measure import bulk

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
ENDS = ["", *["ová", "ský", "ek", "a", "ík", "ec", "in", "er", "el", "uk", "áč"]]
# Half of them have their mail at one of two houses, as people have.
HOSTS = (
    *("mail.example.com", "post.example.com", "mail.example.com", "post.example.com"),
    *("example.org", "home.example.net", "work.example.net", "firm.example.org"),
)


def get_names():
    """Return (first name, family name) of a country of people, all distinct."""
    families = ["".join(parts) for parts in itertools.product(SYLLABLES, MIDDLES, ENDS)]
    return FIRST, families


def fill_names(env, first, families):
    """Write names and their search keys into two tables of this session."""
    from odoo.addons.crm_real_estate.tools import names

    def key_of(name):
        return " ".join(key for keys in names.spellings(name) for key in keys)

    for table_name, people in (("bench_first", first), ("bench_family", families)):
        env.cr.execute(
            f"CREATE TEMPORARY TABLE {table_name}"
            " (n int, name text, key text, latin text)"
        )
        env.cr.execute_values(
            f"INSERT INTO {table_name} VALUES %s",
            [
                (n, name, key_of(name), anyascii(name).lower())
                for n, name in enumerate(people)
            ],
        )


def prepare(env, count):
    """Create contacts by SQL, with the keys that the ORM would give them."""
    first, families = get_names()
    env.flush_all()
    fill_names(env, first, families)
    with bulk(env, "res_partner"):
        # Raw SQL: a fixture; a million creates would take a day.
        env.cr.execute(
            """
            INSERT INTO res_partner (name, complete_name, email, email_normalized,
                phone, phone_sanitized, estate_kind, active, partner_share, type,
                user_id, automatic_messages_allowed, estate_search_key,
                estate_identity_key)
            SELECT f.name || ' ' || l.name, f.name || ' ' || l.name, mail, mail,
                '+420' || phone, '+420' || phone, 'standard', TRUE, TRUE, 'contact', %s,
                TRUE, ' ' || f.key || ' ' || l.key || ' ' || mail || ' 420' || phone
                || ' ', '|'
            FROM generate_series(1, %s) AS g (number)
            JOIN bench_first f ON f.n = (g.number::bigint * 48271 / 7) %% %s
            JOIN bench_family l ON l.n = (g.number::bigint * 7919 / 3) %% %s,
            LATERAL (SELECT f.latin || '.' || l.latin || g.number || '@'
                || (%s::text[])[1 + g.number %% %s] AS mail,
                (600000000 + g.number::bigint * 104729 %% 199999999)::text AS phone)
                told
            """,
            (
                env.uid,
                count,
                len(first),
                len(families),
                list(HOSTS),
                len(HOSTS),
            ),
        )
