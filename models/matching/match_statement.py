"""The one SQL statement that compares properties with searches, for one or for many.

It says the same as `tools.matching.compare`, for sets. A search keeps its types and
places as JSON lists of keys, "0" standing for whatever there is, so that one index
finds the few searches that a property may fit; the rest is compared row by row. For
many properties at once both are spread out by place and joined on it.
"""

from odoo.tools import SQL

from ...tools.matching import OPEN, POINTS, TOLERATED, WITHIN

# What an offered property is compared by; `factor` turns its price into the money of
# its company, in which searches are written.
OFFERED = """
    SELECT p.id, p.company_id, p.deal_type, p.segment, p.market, p.usage,
        round(p.price * COALESCE(rate.factor, 1), 2) AS price,
        COALESCE(NULLIF(p.living_area, 0), NULLIF(p.plot_area, 0)) AS area,
        NULLIF(p.room_count, 0) AS rooms,
        ARRAY(
            SELECT place.estate_territory_id::text
            FROM estate_property_estate_territory_rel place
            WHERE place.estate_property_id = p.id
        ) || '0'::text AS places,
        string_to_array(COALESCE(kind.parent_path, ''), '/') || '0'::text AS types
    FROM estate_property p
    LEFT JOIN estate_property_type kind ON kind.id = p.type_id
    LEFT JOIN (%(rates)s) rate
        ON rate.currency_id = p.currency_id AND rate.company_id = p.company_id
    WHERE %(properties)s
"""


# Searches `s` that share a place with offered `o`. FEW asks the index once for each
# property. MANY may name a pair twice, once for each place that both have; OFFSET keeps
# PostgreSQL from comparing all with all before it looks at the place.
FEW = "offered o JOIN estate_search s ON s.place_keys ?| o.places"
MANY = """(
        SELECT o.*, lying.key FROM offered o
        CROSS JOIN LATERAL unnest(o.places) lying(key) OFFSET 0
    ) o JOIN (
        SELECT s.*, wanted.key FROM estate_search s
        CROSS JOIN LATERAL jsonb_array_elements_text(s.place_keys) wanted(key)
        WHERE s.is_open OFFSET 0
    ) s ON s.key = o.key"""


def get_offered(properties, rates):
    """Return the statement of offered properties as they are compared.

    :param SQL properties: condition on `p`
    :param rates: list of (company id, currency id, factor as Decimal)
    """
    return SQL(OFFERED, properties=properties, rates=_get_rates(rates))


def _get_rates(rates):
    if not rates:
        return SQL(
            "SELECT 0 AS company_id, 0 AS currency_id, 1::numeric AS factor WHERE FALSE"
        )
    rows = SQL(", ").join(
        SQL("(%s, %s, %s::numeric)", company, currency, factor)
        for company, currency, factor in rates
    )
    return SQL("SELECT * FROM (VALUES %s) v(company_id, currency_id, factor)", rows)


def get_fit(price=None):
    """Return the condition under which offered `o` fits search `s`, place aside.

    :param SQL price: what is asked instead of the price of the property
    """
    return SQL(
        """s.company_id = o.company_id
        AND s.deal_type = o.deal_type AND %s AND %s AND %s
        AND (s.segment IS NULL OR s.segment = o.segment)
        AND (s.market IS NULL OR s.market = o.market)
        AND (s.usage IS NULL OR s.usage = o.usage)
        AND s.type_keys ?| o.types
        AND (s.excluded_keys ?| o.places) IS NOT TRUE""",
        _holds("price", price or SQL("o.price"), tolerated=True),
        _holds("area", SQL("o.area"), tolerated=True),
        _holds("room", SQL("o.rooms"), tolerated=False),
    )


def _holds(name, value, tolerated):
    """Return the condition that a value keeps to the limits of search `s`."""
    low, high = (SQL.identifier("s", f"{name}_{end}") for end in ("min", "max"))
    if not tolerated:
        test = (
            SQL("%s >= COALESCE(%s, 0)", value, low),
            SQL("(COALESCE(%s, 0) = 0 OR %s <= %s)", high, value, high),
        )
    else:
        test = (
            SQL(
                "%s * 100 >= COALESCE(%s, 0) * (100 - s.tolerance_percent)", value, low
            ),
            SQL(
                "(COALESCE(%s, 0) = 0 OR %s * 100 <= %s * (100 + s.tolerance_percent))",
                high,
                value,
                high,
            ),
        )
    is_open = SQL("COALESCE(%s, 0) = 0 AND COALESCE(%s, 0) = 0", low, high)
    return SQL("(%s OR (%s <> 0 AND %s AND %s))", is_open, value, *test)


def get_reasons():
    """Return the expressions of score and packed reasons of offered `o`, search `s`."""
    how = {
        "price": _tell_range("price", SQL("o.price")),
        "area": _tell_range("area", SQL("o.area")),
        "rooms": _tell_range("room", SQL("o.rooms")),
        "place": _tell_keys("place_keys"),
        "type": _tell_keys("type_keys"),
    }
    score = SQL(" + ").join(
        SQL(
            "CASE %s WHEN %s THEN %s WHEN %s THEN %s ELSE %s END",
            how[name],
            WITHIN,
            points[WITHIN],
            OPEN,
            points[OPEN],
            points.get(TOLERATED, 0),
        )
        for name, points in POINTS.items()
    )
    text = SQL(" || ' ' || ").join(
        SQL("%s || %s", f"{name}:", how[name]) for name in POINTS
    )
    return score, text


