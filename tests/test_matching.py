"""Searches and properties find each other, both ways, and remember it."""

import random

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command, Datetime
from odoo.tests import Form, freeze_time

from ..tools import matching
from .common import NOW, EstateCase


class MatchingCase(EstateCase):
    """Sam searches for an apartment in Prague for up to 6 million."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reasons = {
            name: cls.env.ref(f"crm_real_estate.estate_refusal_reason_{name}")
            for name in ("price", "small", "other", "found")
        }
        territories = cls.env["estate.territory"]
        cls.city = territories.create({"name": "Praha"})
        cls.district = territories.create(
            {"name": "Praha 1", "parent_id": cls.city.id, "postal_codes": "110*"}
        )
        cls.elsewhere = territories.create({"name": "Brno", "postal_codes": "602*"})
        cls.seeker = cls._create_contact("Sam Seeker", email="sam@example.com")
        cls.apartment = cls.env.ref("crm_real_estate.estate_property_type_apartment")

    @classmethod
    def _create_search(cls, partner=None, **values):
        search = cls.env["estate.search"].create(
            {
                "partner_id": (partner or cls.seeker).id,
                "agent_id": cls.agent.id,
                "deal_type": "sale",
                "price_max": 6_000_000,
                **values,
            }
        )
        cls._settle()
        return search

    @classmethod
    def _create_offer(cls, **values):
        prop = cls._create_property(
            **{"state": "on_market", "agent_id": cls.second_agent.id, **values}
        )
        cls._settle()
        return prop

    @classmethod
    def _settle(cls):
        """Do what the end of the transaction does."""
        cls.env.cr.flush()

    @classmethod
    def _get_pairs(cls, *records):
        domain = [
            ("search_id" if r._name == "estate.search" else "property_id", "=", r.id)
            for r in records
        ]
        return cls.env["estate.pair"].search(domain)

    def _fits(self, search, prop):
        return bool(self._get_pairs(search, prop).filtered("is_fitting"))


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
        """M93, M94: the list to ring from for a new property."""
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


@freeze_time(NOW)
class TestMemory(MatchingCase):
    """What was sent, refused or left out stays so, until what it was about changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(NOW):
            cls.search = cls._create_search()
            cls.prop = cls._create_offer()
        cls.pair = cls._get_pairs(cls.search, cls.prop)

    def _refuse(self, pair, reason, user=None):
        wizard = self.env["estate.pair.refuse"].with_user(user or self.agent)
        wizard = wizard.with_context(**pair.action_refuse()["context"])
        with Form(wizard) as form:
            form.reason_id = self.reasons[reason]
        form.record.action_refuse()

    def _is_sendable(self):
        domain = self.env["estate.pair"]._get_sendable_domain()
        return bool(self.pair.search([("id", "=", self.pair.id), *domain]))

    def test_a_refusal_ends_the_lead_and_is_written_to_the_journal(self):
        """M117: in one transaction, with the reason."""
        lead = self._create_seeker_lead(self.prop, self.seeker)
        self._refuse(self.pair, "small")
        self.assertEqual(self.pair.state, "refused")
        self.assertEqual(self.pair.refusal_reason_id, self.reasons["small"])
        self.assertEqual(lead.won_status, "lost")
        self.assertTrue(lead.stage_id.is_cancellation)
        row = lead.interaction_ids.filtered(lambda r: r.type_code == "offer_refused")
        self.assertEqual(row.search_id, self.search)
        self.assertEqual(row.summary, "Too small")
        self.assertEqual(row.user_id, self.agent)

    def test_a_refusal_stays_also_when_it_no_longer_fits_and_fits_again(self):
        """M117: refused with a reason stays refused."""
        self._refuse(self.pair, "small")
        self.prop.price = 9_000_000
        self._settle()
        self.assertTrue(self.pair.exists())
        self.assertFalse(self.pair.is_fitting)
        self.prop.price = 4_000_000
        self._settle()
        self.assertTrue(self.pair.is_fitting)
        self.assertEqual(self.pair.state, "refused")
        self.assertFalse(self._is_sendable())

    def test_who_refused_the_price_gets_it_again_when_it_falls(self):
        self._refuse(self.pair, "price")
        self.assertFalse(self._is_sendable())
        self.prop.price = 5_100_000
        self.assertFalse(self._is_sendable())
        self.prop.price = 4_900_000
        self.assertTrue(self._is_sendable())

    def test_who_searches_no_longer_is_offered_nothing_more(self):
        self._refuse(self.pair, "found")
        self._settle()
        self.assertFalse(self.search.active)
        self.assertFalse(self._get_pairs(self.search, self._create_offer()))

    def test_who_is_left_out_is_so_until_he_is_taken_in_again(self):
        pair = self.pair.with_user(self.agent)
        pair.action_exclude()
        self.prop.price = 4_000_000
        self._settle()
        self.assertEqual(self.pair.state, "excluded")
        self.assertFalse(self._is_sendable())
        pair.action_include()
        self.assertTrue(self._is_sendable())

    def test_ending_the_enquiry_by_hand_is_remembered_too(self):
        self.pair.with_user(self.agent).action_interested()
        lead = self.pair.lead_id
        self.assertEqual(lead.phase_number, 2)
        lead.action_set_lost()
        self.assertEqual(self.pair.state, "refused")

    def test_interest_on_the_phone_is_an_enquiry_from_now_on(self):
        self.pair.with_user(self.agent).action_call()
        lead = self.pair.lead_id
        self.assertEqual((lead.phase_number, lead.received_at), (1, False))
        self.assertEqual(lead.user_id, self.agent)
        with freeze_time("2026-03-04 10:00:00"):
            self.pair.with_user(self.agent).action_interested()
        self.assertEqual(lead.phase_number, 2)
        self.assertEqual(lead.received_at, Datetime.to_datetime("2026-03-04 10:00:00"))
        self.assertIn("offer_answered", self._codes(lead))

    def test_a_merged_contact_takes_his_searches_and_memory_along(self):
        self._refuse(self.pair, "small")
        twin = self._create_contact("Samuel Seeker")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((twin | self.seeker).ids, twin)
        self.assertEqual(self.search.partner_id, twin)
        self.assertEqual(self.pair.partner_id, twin)
        self.assertEqual(self.pair.state, "refused")

    def test_an_erased_person_searches_no_longer_and_his_words_are_gone(self):
        self.search.write({"note": "Sam is getting married", "name": "For Sam"})
        wizard = self.env["estate.erase.contact"].with_user(self.director)
        wizard.create({"partner_id": self.seeker.id, "reason": "Asked"}).action_erase()
        self.assertFalse(self.search.active or self.search.note or self.search.name)
        self._settle()
        self.assertFalse(self._fits(self.search, self.prop))


