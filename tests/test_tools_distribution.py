"""The pure decision who gets what, against cases by hand and its invariants."""

from collections import Counter
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.distribution import Book, Candidate, Loads, draw_lot

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


def _give(items, candidates, now=NOW, strategy="even", **options):
    """Give away items: keys for all, or pairs (key, candidates); with their values."""
    book = Book(strategy, candidates, **options)
    choices = []
    for item in items:
        key, keys, value = item if isinstance(item, tuple) else (item, None, 0)
        keys = tuple(book.memory) if keys is None else keys
        choices.append(book.give(key, keys, now=now, value=value))
    return choices, {key: book.memory[key] for key in book.changed}


def _given(items, candidates, now=NOW):
    return _give(items, candidates, now)


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
        items = [(1, (1,), 0), (2, (1, 2), 0), (3, (2,), 0), (4, (1, 2), 0)]
        choices, _changed = _give(items, (Candidate(1), Candidate(2)))
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
    @given(teams(), st.lists(st.sets(st.integers(1, 50)), max_size=20))
    def test_only_candidates_get_something_and_every_item_is_decided(
        self, team, wishes
    ):
        known = {candidate.key for candidate in team}
        items = [(n, tuple(keys & known), 0) for n, keys in enumerate(wishes)]
        choices, changed = _give(items, team)
        self.assertEqual([choice.item for choice in choices], [one[0] for one in items])
        for choice, (_item, keys, _value) in zip(choices, items, strict=True):
            self.assertEqual(set(choice.considered), set(keys))
            self.assertIn(choice.candidate, keys or {None})
        chosen = {choice.candidate for choice in choices} - {None}
        self.assertEqual(set(changed), chosen)


@tagged("post_install", "-at_install", "crm_real_estate")
class DistributionByWeight(BaseCase):
    def _get_received(self, choices):
        received = Counter()
        for choice in choices:
            received[choice.candidate] += choice.value
        return received

    def test_who_got_least_in_money_is_next_not_who_got_least_leads(self):
        team = (Candidate(1, 1, NOW, 9000.0, 6000.0), Candidate(2, 5, NOW, 5000.0))
        choices, _changed = _give([1], team, strategy="weighted")
        self.assertEqual(choices[0].candidate, 2)

    def test_twice_the_weight_is_twice_the_money(self):
        team = (Candidate(1, weight=2.0), Candidate(2))
        items = [(number, None, 100) for number in range(30)]
        choices, _changed = _give(items, team, strategy="weighted")
        self.assertEqual(self._get_received(choices), {1: 2000, 2: 1000})

    def test_a_lead_without_a_fee_counts_the_average(self):
        items = [(1, None, 100), (2, None, 300), (3, None, 0)]
        choices, _changed = _give(items, (Candidate(1),), strategy="weighted")
        self.assertEqual(choices[2].value, 200)

    def test_leads_without_any_fee_are_split_evenly(self):
        team = tuple(map(Candidate, range(4)))
        choices, _changed = _give(range(40), team, strategy="weighted")
        shares = Counter(choice.candidate for choice in choices)
        self.assertEqual(set(shares.values()), {10})

    def test_who_is_new_is_not_flooded(self):
        team = (
            Candidate(1, 50, NOW, 50_000.0, 1000.0),
            Candidate(2, 50, NOW, 50_000.0, 1000.0),
            Candidate(3),
        )
        items = [(number, None, 1000) for number in range(9)]
        choices, _changed = _give(items, team, strategy="weighted")
        self.assertEqual(choices[0].candidate, 3)
        shares = Counter(choice.candidate for choice in choices)
        self.assertEqual(shares, {1: 3, 2: 3, 3: 3})

    def test_a_new_weight_counts_from_now_on(self):
        team = (Candidate(1, 10, NOW, 10_000.0, 1000.0, weight=0.1), Candidate(2))
        items = [(number, None, 1000) for number in range(11)]
        choices, _changed = _give(items, team, strategy="weighted")
        shares = Counter(choice.candidate for choice in choices)
        self.assertEqual(shares, {1: 1, 2: 10})

    @steady
    @given(
        st.lists(st.sampled_from([0.5, 1.0, 2.0, 5.0]), min_size=1, max_size=8),
        st.lists(st.lists(st.floats(1, 20), max_size=30), max_size=6),
    )
    def test_parts_differ_by_no_more_than_one_lead_over_any_number_of_runs(
        self, weights, batches
    ):
        team = tuple(
            Candidate(key, weight=weight) for key, weight in enumerate(weights)
        )
        received = Counter(dict.fromkeys(range(len(weights)), 0.0))
        for number, fees in enumerate(batches):
            items = [(place, None, fee) for place, fee in enumerate(fees)]
            now = NOW + timedelta(minutes=number)
            choices, changed = _give(items, team, now, "weighted")
            received.update(self._get_received(choices))
            team = _after(team, changed)
            parts = [received[key] / weight for key, weight in enumerate(weights)]
            self.assertLessEqual(max(parts) - min(parts), 20 / min(weights) + 1e-6)


