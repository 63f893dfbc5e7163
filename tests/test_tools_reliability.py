"""The index of reliability as a formula: examples by hand, laws by chance."""

import math
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.reliability import (
    DEFAULT_PRIOR,
    Fact,
    Sums,
    add_up,
    fade,
    get_age_days,
    get_prior,
    get_score,
    get_stars,
)

PRIOR = DEFAULT_PRIOR
FACTS = st.lists(
    st.builds(
        Fact,
        weight=st.sampled_from([1, 0.5, 2, -2, -1, -0.25, -4, 0]),
        age_days=st.floats(0, 4000),
    ),
    max_size=30,
)


def score(*facts, prior=PRIOR):
    return get_score(add_up(facts), prior)


def score_in_a_plain_loop(facts, prior):
    """The formula of the design, written down naively."""
    above, below = 4 * prior, 4.0
    for fact in facts:
        worth = abs(fact.weight) * 0.5 ** (fact.age_days / 365)
        below += worth
        above += worth if fact.weight > 0 else 0
    return 100 * above / below


@tagged("post_install", "-at_install", "crm_real_estate")
class ReliabilityByHand(BaseCase):
    def test_the_examples_of_the_design(self):
        attended, missed = Fact(1, 0), Fact(-2, 0)
        self.assertEqual(score(), 60)
        self.assertEqual(score(missed), 40)
        self.assertEqual(score(missed, missed), 30)
        self.assertEqual(score(attended, attended), 73.3)

    def test_stars_round_to_the_nearest(self):
        expected = {0: 0, 9.9: 0, 10: 1, 29.9: 1, 30: 2, 60: 3, 73.3: 4, 90: 5, 100: 5}
        self.assertEqual({s: get_stars(s) for s in expected}, expected)

    def test_a_fact_of_a_year_ago_weighs_half(self):
        self.assertEqual(fade(365), 0.5)
        self.assertEqual(score(Fact(-2, 365)), score(Fact(-1, 0)))

    def test_the_age_is_never_negative(self):
        now = datetime(2026, 3, 4)
        self.assertEqual(get_age_days(now + timedelta(minutes=4), now), 0)
        self.assertEqual(get_age_days(now - timedelta(hours=12), now), 0.5)

    def test_the_prior_is_the_mean_of_all_rated_from_thirty_on(self):
        rated = [Sums(1, 1)] * 15 + [Sums(0, 2)] * 14
        self.assertEqual(get_prior(rated), 0.6)
        self.assertEqual(get_prior([*rated, Sums()]), 0.6)
        self.assertAlmostEqual(get_prior([*rated, Sums(0, 2)]), 15 / 45)


@tagged("post_install", "-at_install", "crm_real_estate")
class ReliabilityByChance(BaseCase):
    @settings(derandomize=True, max_examples=200, deadline=None)
    @given(FACTS, st.floats(0, 1))
    def test_it_equals_a_plain_loop(self, facts, prior):
        found = get_score(add_up(facts), prior)
        self.assertAlmostEqual(found, score_in_a_plain_loop(facts, prior), delta=0.051)

    @settings(derandomize=True, max_examples=200, deadline=None)
    @given(FACTS, st.floats(0, 1))
    def test_it_stays_between_0_and_100(self, facts, prior):
        found = get_score(add_up(facts), prior)
        self.assertTrue(0 <= found <= 100)
        self.assertIn(get_stars(found), range(6))

    @settings(derandomize=True, max_examples=100, deadline=None)
    @given(FACTS, st.floats(0, 1), st.floats(0, 1000))
    def test_a_good_fact_never_lowers_and_a_bad_one_never_raises(self, facts, p, age):
        before = get_score(add_up(facts), p)
        self.assertGreaterEqual(get_score(add_up([*facts, Fact(1, age)]), p), before)
        self.assertLessEqual(get_score(add_up([*facts, Fact(-1, age)]), p), before)

    @settings(derandomize=True, max_examples=100, deadline=None)
    @given(FACTS, st.floats(0, 2000))
    def test_time_alone_brings_everybody_nearer_to_the_prior(self, facts, days):
        later = [Fact(fact.weight, fact.age_days + days) for fact in facts]
        far, near = (get_score(add_up(told), PRIOR) - 60 for told in (facts, later))
        self.assertLessEqual(abs(near), abs(far) + 0.1)

    @settings(derandomize=True, max_examples=50, deadline=None)
    @given(st.lists(FACTS, min_size=30, max_size=40))
    def test_the_prior_lies_between_0_and_1(self, people):
        found = get_prior([add_up(facts) for facts in people])
        self.assertTrue(0 <= found <= 1 and math.isfinite(found))
