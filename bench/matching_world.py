"""Searches and properties of a large agency, made by SQL, the same in every run.

Prices follow a long tail, a search names two of 225 places, a type and a price; some
say nothing about places or types. One in twelve searches has ended.
"""

from odoo.tools import SQL

CITIES, DISTRICTS = 15, 15


def prepare(env, searches, properties):
    """Create the world; return what the statements of the benchmark need to know."""
    places = create_places(env)
    types = env["estate.property.type"].search([("usage", "=", "residential")]).ids
    env.cr.execute("SELECT setseed(0.42)")
    create_properties(env, properties, places, types)
    create_searches(env, searches, places, types)
    for table in ("res_partner", "estate_search", "estate_property", "estate_pair"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    env.cr.execute("ANALYZE estate_property_estate_territory_rel")
    env.invalidate_all()


def create_places(env):
    """Return the ids of districts, city by city; their cities are their parents."""
    cities = env["estate.territory"].create(
        [{"name": f"City {city}"} for city in range(CITIES)]
    )
    districts = env["estate.territory"].create(
        [
            {"name": f"District {n}", "parent_id": city.id}
            for city in cities
            for n in range(DISTRICTS)
        ]
    )
    env.flush_all()
    return districts.ids


def create_properties(env, count, places, types):
    """Insert properties on the market, each in a district and its city."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO estate_property (name, reference, state, active, company_id,
                currency_id, deal_type, type_id, usage, price, living_area, room_count,
                is_offered, create_uid, write_uid, create_date, write_date)
            SELECT 'Bench ' || n, 'BENCH' || n, 'on_market', TRUE, %(company)s,
                %(currency)s, CASE WHEN random() < 0.6 THEN 'sale' ELSE 'rent' END,
                (%(types)s::int[])[1 + floor(random() * %(type_count)s)::int],
                'residential', round((1e6 * exp(random() * 2.8))::numeric, -3),
                round((25 + random() * random() * 200)::numeric, 0),
                1 + floor(random() * 5), TRUE, 1, 1, now(), now()
            FROM generate_series(1, %(count)s) n
            """,
            company=env.company.id,
            currency=env.company.currency_id.id,
            types=types,
            type_count=len(types),
            count=count,
        )
    )
    env.cr.execute(
        SQL(
            """
            WITH placed AS MATERIALIZED (
                SELECT id, (%(places)s::int[])[1 + floor(power(random(), 2)
                    * %(place_count)s)::int] AS place
                FROM estate_property WHERE reference LIKE 'BENCH%%'
            )
            INSERT INTO estate_property_estate_territory_rel
                (estate_property_id, estate_territory_id)
            SELECT id, place FROM placed
            UNION ALL
            SELECT placed.id, parent_id FROM placed
            JOIN estate_territory ON estate_territory.id = place
            """,
            places=places,
            place_count=len(places),
        )
    )


def create_searches(env, count, places, types):
    """Insert searches of so many contacts, as the ORM would have stored them."""
    env.cr.execute(
        SQL(
            """
            WITH seekers AS (
                INSERT INTO res_partner (name, complete_name, active, estate_kind,
                    company_id, type)
                SELECT 'Seeker ' || n, 'Seeker ' || n, TRUE, 'standard', NULL, 'contact'
                FROM generate_series(1, %(count)s) n
                RETURNING id
            ),
            drawn AS (
                SELECT id, random() AS r1, random() AS r2, random() AS r3,
                    random() AS r4, random() AS r5, random() AS r6, random() AS r7,
                    1e6 * exp(random() * 2.8) AS budget
                FROM seekers
            )
            INSERT INTO estate_search (partner_id, company_id, active, is_open,
                deal_type, price_min, price_max, area_min, room_min, tolerance_percent,
                market, type_keys, place_keys, expires_on, create_uid, write_uid,
                create_date, write_date)
            SELECT id, %(company)s, TRUE, TRUE,
                CASE WHEN r1 < 0.6 THEN 'sale' ELSE 'rent' END,
                CASE WHEN r2 < 0.7 THEN round((budget * 0.6)::numeric, -3) ELSE 0 END,
                round(budget::numeric, -3),
                CASE WHEN r3 < 0.7 THEN round((20 + r4 * 90)::numeric, 0) ELSE 0 END,
                CASE WHEN r5 < 0.6 THEN 1 + floor(r4 * 4) ELSE 0 END,
                CASE WHEN r6 < 0.4 THEN 10 ELSE 0 END,
                CASE WHEN r2 > 0.95 THEN 'new' END,
                CASE WHEN r3 > 0.1 THEN jsonb_build_array(
                    (%(types)s::text[])[1 + floor(r7 * %(type_count)s)::int])
                    ELSE '["0"]' END,
                CASE WHEN r4 > 0.01 THEN jsonb_build_array(
                    (%(places)s::text[])
                        [1 + floor(power(r5, 2) * %(place_count)s)::int],
                    (%(places)s::text[])[1 + floor(r6 * %(place_count)s)::int])
                    ELSE '["0"]' END,
                CASE WHEN r7 < 0.08 THEN date '2020-01-01' ELSE date '2099-01-01' END,
                1, 1, now(), now()
            FROM drawn
            """,
            count=count,
            company=env.company.id,
            types=[str(key) for key in types],
            type_count=len(types),
            places=[str(key) for key in places],
            place_count=len(places),
        )
    )