def _tell_range(name, value):
    low, high = (SQL.identifier("s", f"{name}_{end}") for end in ("min", "max"))
    return SQL(
        """CASE WHEN COALESCE(%(low)s, 0) = 0 AND COALESCE(%(high)s, 0) = 0
            THEN %(open)s
        WHEN %(value)s >= COALESCE(%(low)s, 0)
            AND (COALESCE(%(high)s, 0) = 0 OR %(value)s <= %(high)s) THEN %(within)s
        ELSE %(tolerated)s END""",
        low=low,
        high=high,
        value=value,
        open=OPEN,
        within=WITHIN,
        tolerated=TOLERATED,
    )


def _tell_keys(name):
    return SQL(
        "CASE WHEN %s ? '0' THEN %s ELSE %s END",
        SQL.identifier("s", name),
        OPEN,
        WITHIN,
    )


def get_open(today):
    """Return the condition under which something may be offered for search `s`."""
    return SQL("s.is_open AND (s.expires_on IS NULL OR s.expires_on >= %s)", today)


def get_upkeep(offered, searches, touched, today, is_many=False):
    """Return the statement that makes pairs agree with properties and searches.

    What fits and was not there is added, what changed is written, what no longer fits
    is deleted, unless something is remembered of it. What fits and what there is are
    merged by grouping: no plan that PostgreSQL may choose for it is a slow one.

    :param SQL offered: statement of the properties (`get_offered`)
    :param SQL searches: condition on `s`
    :param SQL touched: condition on the pairs `x` that may have changed
    :param is_many: whether properties are so many that joining beats the index
    """
    score, text = get_reasons()
    return SQL(
        """
        WITH offered AS MATERIALIZED (%(offered)s),
        told AS (
            SELECT s.id AS search_id, o.id AS property_id, NULL::int AS id,
                TRUE AS is_fitting, %(score)s AS score, %(text)s AS reasons,
                NULL::boolean AS was_fitting, NULL::int AS old_score,
                NULL::varchar AS old_reasons, FALSE AS is_remembered
            FROM %(together)s AND %(fit)s
            WHERE %(open)s AND %(searches)s
            UNION ALL
            SELECT x.search_id, x.property_id, x.id, FALSE, NULL, NULL, x.is_fitting,
                x.score, x.reasons, x.is_remembered
            FROM estate_pair x WHERE %(touched)s
        ),
        merged AS MATERIALIZED (
            SELECT search_id, property_id, max(id) AS id,
                bool_or(is_fitting) AS is_fitting, max(score) AS score,
                max(reasons) AS reasons, bool_or(was_fitting) AS was_fitting,
                max(old_score) AS old_score, max(old_reasons) AS old_reasons,
                bool_or(is_remembered) AS is_remembered
            FROM told GROUP BY search_id, property_id
        ),
        gone AS (
            DELETE FROM estate_pair x USING merged m
            WHERE x.id = m.id AND NOT m.is_fitting AND NOT m.is_remembered
            RETURNING x.id
        ),
        mended AS (
            UPDATE estate_pair x
            SET score = COALESCE(m.score, x.score),
                reasons = COALESCE(m.reasons, x.reasons), is_fitting = m.is_fitting
            FROM merged m
            WHERE x.id = m.id AND (m.is_fitting OR m.is_remembered)
            AND (m.is_fitting IS DISTINCT FROM m.was_fitting OR m.is_fitting AND
                (m.score, m.reasons) IS DISTINCT FROM (m.old_score, m.old_reasons))
            RETURNING x.id
        ),
        added AS (
            INSERT INTO estate_pair (search_id, property_id, score, reasons, state,
                is_fitting, is_remembered)
            SELECT m.search_id, m.property_id, m.score, m.reasons, 'new', TRUE, FALSE
            FROM merged m WHERE m.id IS NULL
            ON CONFLICT (search_id, property_id) DO NOTHING
            RETURNING id
        )
        SELECT (SELECT count(*) FROM added), (SELECT count(*) FROM mended),
            (SELECT count(*) FROM gone)
        """,
        offered=offered,
        score=score,
        text=text,
        together=SQL(MANY if is_many else FEW),
        fit=get_fit(),
        open=get_open(today),
        searches=searches,
        touched=touched,
    )


def get_demand(offered, steps, today):
    """Return the statement that counts the seekers whom properties fit, by price.

    :param SQL offered: statement of the properties (`get_offered`)
    :param steps: changes of the price in percent
    """
    values = SQL(", ").join(SQL("(%s)", step) for step in steps)
    price = SQL("round(o.price * (100 + step.percent) / 100, 2)")
    return SQL(
        """
        WITH offered AS MATERIALIZED (%(offered)s)
        SELECT o.id, step.percent, count(DISTINCT s.partner_id)
        FROM %(together)s CROSS JOIN (VALUES %(values)s) step(percent)
        WHERE %(fit)s AND %(open)s
        GROUP BY o.id, step.percent
        """,
        offered=offered,
        together=SQL(FEW),
        values=values,
        fit=get_fit(price),
        open=get_open(today),
    )
