"""Which territories do properties lie in: ours against polygons of PostgreSQL.

Usage: ./dev bench territories [--quick]. 50,000 properties with coordinates, 1,000
areas that appear at once; then one of them is redrawn. The peer answers the same
question with the polygon operator of PostgreSQL (`polygon @> point`, with an index) in
one statement, and writes the pairs into a table; its polygons know neither holes nor
several parts, so the areas that are compared have neither. A second peer is a loop over
all pairs, in Python with shapely, measured on a sample of the properties.
"""

import math
import random
import sys
import time

import shapely
from measure import Stopwatch, environment, result, table
from shapely.geometry import Point, shape

PROPERTIES = 50_000
AREAS = 1_000
SAMPLE = 200
# Degrees; about ten metres.
TOLERANCE = 1e-4
# A country of about 300 by 200 km; areas overlap, as those of agents do.
WEST, SOUTH, EAST, NORTH = 12.0, 48.5, 16.0, 50.5


def make_area(chance, corners=24):
    """Return a GeoJSON polygon around a random place: a star with uneven rays."""
    longitude, latitude = chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH)
    ring = []
    for corner in range(corners):
        angle, length = 2 * math.pi * corner / corners, chance.uniform(0.04, 0.12)
        ring.append(
            [
                round(longitude + 1.5 * length * math.cos(angle), 7),
                round(latitude + length * math.sin(angle), 7),
            ]
        )
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def make_point(chance):
    """Return a random (longitude, latitude) in the country."""
    place = chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH)
    return tuple(round(number, 7) for number in place)


def create_properties(env, points):
    """Return properties at these points, written without what a form adds."""
    env.cr.execute(
        """
        INSERT INTO estate_property (name, reference, state, active, company_id,
            currency_id, longitude, latitude)
        SELECT 'Bench', 'BENCH-' || number, 'on_market', true, %s, %s, lon, lat
        FROM unnest(%s, %s) WITH ORDINALITY AS place(lon, lat, number)
        RETURNING id
        """,
        [
            env.company.id,
            env.company.currency_id.id,
            [longitude for longitude, _latitude in points],
            [latitude for _longitude, latitude in points],
        ],
    )
    ids = [row[0] for row in env.cr.fetchall()]
    env.cr.execute("ANALYZE estate_property")
    return env["estate.property"].browse(ids)


def run_ours(env, areas):
    """Create the territories; return them with the seconds until all is stored."""
    with Stopwatch(env) as watch:
        territories = env["estate.territory"].create(
            [
                {"name": f"Area {number}", "area": area}
                for number, area in enumerate(areas)
            ]
        )
    return territories, watch


def run_sql(env, areas):
    """Return the seconds and pairs of one statement with `polygon @> point`."""
    with Stopwatch(env) as watch:
        env.cr.execute(
            "CREATE TEMP TABLE bench_area (number int, area polygon) ON COMMIT DROP"
        )
        for number, area in enumerate(areas):
            corners = ",".join(f"({x!r},{y!r})" for x, y in area["coordinates"][0])
            env.cr.execute(
                "INSERT INTO bench_area VALUES (%s, %s::polygon)",
                [number, f"({corners})"],
            )
        env.cr.execute("CREATE INDEX ON bench_area USING gist (area)")
        env.cr.execute("ANALYZE bench_area")
        env.cr.execute(
            """
            CREATE TEMP TABLE bench_pair ON COMMIT DROP AS
            SELECT property.id, bench_area.number
            FROM estate_property AS property
            JOIN bench_area ON bench_area.area
                @> point(property.longitude, property.latitude)
            WHERE property.name = 'Bench'
            """
        )
    env.cr.execute("SELECT id, number FROM bench_pair")
    return watch, set(env.cr.fetchall())


def run_loop(points, areas):
    """Return the seconds and pairs of shapely asked for each point and each area."""
    start = time.perf_counter()
    shapes = [shape(area) for area in areas]
    for one in shapes:
        shapely.prepare(one)
    pairs = {
        (number, key)
        for number, point in enumerate(points)
        for key, one in enumerate(shapes)
        if one.intersects(Point(point))
    }
    return time.perf_counter() - start, pairs


def run(env, properties=PROPERTIES, areas=AREAS):
    """Measure ours and both peers, compare the pairs, and return the figures."""
    chance = random.Random(11)
    points = [make_point(chance) for _number in range(properties)]
    shapes = [make_area(chance) for _number in range(areas)]
    records = create_properties(env, points)
    territories, ours = run_ours(env, shapes)
    numbers = {territory.id: number for number, territory in enumerate(territories)}
    pairs = {
        (prop.id, numbers[territory_id])
        for prop in records
        for territory_id in prop.territory_ids.ids
    }
    sql, by_sql = run_sql(env, shapes)
    sample = points[:SAMPLE]
    loop_seconds, by_loop = run_loop(sample, shapes)
    expected = {(records[number].id, key) for number, key in by_loop}
    first = set(records[:SAMPLE].ids)
    assert {pair for pair in pairs if pair[0] in first} == expected, "loop differs"
    place = dict(zip(records.ids, points, strict=True))
    far = [
        shape(shapes[number]).boundary.distance(Point(place[key]))
        for key, number in pairs ^ by_sql
    ]
    # PostgreSQL compares with a tolerance, so that it errs next to an outline.
    assert max(far, default=0) < TOLERANCE, f"differs {max(far)} degrees inside"
    with Stopwatch(env) as one:
        territories[0].area = make_area(chance)
    return {
        "ours": ours,
        "one": one,
        "sql": sql,
        "loop_seconds": loop_seconds * properties / len(sample),
        "pairs": len(pairs),
    }


def main(arguments):
    quick = "--quick" in arguments
    size = (PROPERTIES // 100, AREAS // 100) if quick else (PROPERTIES, AREAS)
    with environment() as env:
        figures = run(env, *size)
    ours, one, sql = figures["ours"], figures["one"], figures["sql"]
    table(
        [
            ("territories", "seconds", "queries"),
            ("all areas at once, stored", f"{ours.seconds:.2f}", ours.queries),
            ("one area redrawn", f"{one.seconds:.2f}", one.queries),
            ("PostgreSQL polygons, a table", f"{sql.seconds:.2f}", sql.queries),
            (
                "loop over all pairs (from a sample)",
                f"{figures['loop_seconds']:.0f}",
                0,
            ),
        ]
    )
    result(
        "territories",
        figures["loop_seconds"] / ours.seconds,
        properties=size[0],
        areas=size[1],
        pairs=figures["pairs"],
        seconds=f"{ours.seconds:.2f}",
        one_seconds=f"{one.seconds:.2f}",
        sql_seconds=f"{sql.seconds:.2f}",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
