"""Areas on a map: what is read, what is refused, and which points lie inside."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.areas import MOST_POINTS, AreaError, AreaIndex, AreaOf, read_area
from ..tools.places import Place, PlaceIndex, Territory, read_codes

# The same examples in every run.
steady = settings(derandomize=True, deadline=None, max_examples=200)


def square(west, south, size):
    """Return a closed ring around a square."""
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


@tagged("post_install", "-at_install", "crm_real_estate")
class ReadingAreas(BaseCase):
    def _refuses(self, code, value, **details):
        with self.assertRaises(AreaError) as refused:
            read_area(value)
        self.assertEqual(refused.exception.code, code)
        self.assertEqual(refused.exception.details, details)

    def test_a_text_and_its_values_are_the_same_area(self):
        area = polygon(square(14.0, 50.0, 1.0))
        self.assertEqual(read_area(json.dumps(area)), read_area(area))

    def test_nothing_is_no_area(self):
        for value in (None, False, "", "  ", "null", {}):
            self.assertIsNone(read_area(value))

    def test_features_become_the_parts_of_one_area(self):
        feature = {"type": "Feature", "geometry": polygon(square(0, 0, 1))}
        other = {"type": "Feature", "geometry": polygon(square(5, 5, 1))}
        area = read_area({"type": "FeatureCollection", "features": [feature, other]})
        self.assertEqual(area["type"], "MultiPolygon")
        self.assertEqual(len(area["coordinates"]), 2)

    def test_heights_are_left_out_and_digits_are_those_of_a_property(self):
        ring = [[0, 0, 240], [1.123456789, 0, 240], [1, 1, 240], [0, 0, 240]]
        area = read_area(polygon(ring))
        self.assertEqual(area["coordinates"][0][1], [1.1234568, 0.0])

    def test_what_is_no_polygon_is_refused(self):
        self._refuses("unreadable", "{")
        self._refuses("kind", {"type": "Point", "coordinates": [1, 2]}, kind="Point")
        self._refuses("kind", [1], kind="?")
        self._refuses("empty", {"type": "FeatureCollection", "features": []})
        self._refuses("ring", polygon(7), part=1, ring=1)
        self._refuses("ring", polygon(), part=1, ring=1)

    def test_a_ring_that_is_open_or_too_short_is_named(self):
        hole = square(1, 1, 1)
        outline = square(0, 0, 9)
        self._refuses("open", polygon(outline, hole[:-1]), part=1, ring=2)
        self._refuses("short", polygon([[0, 0], [1, 1], [0, 0]]), part=1, ring=1)
        flat = [[0, 0], [1, 1], [0, 0], [0, 0]]
        self._refuses("short", polygon(flat), part=1, ring=1)

    def test_points_must_be_numbers_on_earth(self):
        for point in ([0], ["a", 1], [None, 1], [float("nan"), 1], [True, 1], 5):
            ring = [[0, 0], point, [1, 1], [0, 0]]
            self._refuses("point", polygon(ring), part=1, ring=1)
        for point in ([180.5, 0], [0, -90.5], [10**400, 0]):
            with self.assertRaises(AreaError) as refused:
                read_area(polygon([[0, 0], point, [1, 1], [0, 0]]))
            self.assertEqual(refused.exception.code, "outside")

    def test_lines_that_cross_are_refused_with_their_place(self):
        bow_tie = [[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]
        self._refuses("crossing", polygon(bow_tie), longitude=1, latitude=1)

    def test_parts_that_overlap_and_holes_outside_are_refused(self):
        overlapping = {
            "type": "MultiPolygon",
            "coordinates": [[square(0, 0, 2)], [square(1, 1, 2)]],
        }
        for area in (overlapping, polygon(square(0, 0, 2), square(3, 3, 1))):
            with self.assertRaises(AreaError) as refused:
                read_area(area)
            self.assertEqual(refused.exception.code, "crossing")

    def test_an_area_has_limits(self):
        ring = [[number / MOST_POINTS, 0] for number in range(MOST_POINTS)]
        ring += [[0, 1], ring[0]]
        self._refuses(
            "too_many", polygon(ring), count=MOST_POINTS + 2, most=MOST_POINTS
        )

    @steady
    @given(
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats()
            | st.sampled_from(["Polygon", "MultiPolygon", "Feature", ""]),
            lambda inner: (
                st.lists(inner, max_size=5)
                | st.dictionaries(
                    st.sampled_from(["type", "coordinates", "geometry", "features"]),
                    inner,
                    max_size=4,
                )
            ),
        )
    )
    def test_whatever_comes_is_an_area_nothing_or_refused(self, value):
        try:
            area = read_area(value)
        except AreaError:
            return
        self.assertTrue(area is None or read_area(area) == area)


@tagged("post_install", "-at_install", "crm_real_estate")
class PointsInAreas(BaseCase):
    def _find(self, area, *points):
        index = AreaIndex([AreaOf(1, read_area(area))])
        return [found == [1] for found in index.find(list(points))]

    def test_the_outline_belongs_to_the_area_its_hole_does_not(self):
        area = polygon(square(0, 0, 10), square(4, 4, 2))
        inside, in_hole, beside = (1, 1), (5, 5), (11, 1)
        self.assertEqual(
            self._find(area, inside, in_hole, beside), [True, False, False]
        )
        corner, side, edge_of_hole = (0, 0), (5, 0), (4, 5)
        self.assertEqual(self._find(area, corner, side, edge_of_hole), [True] * 3)

    def test_a_point_on_the_line_between_two_areas_lies_in_both(self):
        index = AreaIndex(
            [AreaOf(2, polygon(square(1, 0, 1))), AreaOf(1, polygon(square(0, 0, 1)))]
        )
        self.assertEqual(index.find([(1, 0.5)]), [[1, 2]])

    def test_each_part_of_an_area_counts(self):
        area = {
            "type": "MultiPolygon",
            "coordinates": [[square(0, 0, 1)], [square(5, 5, 1)]],
        }
        points = (0.5, 0.5), (5.5, 5.5), (3, 3)
        self.assertEqual(self._find(area, *points), [True, True, False])

    def test_no_point_and_no_area_find_nothing(self):
        self.assertEqual(self._find(polygon(square(0, 0, 1)), None), [False])
        self.assertEqual(AreaIndex([]).find([(0, 0)]), [[]])

    @steady
    @given(
        st.lists(
            st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(3, 6)),
            max_size=6,
        ),
        st.lists(st.tuples(st.integers(-1, 15), st.integers(-1, 15)), max_size=8),
    )
    def test_it_finds_what_comparing_one_by_one_finds(self, squares, points):
        """Squares with a hole of one unit; whole numbers hit lines and corners."""
        areas = [
            AreaOf(key, polygon(square(x, y, size), square(x + 1, y + 1, 1)))
            for key, (x, y, size) in enumerate(squares)
        ]
        expected = [
            [
                key
                for key, (x, y, size) in enumerate(squares)
                if x <= longitude <= x + size
                and y <= latitude <= y + size
                and not (x + 1 < longitude < x + 2 and y + 1 < latitude < y + 2)
            ]
            for longitude, latitude in points
        ]
        self.assertEqual(AreaIndex(areas).find(points), expected)


@tagged("post_install", "-at_install", "crm_real_estate")
class AreasOfTerritories(BaseCase):
    def test_an_area_counts_beside_codes_and_for_its_parents(self):
        index = PlaceIndex(
            [
                Territory(1),
                Territory(2, frozenset({1}), area=polygon(square(0, 0, 1))),
                Territory(3, codes=read_codes("110*")),
            ]
        )
        places = [
            Place(point=(0.5, 0.5)),
            Place("11000", point=(0.5, 0.5)),
            Place("11000", point=(7, 7)),
            Place(),
        ]
        self.assertEqual(index.find_all(places), [(1, 2), (1, 2, 3), (3,), ()])
