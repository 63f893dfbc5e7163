"""Postal codes, cities and stations: what is written by people and where it belongs."""

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.places import (
    Codes,
    PlaceIndex,
    Territory,
    normalize_city,
    normalize_code,
    read_cities,
    read_codes,
)

# The same examples in every run.
steady = settings(derandomize=True, deadline=None, max_examples=200)


@tagged("post_install", "-at_install", "crm_real_estate")
class WrittenByPeople(BaseCase):
    def test_blanks_and_dashes_in_a_code_do_not_matter(self):
        for text in ("110 00", "11000", "110-00", " 110 00 "):
            self.assertEqual(normalize_code(text), "11000")

    def test_case_and_accents_in_a_city_do_not_matter(self):
        for text in ("Praha 6 – Bubeneč", "PRAHA 6-BUBENEC", "praha  6, bubeneč"):
            self.assertEqual(normalize_city(text), "praha 6 bubenec")

    def test_a_city_may_be_written_in_another_script(self):
        self.assertEqual(normalize_city("Москва"), normalize_city("Moskva"))

    def test_single_codes_beginnings_and_ranges_are_read(self):
        codes = read_codes("110 00, 12*; 130 00-130 99\nSW1A 1AA")
        self.assertEqual(codes.exact, {"11000", "SW1A1AA"})
        self.assertEqual(codes.prefixes, ("12",))
        self.assertEqual(codes.ranges, ((13000, 13099, 5),))
        self.assertFalse(codes.unreadable)

    def test_a_dash_inside_one_code_is_no_range(self):
        self.assertEqual(read_codes("00-950, 1000-001").exact, {"00950", "1000001"})

    def test_what_cannot_be_read_is_told(self):
        codes = read_codes("Praha, 11*0, 11999-11000, 11000")
        self.assertEqual(codes.unreadable, ("Praha", "11*0", "11999-11000"))
        self.assertEqual(codes.exact, {"11000"})

    def test_cities_are_separated_like_codes(self):
        self.assertEqual(
            read_cities("Praha; Brno\nPlzeň,, "), {"praha", "brno", "plzen"}
        )


@tagged("post_install", "-at_install", "crm_real_estate")
class PlacesInTerritories(BaseCase):
    def _index(self, *texts):
        return PlaceIndex(
            Territory(number, codes=read_codes(text))
            for number, text in enumerate(texts, 1)
        )

    def test_a_place_lies_in_all_territories_that_name_it(self):
        index = self._index("11000", "110*", "10000-11999", "12000")
        self.assertEqual(index.find("110 00"), [1, 2, 3])

    def test_both_ends_of_a_range_belong_to_it(self):
        index = self._index("11000-11999")
        found = [
            bool(index.find(code)) for code in ("10999", "11000", "11999", "12000")
        ]
        self.assertEqual(found, [False, True, True, False])

    def test_a_shorter_code_is_not_in_a_range_of_longer_ones(self):
        index = self._index("01000-01999")
        self.assertEqual(index.find("1500"), [])
        self.assertEqual(index.find("01500"), [1])

    def test_a_child_counts_for_its_parents(self):
        index = PlaceIndex(
            [
                Territory(1),
                Territory(2, ancestors=frozenset({1})),
                Territory(
                    3, ancestors=frozenset({1, 2}), cities=read_cities("Praha 6")
                ),
            ]
        )
        self.assertEqual(index.find(city="praha 6"), [1, 2, 3])

    def test_a_station_is_enough(self):
        index = PlaceIndex([Territory(1, stations=frozenset({5, 6}))])
        self.assertEqual(index.find(stations=[6]), [1])
        self.assertEqual(index.find(stations=[7]), [])

    def test_a_place_nobody_described_lies_nowhere(self):
        index = PlaceIndex(
            [Territory(1, codes=read_codes("11000"), cities=read_cities("Praha"))]
        )
        self.assertEqual(index.find(), [])

    @steady
    @given(
        st.lists(st.from_regex(r"[0-9]{3,5}", fullmatch=True), max_size=6),
        st.lists(st.from_regex(r"[0-9]{1,4}", fullmatch=True), max_size=4),
        st.lists(st.tuples(st.integers(100, 999), st.integers(100, 999)), max_size=4),
        st.from_regex(r"[0-9]{3,5}", fullmatch=True),
    )
    def test_it_finds_what_comparing_one_by_one_finds(
        self, singles, begins, ranges, code
    ):
        limits = [(min(pair), max(pair)) for pair in ranges]
        parts = [*singles, *(f"{begin}*" for begin in begins)]
        parts += [f"{low}-{high}" for low, high in limits]
        expected = (
            code in singles
            or any(code.startswith(begin) for begin in begins)
            or (
                len(code) == 3 and any(low <= int(code) <= high for low, high in limits)
            )
        )
        self.assertEqual(self._index(", ".join(parts)).find(code) == [1], expected)

    def test_an_empty_text_is_no_territory(self):
        self.assertEqual(read_codes(" ,;\n"), Codes())
