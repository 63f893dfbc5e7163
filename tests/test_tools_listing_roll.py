"""The roll of a message: what its files name, and what is gone by that."""

from hypothesis import given, settings, strategies

from odoo.tests import BaseCase, tagged

from ..tools.listing_roll import Roll, Word

NAMES = strategies.sampled_from(["a", "b", "c"])
DEALS = strategies.sampled_from(["", "sale", "rent"])
OBJECTS = strategies.lists(strategies.tuples(NAMES, DEALS))


@tagged("post_install", "-at_install", "crm_real_estate")
class TestRoll(BaseCase):
    def _roll(self, objects, providers=()):
        roll = Roll(providers=set(providers))
        for key, deal in objects:
            roll.add(key, deal)
        return roll

    def test_a_deal_is_lost_when_the_object_is_named_for_others_only(self):
        cases = [
            ([("a", "sale")], "a", "rent", True),
            ([("a", "sale")], "a", "sale", False),
            ([("a", "sale"), ("a", "rent")], "a", "rent", False),
            ([("a", "")], "a", "rent", False),
            ([("a", "sale"), ("a", "")], "a", "rent", False),
            ([("a", "sale")], "a", "", False),
            ([("a", "sale")], "b", "rent", False),
        ]
        for objects, key, deal, expected in cases:
            with self.subTest(objects=objects, key=key, deal=deal):
                self.assertIs(self._roll(objects).has_lost_deal(key, deal), expected)

    def test_nothing_without_a_number_is_named(self):
        self.assertEqual(self._roll([("", "sale")]).deals, {})

    def test_a_word_covers_named_objects_and_senders_of_complete_lists(self):
        kept = [
            self._roll([("a", "sale")]).to_json(),
            self._roll([("b", "sale")], ["Linde"]).to_json(),
        ]
        word = Word.of(kept)
        self.assertTrue(word.covers("a", "Other"))
        self.assertTrue(word.covers("z", "Linde"))
        self.assertFalse(word.covers("z", "Other"))
        self.assertFalse(Word.of([]).covers("a", ""))

    @settings(derandomize=True)
    @given(OBJECTS)
    def test_the_order_of_the_objects_does_not_matter(self, objects):
        one, other = self._roll(objects), self._roll(reversed(objects))
        self.assertEqual(one.to_json(), other.to_json())
        for key in "abc":
            for deal in ("", "sale", "rent"):
                self.assertEqual(
                    one.has_lost_deal(key, deal), other.has_lost_deal(key, deal)
                )

    @settings(derandomize=True)
    @given(OBJECTS)
    def test_what_is_named_is_never_lost(self, objects):
        roll = self._roll(objects)
        self.assertFalse(any(roll.has_lost_deal(*one) for one in objects))