@freeze_time(NOW)
class TestSearchOfAnEnquiry(MatchingCase):
    def test_an_enquiry_becomes_a_search_with_one_click(self):
        prop = self._create_offer()
        lead = self._create_seeker_lead(prop, self.seeker)
        action = lead.with_user(self.agent).action_open_search()
        search = self.env["estate.search"].browse(action["res_id"])
        self.assertEqual(lead.search_id, search)
        self.assertEqual(search.type_ids, self.apartment)
        self.assertEqual(search.territory_ids, self.district)
        self.assertEqual(search.price_max, 5_000_000)
        self._settle()
        self.assertTrue(self._fits(search, prop))
        self._log(lead, "letter")
        rows = lead.interaction_ids.filtered(lambda row: row.type_code == "letter")
        self.assertEqual(rows.search_id, search)

    def test_a_general_demand_has_a_search_and_no_property_and_is_open_once(self):
        search = self._create_search()
        values = {
            "name": "Wants a flat",
            "lead_role": "seeker",
            "partner_id": self.seeker.id,
            "deal_type": "sale",
            "search_id": search.id,
        }
        self.env["crm.lead"].create(values)
        with self.assertRaises(ValidationError):
            self.env["crm.lead"].create(values)

    def test_who_must_sell_first_is_listed_with_a_task_for_the_agent(self):
        """M128: possible vendors."""
        lead = self._create_seeker_lead(self._create_offer(), self.seeker)
        action = self.env.ref("crm_real_estate.res_partner_action_vendors")
        contacts = self.env["res.partner"].with_user(self.agent)

        def listed():
            return self.seeker in contacts.search([("is_possible_vendor", "=", True)])

        self.assertIn("is_possible_vendor", action.domain)
        self.assertFalse(listed())
        with Form(lead.with_user(self.agent), self._get_form()) as form:
            form.must_sell_first = True
        self.assertTrue(listed())
        kind = self.env.ref("crm_real_estate.mail_activity_type_vendor")
        task = lead.activity_ids.filtered(lambda t: t.activity_type_id == kind)
        self.assertEqual(task.user_id, self.agent)
        lead.must_sell_first = False
        lead.must_sell_first = True
        tasks = lead.activity_ids.filtered(lambda t: t.activity_type_id == kind)
        self.assertEqual(len(tasks), 1)

    def _get_form(self):
        return "crm_real_estate.crm_lead_view_form_estate"

    def test_a_seeker_who_owns_is_a_possible_vendor_until_his_property_is_sold(self):
        self._create_search()
        contacts = self.env["res.partner"].with_user(self.agent)
        domain = [("is_possible_vendor", "=", True), ("id", "=", self.seeker.id)]
        self.assertFalse(contacts.search(domain))
        owned = self._create_property(owner_ids=self.seeker)
        self.assertTrue(contacts.search(domain))
        self.assertTrue(self.seeker.with_user(self.agent).is_possible_vendor)
        owned.state = "closed"
        self.assertFalse(contacts.search(domain))
