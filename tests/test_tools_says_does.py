"""What a seeker does: limits from his refusals and visits."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.says_does import LEAST, Deed, Limits, derive


def refuse(criterion, *values, name="area"):
    return [Deed(criterion, **{name: Decimal(value)}) for value in values]


DEEDS = st.lists(
    st.builds(
        Deed,
        refused=st.sampled_from(["", "area_min", "price_max", "room_min", "place"]),
        price=st.integers(1, 9_999_999).map(Decimal),
        area=st.integers(0, 200).map(Decimal),
        rooms=st.integers(0, 6).map(Decimal),
        places=st.frozensets(st.integers(1, 3), max_size=2),
    ),
    max_size=12,
)


@tagged("post_install", "-at_install", "crm_real_estate")
class ToolsSaysDoes(BaseCase):
    def test_five_times_too_small_shows_a_larger_minimum(self):
        """M135: the next round number above what he refused."""
        deeds = refuse("area_min", 52, 55, 58, 60, 61)
        self.assertEqual(derive(Limits(area_min=Decimal(50)), deeds).area_min, 65)

    def test_two_refusals_show_nothing(self):
        stated = Limits(area_min=Decimal(50))
        self.assertEqual(derive(stated, refuse("area_min", 52, 55)), stated)

    def test_what_he_liked_speaks_against_a_limit(self):
        deeds = refuse("area_min", 52, 55, 58, 80) + refuse("", 60, 62, 70, 75)
        self.assertEqual(derive(Limits(), deeds).area_min, 60)

    def test_too_dear_shows_a_lower_maximum(self):
        deeds = refuse("price_max", 5_200_000, 5_000_000, 5_900_000, name="price")
        stated = Limits(price_max=Decimal(6_000_000))
        self.assertEqual(derive(stated, deeds).price_max, 4_900_000)

    def test_too_few_rooms_and_wrong_places(self):
        deeds = refuse("room_min", 2, 2, 2, name="rooms")
        deeds += [Deed("place", places=frozenset({7}))] * LEAST
        derived = derive(Limits(), deeds)
        self.assertEqual(derived.room_min, Decimal("2.5"))
        self.assertEqual(derived.excluded, {7})
        liked = Deed("", places=frozenset({7}))
        self.assertFalse(derive(Limits(), [*deeds, liked]).excluded)

    @settings(derandomize=True, max_examples=300, deadline=None)
    @given(deeds=DEEDS, area=st.integers(0, 100), price=st.integers(0, 9_999_999))
    def test_what_he_does_is_never_wider_than_what_he_says_and_stays_when_taken_over(
        self, deeds, area, price
    ):
        stated = Limits(area_min=Decimal(area), price_max=Decimal(price))
        derived = derive(stated, deeds)
        self.assertGreaterEqual(derived.area_min, stated.area_min)
        if stated.price_max:
            self.assertLessEqual(derived.price_max, stated.price_max)
        self.assertLessEqual(stated.excluded, derived.excluded)
        self.assertEqual(derive(derived, deeds), derived)
