"""What fits a search, and how well: the rules, in plain Python."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.matching import (
    OPEN,
    TOLERATED,
    WITHIN,
    Offered,
    Wanted,
    compare,
    pack,
    unpack,
)

FLAT = Offered(
    "sale",
    types=frozenset({1, 10}),
    price=Decimal(5_000_000),
    area=Decimal(60),
    rooms=Decimal(3),
    places=frozenset({7, 70}),
    segment="standard",
    market="resale",
    usage="residential",
)
NUMBERS = st.integers(0, 40).map(Decimal)
SETS = st.frozensets(st.integers(1, 4), max_size=3)


@tagged("post_install", "-at_install", "crm_real_estate")
class ToolsMatching(BaseCase):
    def _met(self, **values):
        match = compare(Wanted("sale", **values), FLAT)
        return match and match.reasons

    def test_a_search_that_says_nothing_takes_all_of_its_deal(self):
        self.assertEqual(set(self._met().values()), {OPEN})
        self.assertIsNone(compare(Wanted("rent"), FLAT))

    def test_all_that_is_said_must_hold(self):
        said = {
            "types": frozenset({1}),
            "price_max": Decimal(5_000_000),
            "area_min": Decimal(60),
            "room_min": Decimal(3),
            "places": frozenset({70}),
            "market": "resale",
        }
        self.assertEqual(set(self._met(**said).values()), {WITHIN})
        self.assertEqual(compare(Wanted("sale", **said), FLAT).score, 100)
        for name, other in (
            ("types", frozenset({2})),
            ("price_max", Decimal(4_999_999)),
            ("area_min", Decimal(61)),
            ("room_min", Decimal("3.5")),
            ("places", frozenset({8})),
            ("market", "new"),
            ("excluded", frozenset({7})),
        ):
            with self.subTest(name):
                self.assertIsNone(self._met(**{**said, name: other}))

    def test_a_tolerance_widens_price_and_area_to_the_cent_and_no_further(self):
        narrow = {"price_max": Decimal("4545454.55"), "tolerance": 10}
        self.assertEqual(self._met(**narrow)["price"], TOLERATED)
        narrow["price_max"] = Decimal("4545454.54")
        self.assertIsNone(self._met(**narrow))
        self.assertEqual(
            self._met(area_min=Decimal(66), tolerance=10)["area"], TOLERATED
        )
        self.assertIsNone(self._met(room_min=Decimal("3.1"), tolerance=50))

    def test_what_is_unknown_does_not_keep_to_a_limit(self):
        unknown = replace(FLAT, price=Decimal(0))
        self.assertIsNone(compare(Wanted("sale", price_max=Decimal(9)), unknown))
        self.assertTrue(compare(Wanted("sale"), unknown))

    @settings(derandomize=True, max_examples=300, deadline=None)
    @given(
        low=NUMBERS,
        high=NUMBERS,
        price=NUMBERS,
        tolerance=st.integers(0, 50),
        asked=SETS,
        places=SETS,
    )
    def test_a_wider_tolerance_never_loses_a_match_nor_lowers_within(
        self, low, high, price, tolerance, asked, places
    ):
        offered = Offered("sale", price=price, places=places)
        wanted = Wanted(
            "sale", price_min=low, price_max=high, places=asked, tolerance=tolerance
        )
        strict = compare(replace(wanted, tolerance=0), offered)
        wide = compare(wanted, offered)
        if strict:
            self.assertEqual(strict, wide)
        if wide:
            self.assertLessEqual(0, wide.score)
            self.assertLessEqual(wide.score, 100)
            self.assertEqual(unpack(pack(wide.reasons)), wide.reasons)
