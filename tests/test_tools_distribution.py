"""The pure decision who gets what, against cases by hand and its invariants."""

from collections import Counter
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.distribution import Candidate, distribute_evenly

NOW = datetime(2026, 3, 4, 9, 0)

# The same examples in every run.
steady = settings(derandomize=True, deadline=None, max_examples=200)

moments = st.one_of(
    st.none(),
    st.integers(0, 10_000).map(lambda minutes: NOW - timedelta(minutes=minutes)),
)


@st.composite
def teams(draw, least=0):
    """Candidates with distinct keys and any memory."""
    keys = draw(st.lists(st.integers(1, 50), min_size=least, max_size=8, unique=True))
    return tuple(
        Candidate(key, draw(st.integers(0, 500)), draw(moments)) for key in keys
    )


def _given(items, candidates, now=NOW):
    choices, changed = distribute_evenly(
        [(item, candidates) for item in items], now=now
    )
    return choices, changed


def _after(candidates, changed):
    return tuple(changed.get(candidate.key, candidate) for candidate in candidates)


@tagged("post_install", "-at_install", "crm_real_estate")
class EvenDistribution(BaseCase):
    def test_who_has_least_gets_it(self):
        choices, _changed = _given([1], (Candidate(1, 4), Candidate(2, 3)))
        self.assertEqual(choices[0].candidate, 2)

    def test_of_equals_who_waited_longest_gets_it(self):
        early, late = NOW - timedelta(hours=2), NOW - timedelta(hours=1)
        team = (Candidate(1, 3, late), Candidate(2, 3, early))
        choices, _changed = _given([1], team)
        self.assertEqual(choices[0].candidate, 2)

    def test_who_never_got_anything_waited_longest(self):
        team = (Candidate(1, 3, NOW - timedelta(days=300)), Candidate(2, 3, None))
        choices, _changed = _given([1], team)
        self.assertEqual(choices[0].candidate, 2)

    def test_the_reason_lists_all_candidates_in_the_order_of_the_choice(self):
        team = (Candidate(1, 3), Candidate(2, 2), Candidate(3, 3))
        choices, _changed = _given([1], team)
        self.assertEqual(choices[0].considered, (2, 1, 3))

    def test_nobody_fits(self):
        choices, changed = _given([7], ())
        self.assertEqual((choices[0].item, choices[0].candidate), (7, None))
        self.assertFalse(changed)

    def test_a_newcomer_is_next_but_not_flooded(self):
        team = (Candidate(1, 100, NOW), Candidate(2, 100, NOW), Candidate(3))
        choices, _changed = _given(range(9), team, NOW + timedelta(hours=1))
        self.assertEqual(choices[0].candidate, 3)
        shares = Counter(choice.candidate for choice in choices)
        self.assertEqual(shares, {1: 3, 2: 3, 3: 3})

    def test_who_comes_back_is_not_flooded(self):
        team = (
            Candidate(1, 5, NOW - timedelta(days=14)),
            Candidate(2, 60),
            Candidate(3, 59),
        )
        choices, changed = _given(range(30), team)
        turns = [candidate.turns for candidate in changed.values()]
        self.assertLessEqual(max(turns) - min(turns), 1)
        shares = Counter(choice.candidate for choice in choices)
        self.assertLessEqual(shares[1], 11)

    def test_each_item_may_have_its_own_candidates(self):
        one, two = Candidate(1), Candidate(2)
        items = [(1, (one,)), (2, (one, two)), (3, (two,)), (4, (one, two))]
        choices, _changed = distribute_evenly(items, now=NOW)
        self.assertEqual([choice.candidate for choice in choices], [1, 2, 2, 1])


@tagged("post_install", "-at_install", "crm_real_estate")
class InvariantsOfTheEvenDistribution(BaseCase):
    @steady
    @given(st.integers(1, 8), st.lists(st.integers(1, 7), max_size=40))
    def test_nobody_is_ever_two_items_ahead_over_any_number_of_runs(
        self, size, batches
    ):
        team = tuple(Candidate(key) for key in range(size))
        shares = Counter(dict.fromkeys(range(size), 0))
        for number, batch in enumerate(batches):
            now = NOW + timedelta(minutes=number)
            choices, changed = _given(range(batch), team, now)
            shares.update(choice.candidate for choice in choices)
            team = _after(team, changed)
            self.assertLessEqual(max(shares.values()) - min(shares.values()), 1)

    @steady
    @given(teams(least=1), st.integers(1, 40))
    def test_whatever_the_memory_a_batch_is_split_evenly(self, team, count):
        choices, _changed = _given(range(count), team)
        shares = Counter({candidate.key: 0 for candidate in team})
        shares.update(choice.candidate for choice in choices)
        self.assertLessEqual(max(shares.values()) - min(shares.values()), 2)

    @steady
    @given(teams(), st.integers(0, 20))
    def test_same_input_same_output(self, team, count):
        self.assertEqual(_given(range(count), team), _given(range(count), team))

    @steady
    @given(teams(), st.integers(0, 20), st.randoms(use_true_random=False))
    def test_the_order_of_candidates_does_not_matter(self, team, count, random):
        shuffled = random.sample(team, len(team))
        self.assertEqual(
            _given(range(count), team), _given(range(count), tuple(shuffled))
        )

    @steady
    @given(teams(), st.integers(0, 20))
    def test_one_batch_decides_like_one_item_after_another(self, team, count):
        at_once, _changed = _given(range(count), team)
        one_by_one, memory = [], team
        for item in range(count):
            choices, changed = _given([item], memory)
            one_by_one += choices
            memory = _after(memory, changed)
        self.assertEqual(at_once, one_by_one)

    @steady
    @given(st.lists(st.tuples(st.integers(1, 99), teams()), max_size=20))
    def test_only_candidates_get_something_and_every_item_is_decided(self, items):
        choices, changed = distribute_evenly(items, now=NOW)
        self.assertEqual(
            [choice.item for choice in choices], [item for item, _ in items]
        )
        for choice, (_item, candidates) in zip(choices, items, strict=True):
            keys = {candidate.key for candidate in candidates}
            self.assertEqual(set(choice.considered), keys)
            self.assertIn(choice.candidate, keys or {None})
        chosen = {choice.candidate for choice in choices} - {None}
        self.assertEqual(set(changed), chosen)
