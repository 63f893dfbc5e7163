"""The rule of the intake filter: what fits, what is open, what is the same offer."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import places
from ..tools.intake_filter import Candidate, Criterion, Offer, find_keys, judge

FLAT = Candidate("sale", 1, Decimal(3_000_000), "110 00", "Praha 1", frozenset({9}))
WANTED = Criterion(
    1,
    "sale",
    frozenset({1, 2}),
    Decimal(2_000_000),
    Decimal(5_000_000),
    frozenset({9}),
)
PRICES = st.none() | st.integers(0, 100).map(Decimal)


def change(value, **values):
    names = value.__dataclass_fields__
    return type(value)(**({n: getattr(value, n) for n in names} | values))


@tagged("post_install", "-at_install", "crm_real_estate")
class TestJudge(BaseCase):
    def _judge(self, *criteria, **values):
        verdict = judge(change(FLAT, **values), criteria or [WANTED])
        return verdict.outcome, verdict.points

    def test_each_value_is_compared(self):
        for values, expected in (
            ({}, ("fits", ())),
            ({"deal_type": "rent"}, ("refused", ("deal",))),
            ({"type": 3}, ("refused", ("type",))),
            ({"price": Decimal(1_999_999)}, ("refused", ("price_low",))),
            ({"price": Decimal(2_000_000)}, ("fits", ())),
            ({"price": Decimal("4999999.99")}, ("fits", ())),
            ({"price": Decimal(5_000_000)}, ("refused", ("price_high",))),
            ({"territories": frozenset({8})}, ("refused", ("place",))),
            ({"deal_type": ""}, ("open", ("deal",))),
            ({"type": None, "price": None}, ("open", ("type", "price"))),
            ({"type": None, "deal_type": "rent"}, ("refused", ("deal",))),
            (
                {"zip": "", "city": "", "territories": frozenset()},
                ("open", ("place",)),
            ),
        ):
            with self.subTest(values):
                self.assertEqual(self._judge(**values), expected)

    def test_a_place_fits_by_territory_postal_code_or_city(self):
        by_code = Criterion(1, codes=places.read_codes("110*"))
        by_city = Criterion(1, cities=places.read_cities("Praha 1"))
        for criterion in (by_code, by_city):
            self.assertEqual(self._judge(criterion, territories=frozenset())[0], "fits")
            self.assertEqual(
                self._judge(criterion, zip="602 00", city="Brno"),
                ("refused", ("place",)),
            )

    def test_the_nearest_criterion_gives_the_reason(self):
        far = Criterion(2, "rent", frozenset({5}))
        verdict = judge(change(FLAT, price=Decimal(6_000_000)), [far, WANTED])
        self.assertEqual((verdict.key, verdict.points), (1, ("price_high",)))

    def test_what_may_fit_one_criterion_is_not_refused_by_another(self):
        other = Criterion(2, "rent")
        self.assertEqual(self._judge(other, WANTED, price=None), ("open", ("price",)))

    def test_no_criteria_let_everything_in(self):
        self.assertEqual(judge(Candidate(), []).outcome, "fits")

    @settings(derandomize=True)
    @given(PRICES, PRICES, PRICES)
    def test_another_criterion_never_shuts_out_what_fits(self, price, low, high):
        candidate = change(FLAT, price=price)
        one = Criterion(1, price_min=low, price_max=high)
        more = [one, Criterion(2, "rent")]
        before, after = judge(candidate, [one]), judge(candidate, more)
        self.assertEqual(before.outcome == "fits", after.outcome == "fits")


@tagged("post_install", "-at_install", "crm_real_estate")
class TestSameOffer(BaseCase):
    OFFER = Offer(
        "sale",
        "Dlouhá 1",
        "110 00",
        "Praha 1",
        62.2,
        Decimal("3000000.00"),
        frozenset({"+420777123456"}),
    )

    def _is_same(self, **values):
        return bool(find_keys(self.OFFER) & find_keys(change(self.OFFER, **values)))

    def test_how_it_is_written_does_not_matter(self):
        self.assertTrue(
            self._is_same(street="DLOUHA  1", zip="11000", phones=frozenset())
        )
        self.assertTrue(self._is_same(zip="", city="Praha", phones=frozenset()))
        self.assertTrue(self._is_same(street="", price=Decimal(3_000_000)))

    def test_another_deal_area_house_or_town_is_another_offer(self):
        alone = {"phones": frozenset()}
        for values in (
            {"deal_type": "rent"},
            {"area": 70.0},
            {"street": "Dlouhá 3"},
            {"zip": "602 00", "city": "Brno"},
            {"street": "", "area": None},
        ):
            with self.subTest(values):
                self.assertFalse(self._is_same(**values, **alone))

    def test_unknown_values_are_the_same_as_nothing(self):
        self.assertFalse(find_keys(Offer("sale")))
        self.assertFalse(find_keys(Offer("sale", phones=frozenset({"+420777123456"}))))
