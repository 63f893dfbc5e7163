"""Who is suitable: what the form of a member says decides who gets a lead."""

from odoo.exceptions import ValidationError

from .common import NOW
from .dispatch import DispatchCase


class SuitableOperators(DispatchCase):
    """Both operators say what they take, on the form of their membership."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        territories = cls.env["estate.territory"]
        cls.prague = territories.create({"name": "Prague", "postal_codes": "1*"})
        cls.old_town = territories.create(
            {"name": "Old Town", "postal_codes": "110*", "parent_id": cls.prague.id}
        )
        cls.brno = territories.create({"name": "Brno", "city_names": "Brno"})
        station = cls.env["estate.station"].create({"name": "Můstek", "line": "A"})
        cls.station = station
        cls.metro = territories.create(
            {"name": "Metro A", "station_ids": [(6, 0, station.ids)]}
        )
        xmlid = "crm_real_estate.estate_property_type_"
        cls.house = cls.env.ref(xmlid + "house")
        cls.apartment = cls.env.ref(xmlid + "apartment")

    def _split(self, name, first, second):
        """Let the first operator take `first` of a criterion, the second `second`."""
        self._set_criteria(self.operator, **{name: first})
        self._set_criteria(self.second_operator, **{name: second})

    def _check(self, user, **values):
        """Check that all listings with these values go to `user`, with the reason."""
        leads = self._enter(3, **values)
        self.assertEqual(leads.user_id, user)
        return leads

    def test_a_zone_goes_to_its_member(self):
        """M23: an object in zone 2 goes to member 2, and it is said why."""
        self._split("territory_ids", self.prague, self.brno)
        leads = self._check(self.second_operator, city="Brno", zip="602 00")
        self.assertEqual(self._get_reason(leads[0], self.operator), "territory")
        self._check(self.operator, zip="110 00")

    def test_a_part_of_a_zone_belongs_to_it(self):
        """M23: who has the town gets its districts, not the other way round."""
        self._split("territory_ids", self.prague, self.brno)
        self._check(self.operator, zip="110 00")

    def test_a_part_does_not_take_what_lies_elsewhere_in_the_zone(self):
        """M23: the twin of the above."""
        self._split("territory_ids", self.old_town, self.brno)
        self.assertFalse(self._enter(zip="190 00").user_id)

    def test_a_metro_line_is_a_zone(self):
        """M23: told by the station of the object."""
        self._split("territory_ids", self.brno, self.metro)
        self._check(self.second_operator, station_ids=[(6, 0, self.station.ids)])

    def test_each_deal_goes_to_its_member(self):
        """M24: rent to member 1, sale to member 2."""
        self._split("deal_type", "rent", "sale")
        leads = self._check(self.second_operator, deal_type="sale")
        self.assertEqual(self._get_reason(leads[0], self.operator), "deal")
        self._check(self.operator, deal_type="rent")

    def test_each_type_of_property_goes_to_its_member(self):
        """M24: and a kind of house is a house."""
        villa = self.env["estate.property.type"].create(
            {"name": "Villa", "code": "villa", "parent_id": self.house.id}
        )
        self._split("property_type_ids", self.house, self.apartment)
        self._check(self.operator, type_id=villa.id)
        self._check(self.second_operator, type_id=self.apartment.id)

    def test_a_price_on_the_border_belongs_to_the_band_it_begins(self):
        """M25: from is inclusive, to is exclusive: one person for each price."""
        self._set_criteria(self.operator, price_max=200_000)
        self._set_criteria(self.second_operator, price_min=200_000)
        self._check(self.operator, price=199_999.99)
        leads = self._check(self.second_operator, price=200_000)
        self.assertEqual(self._get_reason(leads[0], self.operator), "price")

    def test_a_price_in_another_currency_counts_at_todays_rate(self):
        """M25: bands are in the money of the company."""
        self.assertNotEqual(self.company.currency_id.name, "CHF")
        franc = self.env.ref("base.CHF")
        franc.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": franc.id,
                "company_id": self.company.id,
                "name": NOW.date(),
                "rate": 0.5,
            }
        )
        self._set_criteria(self.operator, price_max=200_000)
        self._set_criteria(self.second_operator, price_min=200_000)
        self._check(self.second_operator, price=100_000, currency_id=franc.id)
        self._check(self.operator, price=99_999, currency_id=franc.id)

    def test_a_property_without_price_fits_only_who_has_no_band(self):
        self._set_criteria(self.operator, price_max=200_000)
        self._check(self.second_operator, price=0)

    def test_characteristics_choose_the_member(self):
        """M33: each of the four pairs goes another way."""
        plot = self.env.ref("crm_real_estate.estate_property_type_plot")
        for name, first, second in (
            ("usage", "commercial", "residential"),
            ("market", "resale", "new"),
            ("segment", "economy", "premium"),
            ("type_id", self.house, plot),
        ):
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                is_type = name == "type_id"
                self._split("property_type_ids" if is_type else name, first, second)
                for value, user in (
                    (first, self.operator),
                    (second, self.second_operator),
                ):
                    self._check(user, **{name: value.id if is_type else value})
                savepoint.rollback()
                self.env.invalidate_all()

    def test_liquidity_chooses_the_group(self):
        """M35: high goes to one, low to the other."""
        self._split("liquidity", "high", "low")
        self._check(self.operator, liquidity="high")
        self._check(self.second_operator, liquidity="low")

    def test_criteria_work_together(self):
        """M37: zone and type and price; one that does not fit is enough to be out."""
        self._set_criteria(
            self.operator,
            territory_ids=self.prague,
            property_type_ids=self.house,
            price_max=5_000_000,
        )
        fitting = {"zip": "110 00", "type_id": self.house.id, "price": 4_000_000}
        self._get_member(self.second_operator).assignment_optout = True
        self._check(self.operator, **fitting)
        for name, value, code in (
            ("zip", "602 00", "territory"),
            ("type_id", self.apartment.id, "type"),
            ("price", 5_000_000, "price"),
        ):
            with self.subTest(code):
                lead = self._enter(**{**fitting, name: value})
                self.assertFalse(lead.user_id)
                self.assertEqual(self._get_reason(lead, self.operator), code)

    def test_the_last_rule_catches_what_fits_nobody(self):
        """M37: a rule without criteria at the end."""
        self._split("deal_type", "rent", "rent")
        self.rules["first_call"].domain = "[('deal_type', '=', 'rent')]"
        last = self._create_rule(
            "first_call", self.call_centre, sequence=99, last_resort_id=self.manager.id
        )
        lead = self._enter(deal_type="sale")
        self.assertEqual(
            (lead.user_id, lead.decision_ids.rule_id), (self.manager, last)
        )

    def test_the_filter_of_odoo_on_the_member_is_respected(self):
        member = self._get_member(self.operator)
        member.assignment_domain = "[('deal_type', '=', 'rent')]"
        leads = self._check(self.second_operator, deal_type="sale")
        self.assertEqual(self._get_reason(leads[0], self.operator), "own_filter")

    def test_who_has_enough_open_leads_gets_no_more(self):
        self._set_criteria(self.operator, open_lead_max=2)
        leads = self._enter(10)
        self.assertEqual(
            self._shares(leads)[self.operator.login], 2, "more than he may have"
        )
        last = leads.sorted("id")[-1]
        self.assertEqual(self._get_reason(last, self.operator), "full")
        self.assertEqual(last.decision_ids.reasons["open"], {str(self.operator.id): 2})

    def test_what_was_closed_makes_room(self):
        self._set_criteria(self.operator, open_lead_max=1)
        self._get_member(self.second_operator).assignment_optout = True
        first, second = self._enter(2)
        self.assertEqual((first.user_id, second.user_id.id), (self.operator, False))
        first.action_set_lost()
        self.assertEqual(self._enter().user_id, self.operator)

    def test_outside_of_his_hours_the_lead_goes_to_others_if_the_rule_says_so(self):
        self.rules["first_call"].only_at_work = True
        resources = (self.operator | self.second_operator).resource_ids
        resources.calendar_id = self.calendar
        # One o'clock in the night where he is.
        self.operator.resource_ids.tz = "America/Los_Angeles"
        leads = self._check(self.second_operator)
        self.assertEqual(self._get_reason(leads[0], self.operator), "not_at_work")
        self.rules["first_call"].only_at_work = False
        self.assertIn(self.operator, self._enter(4).user_id)

    def test_prices_that_end_before_they_begin_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "end before they begin"):
            self._set_criteria(self.operator, price_min=200, price_max=100)


class SuitableAgents(DispatchCase):
    """Owners who agreed go to the agent whom the property suits."""

    def _agree(self, **values):
        """Let an operator note that an owner agreed; return the lead."""
        lead = self._create_owner_lead(
            self._create_property(owner_ids=self._create_contact("Owner"), **values)
        )
        lead.with_user(lead.user_id).action_call_outcome("agreed", seen_count=0)
        self.env.invalidate_all()
        return lead

    def test_an_owner_who_agreed_goes_to_the_agent_of_his_zone(self):
        """M32: member 2 has the zone of the property."""
        brno = self.env["estate.territory"].create(
            {"name": "Brno", "city_names": "Brno"}
        )
        prague = self.env["estate.territory"].create(
            {"name": "Prague", "city_names": "Praha"}
        )
        self._set_criteria(self.agent, territory_ids=prague)
        self._set_criteria(self.second_agent, territory_ids=brno)
        self.assertEqual(self._agree(city="Brno").user_id, self.second_agent)
        self.assertEqual(self._agree(city="Praha").user_id, self.agent)

    def test_an_owner_who_agreed_goes_to_the_agent_of_his_deal(self):
        """M34: member 1 lets, member 2 sells."""
        self._set_criteria(self.agent, deal_type="rent")
        self._set_criteria(self.second_agent, deal_type="sale")
        self.assertEqual(self._agree(deal_type="sale").user_id, self.second_agent)
        self.assertEqual(self._agree(deal_type="rent").user_id, self.agent)
