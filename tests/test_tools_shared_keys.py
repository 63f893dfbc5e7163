"""Groups of things that share keys, directly or by way of others."""

from hypothesis import given, settings, strategies

from odoo.tests import BaseCase, tagged

from ..tools.shared_keys import connect

KEY_SETS = strategies.lists(strategies.sets(strategies.integers(0, 8), max_size=3))


@tagged("post_install", "-at_install", "crm_real_estate")
class TestConnect(BaseCase):
    def test_groups(self):
        cases = [
            ([], []),
            ([set(), set()], [[0], [1]]),
            ([{1}, {1, 2}, {2}], [[0, 1, 2]]),
            ([{1}, {2}, {1, 2}], [[0, 1, 2]]),
            ([{1}, {2}, {1}, {3}], [[0, 2], [1], [3]]),
            ([{4}, {3}, {2, 3}, {1, 2}, {4, 1}], [[0, 1, 2, 3, 4]]),
        ]
        for key_sets, expected in cases:
            with self.subTest(key_sets=key_sets):
                self.assertEqual(connect(key_sets), expected)

    @settings(derandomize=True)
    @given(KEY_SETS)
    def test_it_is_the_closure_of_sharing(self, key_sets):
        groups = [set(group) for group in connect(key_sets)]
        self.assertEqual(
            sorted(position for group in groups for position in group),
            list(range(len(key_sets))),
        )
        closures = []
        for position in range(len(key_sets)):
            reached, keys = {position}, set(key_sets[position])
            while more := {
                other
                for other, theirs in enumerate(key_sets)
                if theirs & keys and other not in reached
            }:
                reached |= more
                keys |= set().union(*(key_sets[other] for other in more))
            closures.append(reached)
        for position, reached in enumerate(closures):
            self.assertIn(reached, groups, position)

    @settings(derandomize=True)
    @given(KEY_SETS)
    def test_the_order_of_the_things_does_not_matter(self, key_sets):
        last = len(key_sets) - 1
        turned = connect(key_sets[::-1])
        self.assertEqual(
            {frozenset(group) for group in connect(key_sets)},
            {frozenset(last - position for position in group) for group in turned},
        )
