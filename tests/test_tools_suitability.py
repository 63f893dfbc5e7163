"""Whom a property suits: each criterion by hand, and the shortcut against the rule."""

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.suitability import Criteria, Goods, Suitability, find_misfit

# The same examples in every run.
steady = settings(derandomize=True, deadline=None, max_examples=200)
DEALS = ["", "sale", "rent"]
few_keys = st.frozensets(st.integers(1, 4), max_size=3)
prices = st.sampled_from([0.0, 99_999.0, 100_000.0, 200_000.0, 250_000.0])

criteria = st.builds(
    Criteria,
    key=st.just(0),
    territories=few_keys,
    types=few_keys,
    deal=st.sampled_from(DEALS),
    usage=st.sampled_from(["", "residential", "commercial"]),
    liquidity=st.sampled_from(["", "low", "high"]),
    price_from=prices,
    price_to=prices,
)
goods = st.builds(
    Goods,
    territories=few_keys,
    types=few_keys,
    deal=st.sampled_from(DEALS),
    usage=st.sampled_from(["", "residential", "commercial"]),
    liquidity=st.sampled_from(["", "low", "high"]),
    price=prices,
)


@tagged("post_install", "-at_install", "crm_real_estate")
class WhatFits(BaseCase):
    def _misfit(self, asked, known):
        return find_misfit(Criteria(1, **asked), Goods(**known))

    def test_who_asks_for_nothing_takes_all(self):
        self.assertEqual(self._misfit({}, {}), "")
        self.assertEqual(self._misfit({}, {"deal": "rent", "price": 5.0}), "")

    def test_one_of_several_territories_is_enough(self):
        asked = {"territories": frozenset({1, 2})}
        self.assertEqual(self._misfit(asked, {"territories": frozenset({2, 9})}), "")
        self.assertEqual(
            self._misfit(asked, {"territories": frozenset({9})}), "territory"
        )

    def test_a_price_belongs_to_the_band_it_begins(self):
        low, high = {"price_to": 200_000.0}, {"price_from": 200_000.0}
        for price, fits in ((199_999.99, low), (200_000.0, high)):
            for band in (low, high):
                expected = "" if band is fits else "price"
                self.assertEqual(self._misfit(band, {"price": price}), expected)

    def test_what_is_unknown_fits_only_who_takes_all(self):
        for asked, code in (
            ({"price_to": 100.0}, "price"),
            ({"deal": "sale"}, "deal"),
            ({"liquidity": "high"}, "liquidity"),
            ({"types": frozenset({1})}, "type"),
        ):
            with self.subTest(code):
                self.assertEqual(self._misfit(asked, {}), code)

    @steady
    @given(st.lists(criteria, max_size=6), st.lists(goods, max_size=12))
    def test_goods_of_one_signature_fit_the_same_people(self, people, many):
        people = [
            Criteria(key, *(getattr(one, name) for name in Criteria.__slots__[1:]))
            for key, one in enumerate(people)
        ]
        known = Suitability(people)
        for one in many:
            keys, misfits = known.find(one)
            for person in people:
                expected = find_misfit(person, one)
                self.assertEqual(misfits.get(person.key, ""), expected)
                self.assertEqual(person.key in keys, not expected)