def create_bare_table(env):
    """Create what the bare statement fills: the same pairs with the same integrity."""
    env.cr.execute(
        """
        CREATE TABLE bare_pair (
            id serial PRIMARY KEY,
            search_id integer NOT NULL REFERENCES estate_search ON DELETE CASCADE,
            property_id integer NOT NULL REFERENCES estate_property ON DELETE CASCADE,
            score integer, reasons varchar, state varchar NOT NULL,
            UNIQUE (property_id, search_id)
        );
        CREATE INDEX ON bare_pair (search_id)
        """
    )


# Written by hand for this data alone: what PostgreSQL itself needs for the result. For
# one property the index is asked; for all of them both sides are joined by place:
# asking the index 5,000 times takes 7 times as long, comparing all with all 12 times.
BY_INDEX = "offered o JOIN estate_search s ON s.place_keys ?| o.places"
BY_JOIN = """(
        SELECT o.*, place FROM offered o CROSS JOIN LATERAL unnest(o.places) place
        OFFSET 0
    ) o JOIN (
        SELECT s.*, place FROM estate_search s
        CROSS JOIN LATERAL jsonb_array_elements_text(s.place_keys) place
        WHERE s.is_open OFFSET 0
    ) s ON s.place = o.place"""
BARE = """
    WITH offered AS MATERIALIZED (
        SELECT p.id, p.company_id, p.deal_type, p.price, p.living_area, p.room_count,
            p.market, ARRAY(
                SELECT r.estate_territory_id::text
                FROM estate_property_estate_territory_rel r
                WHERE r.estate_property_id = p.id
            ) || '0'::text AS places,
            ARRAY[p.type_id::text, '0'] AS types
        FROM estate_property p WHERE p.is_offered AND (%(one)s = 0 OR p.id = %(one)s)
    )
    INSERT INTO bare_pair (search_id, property_id, score, reasons, state)
    SELECT s.id, o.id,
        CASE WHEN o.price <= s.price_max AND o.price >= s.price_min THEN 30 ELSE 15 END
        + CASE WHEN s.area_min = 0 THEN 8 WHEN o.living_area >= s.area_min THEN 20
            ELSE 10 END
        + CASE WHEN s.room_min = 0 THEN 6 ELSE 16 END
        + CASE WHEN s.place_keys ? '0' THEN 8 ELSE 20 END
        + CASE WHEN s.type_keys ? '0' THEN 6 ELSE 14 END,
        'price:' || CASE WHEN o.price <= s.price_max AND o.price >= s.price_min
            THEN 'within' ELSE 'tolerated' END
        || ' area:' || CASE WHEN s.area_min = 0 THEN 'open'
            WHEN o.living_area >= s.area_min THEN 'within' ELSE 'tolerated' END
        || ' rooms:' || CASE WHEN s.room_min = 0 THEN 'open' ELSE 'within' END
        || ' place:' || CASE WHEN s.place_keys ? '0' THEN 'open' ELSE 'within' END
        || ' type:' || CASE WHEN s.type_keys ? '0' THEN 'open' ELSE 'within' END,
        'new'
    FROM {together} AND s.company_id = o.company_id AND s.deal_type = o.deal_type
        AND o.price * 100 <= s.price_max * (100 + s.tolerance_percent)
        AND o.price * 100 >= s.price_min * (100 - s.tolerance_percent)
        AND o.living_area * 100 >= s.area_min * (100 - s.tolerance_percent)
        AND o.room_count >= s.room_min
        AND (s.market IS NULL OR s.market = o.market) AND s.type_keys ?| o.types
    WHERE s.is_open AND s.expires_on >= CURRENT_DATE
    ON CONFLICT DO NOTHING
"""


def run_bare(env, property_id=0):
    """Fill the bare table for one property, or for all."""
    together = BY_INDEX if property_id else BY_JOIN
    env.cr.execute(BARE.format(together=together), {"one": property_id})


def compare(env, where="TRUE"):
    """Fail when the pairs are not those of the bare statement; return their number."""
    env.cr.execute(
        f"""
        SELECT count(*), count(*) FILTER (WHERE ours.score IS DISTINCT FROM bare.score
            OR ours.reasons IS DISTINCT FROM bare.reasons)
        FROM (SELECT * FROM estate_pair WHERE {where}) ours
        FULL JOIN (SELECT * FROM bare_pair WHERE {where}) bare
            USING (search_id, property_id)
        """
    )
    count, wrong = env.cr.fetchone()
    assert count and not wrong, f"{wrong} of {count} pairs differ"
    return count
