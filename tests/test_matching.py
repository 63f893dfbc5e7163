"""Searches and properties find each other, both ways."""

import random

from lxml import etree

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time
from odoo.tools.safe_eval import safe_eval

from ..tools import matching
from .common import NOW
from .matching import MatchingCase


@freeze_time(NOW)
class TestMatching(MatchingCase):
    def test_a_property_finds_searches_and_a_search_finds_properties(self):
        """M113: both ways, whichever comes last."""
        early = self._create_search()
        prop = self._create_offer()
        late = self._create_search(self._create_contact("Late"))
        self.assertEqual(self._get_pairs(prop).search_id, early | late)
        self.assertEqual((prop.match_count, early.match_count), (2, 1))

    def test_a_search_is_entered_in_its_form_and_finds_at_once(self):
        prop = self._create_offer()
        with Form(self.env["estate.search"].with_user(self.agent)) as form:
            form.partner_id = self.seeker
            form.price_max = 5_500_000
            form.type_ids.add(self.apartment)
            form.territory_ids.add(self.city)
        search = form.record
        self._settle()
        pair = self._get_pairs(search, prop).with_user(self.agent)
        self.assertEqual(pair.score, 30 + 8 + 6 + 20 + 14)
        self.assertEqual(pair.reasons_text, "price fits, place fits, type fits")

    def test_each_change_on_either_side_is_followed(self):
        search = self._create_search(
            type_ids=[Command.set(self.apartment.ids)],
            territory_ids=[Command.set(self.city.ids)],
            area_min=50,
            room_min=3,
            market="resale",
        )
        prop = self._create_offer(market="resale")
        self.assertTrue(self._fits(search, prop))
        house = self.env.ref("crm_real_estate.estate_property_type_house")
        for record, name, other, back in (
            (prop, "price", 6_000_001, 5_000_000),
            (prop, "living_area", 49, 62),
            (prop, "room_count", 2, 3),
            (prop, "market", "new", "resale"),
            (prop, "type_id", house.id, self.apartment.id),
            (prop, "zip", "602 00", "110 00"),
            (prop, "deal_type", "rent", "sale"),
            (prop, "active", False, True),
            (search, "price_max", 4_000_000, 6_000_000),
            (search, "active", False, True),
            (search, "deal_type", "rent", "sale"),
            (
                search,
                "excluded_territory_ids",
                [Command.set(self.district.ids)],
                [Command.clear()],
            ),
            (self.seeker, "active", False, True),
            (self.district, "postal_codes", "111*", "110*"),
        ):
            with self.subTest(record=record._name, name=name):
                record[name] = other
                self._settle()
                self.assertFalse(self._fits(search, prop))
                record[name] = back
                self._settle()
                self.assertTrue(self._fits(search, prop))

    def test_of_equal_matches_the_more_reliable_seeker_stands_on_top(self):
        """M93: the list of those whom a new property fits."""
        loyal, erratic = (self._create_contact(name) for name in ("Loyal", "Erratic"))
        self._create_search(erratic)
        self._create_search(loyal)
        best = self._create_search(territory_ids=[Command.set(self.city.ids)])
        self.env["estate.interaction"]._write_journal(
            [{"type": "breach", "partner_id": erratic.id}]
        )
        prop = self._create_offer()
        self.assertGreater(loyal.reliability_score, erratic.reliability_score)
        action = self.env.ref("crm_real_estate.estate_pair_action_of_property")
        self.assertIn("property_id", action.domain)
        pairs = self.env["estate.pair"].with_user(self.agent)
        listed = pairs.search([("property_id", "=", prop.id)])
        expected = best.partner_id | loyal | erratic
        self.assertEqual(listed.partner_id.ids, expected.ids)

    def test_the_most_reliable_seekers_are_rung_first_about_a_new_property(self):
        """M94: however well it fits; who refused it is not rung."""
        erratic, loyal, gone = map(self._create_contact, ("Erratic", "Loyal", "Gone"))
        near = self._create_search(erratic, territory_ids=[Command.set(self.city.ids)])
        self._create_search(loyal)
        self._create_search(gone)
        self.env["estate.interaction"]._write_journal(
            [{"type": "breach", "partner_id": erratic.id}]
        )
        prop = self._create_offer()
        pairs = self._get_pairs(prop)
        self.assertEqual(pairs[0].search_id, near)
        pairs.filtered(lambda pair: pair.partner_id == gone).state = "refused"
        action = self.env.ref("crm_real_estate.estate_pair_action_call_list")
        view = action.view_ids.filtered(lambda one: one.view_mode == "list").view_id
        order = etree.fromstring(
            self.env["estate.pair"].get_view(view.id, "list")["arch"]
        ).get("default_order")
        domain = safe_eval(action.domain, {"active_id": prop.id})
        listed = (
            self.env["estate.pair"].with_user(self.agent).search(domain, order=order)
        )
        self.assertEqual(listed.partner_id.ids, (loyal | erratic).ids)

    def test_only_what_is_on_the_market_is_matched(self):
        search = self._create_search()
        prop = self._create_offer(state="acquisition")
        self.assertFalse(self._get_pairs(prop))
        prop.state = "on_market"
        self._settle()
        self.assertTrue(self._fits(search, prop))

    def test_a_search_without_a_match_waits_for_the_first_fitting_property(self):
        """M78: months later he is listed."""
        search = self._create_search(room_min=5)
        self.assertFalse(search.pair_ids)
        with freeze_time("2026-12-01 10:00:00"):
            prop = self._create_offer(room_count=5)
            self.assertTrue(self._fits(search, prop))

    def test_a_change_touches_its_own_pairs_only(self):
        self._create_search()
        first, second = self._create_offer(), self._create_offer()
        other = self._get_pairs(second)
        before = other.read(["score", "reasons"])
        self.env.cr.execute("SELECT xmin FROM estate_pair WHERE id = %s", other.ids)
        version = self.env.cr.fetchone()
        first.price = 5_900_000
        self._settle()
        self.env.cr.execute("SELECT xmin FROM estate_pair WHERE id = %s", other.ids)
        self.assertEqual(self.env.cr.fetchone(), version)
        self.assertEqual(other.read(["score", "reasons"]), before)

    def test_many_changes_are_left_to_the_job_which_may_run_twice(self):
        search = self._create_search()
        values = {"deal_type": "sale", "price": 1_000_000, "state": "on_market"}
        props = self.env["estate.property"].create([dict(values) for _n in range(60)])
        self._settle()
        self.assertFalse(self._get_pairs(search))
        cron = self.env.ref("crm_real_estate.ir_cron_match")
        for _run in range(2):
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.assertEqual(self._get_pairs(search).property_id, props)
            self.assertFalse(self.env["estate.match.mark"].search([]))

    def test_prices_in_other_money_are_compared_in_the_companys(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        company = self.env["res.company"].create(
            {"name": "Czech", "currency_id": self.env.ref("base.CZK").id}
        )
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "company_id": company.id,
                "name": "2020-01-01",
                "rate": 0.04,
            }
        )
        search = self._create_search(company_id=company.id, agent_id=False)
        values = {"company_id": company.id, "currency_id": euro.id, "agent_id": False}
        cheap = self._create_offer(price=240_000, **values)
        dear = self._create_offer(price=240_001, **values)
        self.assertTrue(self._fits(search, cheap))
        self.assertFalse(self._fits(search, dear))

    def test_limits_that_contradict_each_other_are_refused(self):
        for values in ({"price_min": 7_000_000}, {"area_min": -1}):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._create_search(**values)

    def test_a_company_sees_its_own_searches_and_matches_alone(self):
        search = self._create_search()
        prop = self._create_offer()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._create_user(
            "stranger",
            "group_agent",
            company_ids=[Command.set(other.ids)],
            company_id=other.id,
        )
        for record in (search, self._get_pairs(prop)):
            self.assertTrue(record.with_user(self.agent).has_access("read"))
            self.assertFalse(record.with_user(stranger).has_access("read"))

    def test_nobody_writes_a_match_but_its_buttons(self):
        self._create_search()
        pair = self._get_pairs(self._create_offer())
        with self.assertRaises(AccessError):
            pair.with_user(self.manager).score = 100