@tagged("post_install", "-at_install", "crm_real_estate")
class DistributionByLoad(BaseCase):
    def test_who_has_least_open_is_next(self):
        team, loads = (Candidate(1), Candidate(2)), Loads({1: 5, 2: 3})
        choices, _changed = _give(range(3), team, strategy="least_loaded", loads=loads)
        self.assertEqual([choice.candidate for choice in choices], [2, 2, 1])
        self.assertEqual(choices[0].figures[0][0], 3)

    def test_who_has_enough_open_gets_nothing_by_any_strategy(self):
        team = (Candidate(1, limit=2), Candidate(2))
        for strategy in ("even", "random", "least_loaded", "weighted"):
            with self.subTest(strategy):
                loads = Loads({1: 2})
                choices, _changed = _give(
                    range(20), team, strategy=strategy, loads=loads
                )
                self.assertEqual({choice.candidate for choice in choices}, {2})
                self.assertEqual(choices[0].full, ((1, 2),))

    def test_what_ended_makes_room(self):
        book = Book("even", (Candidate(1, limit=1),), loads=Loads())
        later = NOW + timedelta(hours=1)
        first = book.give(1, (1,), now=NOW, until=later)
        second = book.give(2, (1,), now=NOW)
        book.loads.release(later)
        third = book.give(3, (1,), now=later)
        self.assertEqual(
            [one.candidate for one in (first, second, third)], [1, None, 1]
        )

    @steady
    @given(
        st.sampled_from(["even", "random", "least_loaded", "weighted"]),
        st.lists(st.integers(1, 5), min_size=1, max_size=6),
        st.integers(0, 40),
    )
    def test_nobody_ever_gets_more_than_he_may_have(self, strategy, limits, count):
        team = tuple(Candidate(key, limit=limit) for key, limit in enumerate(limits))
        choices, _changed = _give(range(count), team, strategy=strategy)
        shares = Counter(choice.candidate for choice in choices)
        for key, limit in enumerate(limits):
            self.assertLessEqual(shares[key], limit)
        given_away = count - shares[None]
        self.assertEqual(given_away, min(count, sum(limits)))


@tagged("post_install", "-at_install", "crm_real_estate")
class DistributionByLot(BaseCase):
    def test_a_thousand_lots_among_four_are_about_a_quarter_each(self):
        team = tuple(map(Candidate, range(4)))
        choices, _changed = _give(range(1000), team, strategy="random", seed=7)
        shares = Counter(choice.candidate for choice in choices)
        for count in shares.values():
            self.assertTrue(200 <= count <= 300, shares)

    def test_everybody_can_draw_the_lots_again(self):
        team = tuple(map(Candidate, range(4)))
        choices, _changed = _give([17], team, strategy="random", seed=7)
        lots = {key: draw_lot(7, 17, key) for key in range(4)}
        self.assertEqual(choices[0].candidate, min(lots, key=lots.get))

    def test_another_seed_draws_others(self):
        team = tuple(map(Candidate, range(4)))
        draws = [
            [
                choice.candidate
                for choice in _give(range(50), team, strategy="random", seed=seed)[0]
            ]
            for seed in (1, 1, 2)
        ]
        self.assertEqual(draws[0], draws[1])
        self.assertNotEqual(draws[0], draws[2])