class TestMatchingAgainstPlainPython(MatchingCase):
    def test_all_pairs_of_2000_searches_and_200_properties_are_those_of_python(self):
        """400,000 pairs, score and reasons included."""
        chance = random.Random(5)
        places = self.city | self.district | self.elsewhere
        kinds = self.env["estate.property.type"].search([])
        props = self._create_properties(chance, kinds)
        searches = self._create_searches(chance, kinds, places)
        self.env["estate.pair"]._match_all()
        found = {
            (pair.search_id.id, pair.property_id.id): (pair.score, pair.reasons)
            for pair in self.env["estate.pair"].search([])
        }
        gather = self.env["estate.pair"]
        offered = {prop.id: gather._gather_offered(prop) for prop in props}
        expected = {}
        for search in searches:
            wanted = gather._gather_wanted(search)
            for prop_id, offer in offered.items():
                if match := matching.compare(wanted, offer):
                    told = (match.score, matching.pack(match.reasons))
                    expected[search.id, prop_id] = told
        self.assertGreater(len(expected), 2000)
        self.assertEqual(found, expected)
        # Few at once go by the index instead of the join: nothing is left to do.
        few = self.env["estate.pair"]._match(props[:50], self.env["estate.search"])
        self.assertEqual(few, [0, 0, 0])

    def _create_properties(self, chance, kinds):
        def pick(*values):
            return chance.choice((*values, False))

        return self.env["estate.property"].create(
            [
                {
                    "state": "on_market",
                    "deal_type": chance.choice(("sale", "rent")),
                    "type_id": chance.choice(kinds).id,
                    "price": chance.choice((0, 100, 110, 115.5, 120, 200, 333.33)),
                    "living_area": chance.choice((0, 40, 44, 50, 60.5, 90)),
                    "plot_area": chance.choice((0, 45, 400)),
                    "room_count": chance.choice((0, 1, 2, 2.5, 3)),
                    "zip": chance.choice(("110 00", "602 00", "100 00")),
                    "segment": pick("economy", "premium"),
                    "market": pick("new", "resale"),
                }
                for _number in range(200)
            ]
        )

    def _create_searches(self, chance, kinds, places):
        def some(records, most):
            ids = chance.sample(records.ids, chance.randint(0, most))
            return [Command.set(ids)]

        def limits(name, values):
            low, high = sorted(chance.sample(values, 2))
            return {
                f"{name}_min": chance.choice((0, low)),
                f"{name}_max": chance.choice((0, high)),
            }

        return self.env["estate.search"].create(
            [
                {
                    "partner_id": self.seeker.id,
                    "deal_type": chance.choice(("sale", "rent")),
                    "type_ids": some(kinds, 2),
                    "territory_ids": some(places, 2),
                    "excluded_territory_ids": chance.choice(
                        (some(places, 1), [Command.clear()])
                    ),
                    "tolerance_percent": chance.choice((0, 0, 5, 10)),
                    "segment": chance.choice((False, False, False, "premium")),
                    "market": chance.choice((False, False, "new")),
                    "usage": chance.choice((False, False, False, "residential")),
                    **limits("price", (90, 100, 105, 110, 180, 300.3)),
                    **limits("area", (36, 40, 44, 50, 55, 81)),
                    **limits("room", (1, 2, 2.5, 3, 4)),
                }
                for _number in range(2000)
            ]
        )
