"""Properties: what they are called, where they lie, what is told of their changes."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import EstateCase


class ReferencesOfProperties(EstateCase):
    def setUp(self):
        super().setUp()
        # Numbers that were drawn are not given back at the end of a test.
        self.env["ir.sequence"].create(
            {
                "name": "Properties of this company",
                "code": "estate.property",
                "company_id": self.company.id,
                "prefix": "A-",
                "padding": 3,
            }
        )
        self.other_company = self.env["res.company"].create({"name": "Other agency"})

    def _create_in(self, company, **values):
        owner = self._create_contact(company_id=company.id)
        return self._create_property(company_id=company.id, owner_ids=owner, **values)

    def test_a_company_numbers_by_its_own_sequence(self):
        numbers = [self._create_in(self.company).reference for _time in range(2)]
        self.assertEqual(numbers, ["A-001", "A-002"])

    def test_a_company_without_one_takes_the_common_sequence(self):
        reference = self._create_in(self.other_company).reference
        self.assertRegex(reference, r"^P\d+$")

    def test_properties_created_at_once_get_one_number_each(self):
        properties = self.env["estate.property"].create(
            [{"city": "Praha"}, {"city": "Brno"}]
        )
        self.assertEqual(properties.mapped("reference"), ["A-001", "A-002"])

    def test_an_operator_may_draw_a_number(self):
        form = Form(self.env["estate.property"].with_user(self.operator))
        form.city = "Praha"
        self.assertEqual(form.save().reference, "A-001")

    def test_a_copy_gets_its_own_number(self):
        original = self._create_in(self.company)
        self.assertEqual(original.copy().reference, "A-002")

    def test_a_number_that_is_given_stays(self):
        prop = self._create_in(self.company, reference="OLD-7")
        self.assertEqual(prop.reference, "OLD-7")

    def test_a_company_uses_a_number_once(self):
        self._create_in(self.company, reference="OLD-7")
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as refused:
            self._create_in(self.company, reference="OLD-7")
        self.assertIn("reference", str(refused.exception))

    def test_two_companies_may_use_the_same_number(self):
        self._create_in(self.company, reference="OLD-7")
        twin = self._create_in(self.other_company, reference="OLD-7")
        self.assertEqual(twin.reference, "OLD-7")


class NamesOfProperties(EstateCase):
    def test_a_name_left_empty_is_made_from_type_and_address(self):
        form = Form(self.env["estate.property"].with_user(self.agent))
        form.type_id = self.env.ref("crm_real_estate.estate_property_type_apartment")
        form.street, form.city = "Dlouhá 1", "Praha"
        self.assertEqual(form.save().name, "Apartment, Dlouhá 1, Praha")

    def test_a_name_that_is_typed_stays(self):
        form = Form(self.env["estate.property"].with_user(self.agent))
        form.name, form.city = "Flat with a view", "Praha"
        self.assertEqual(form.save().name, "Flat with a view")

    def test_a_name_that_is_emptied_is_made_again(self):
        prop = self._create_property(name="Flat with a view")
        with Form(prop.with_user(self.agent)) as form:
            form.name = False
            form.city = "Brno"
        self.assertEqual(prop.name, "Apartment, Dlouhá 1, Brno")

    def test_the_money_is_that_of_the_company(self):
        other = self.env["res.company"].create(
            {"name": "Abroad", "currency_id": self.env.ref("base.CHF").id}
        )
        prop = self.env["estate.property"].create({"company_id": other.id})
        self.assertEqual(prop.currency_id, self.env.ref("base.CHF"))

    def test_the_office_is_that_of_the_agent(self):
        prop = self._create_property(agent_id=self.agent.id)
        self.assertEqual(prop.team_id, self.office)


class TerritoriesOfProperties(EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.city = cls._create_territory("City", postal_codes="100*")
        cls.centre = cls._create_territory(
            "Centre", postal_codes="11000-11999", parent_id=cls.city.id
        )
        cls.prop = cls._create_property(zip="110 00", city="Praha")

    @classmethod
    def _create_territory(cls, name, **values):
        return cls.env["estate.territory"].create({"name": name, **values})

    def test_a_child_counts_for_its_parents(self):
        self.assertEqual(self.prop.territory_ids, self.city | self.centre)

    def test_a_city_is_enough(self):
        prague = self._create_territory("Prague", city_names="Brno, Praha")
        self.assertIn(prague, self.prop.territory_ids)

    def test_a_station_is_enough(self):
        station = self.env["estate.station"].create({"name": "Můstek", "line": "A"})
        metro = self._create_territory("Line A", station_ids=[Command.set(station.ids)])
        with Form(self.prop) as form:
            form.station_ids.add(station)
        self.assertIn(metro, self.prop.territory_ids)

    def test_a_property_that_moves_changes_its_territories(self):
        with Form(self.prop.with_user(self.agent)) as form:
            form.zip = "100 10"
        self.assertEqual(self.prop.territory_ids, self.city)

    def test_a_territory_that_grows_takes_its_properties(self):
        suburb = self._create_territory("Suburb", postal_codes="250*")
        self.assertNotIn(suburb, self.prop.territory_ids)
        with Form(suburb) as form:
            form.postal_codes = "250*, 110 00"
        self.assertIn(suburb, self.prop.territory_ids)

    def test_a_part_that_moves_to_another_parent_takes_its_properties_along(self):
        region = self._create_territory("Region")
        self.centre.parent_id = region
        self.assertEqual(self.prop.territory_ids, region | self.centre)

    def test_an_archived_territory_holds_nothing_nor_does_it_count_for_parents(self):
        self.centre.action_archive()
        self.assertFalse(self.prop.territory_ids)

    def test_a_part_of_an_archived_territory_still_holds_its_properties(self):
        self.city.action_archive()
        self.assertEqual(self.prop.territory_ids, self.centre)

    def test_a_deleted_territory_no_longer_counts_for_its_parents(self):
        self.centre.unlink()
        self.assertFalse(self.prop.territory_ids)

    def test_the_map_of_another_company_does_not_count(self):
        other = self.env["res.company"].create({"name": "Other agency"})
        foreign = self._create_territory(
            "Theirs", postal_codes="110*", company_id=other.id
        )
        self.assertNotIn(foreign, self.prop.territory_ids)

    def test_archived_properties_follow_the_map_too(self):
        self.prop.action_archive()
        self.centre.postal_codes = "99999"
        self.assertFalse(self.prop.territory_ids)

    def test_a_code_that_cannot_be_read_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Praha cannot be read"):
            self._create_territory("Typo", postal_codes="11000, Praha")

    def test_a_territory_is_no_part_of_itself(self):
        with self.assertRaises(UserError):
            self.city.parent_id = self.centre

    def test_a_change_of_the_map_costs_the_same_for_few_and_many_properties(self):
        few = self._count_queries_of_a_new_map()
        self.env["estate.property"].create([{"zip": "11000"} for _number in range(50)])
        self.assertEqual(self._count_queries_of_a_new_map(), few)

    def _count_queries_of_a_new_map(self):
        self.centre.postal_codes = "77700"
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.centre.postal_codes = "11000"
        self.env.flush_all()
        return self.env.cr.sql_log_count - before


class PropertiesOnTheMarket(EstateCase):
    def test_a_complete_property_goes_on_the_market(self):
        prop = self._create_property()
        prop.with_user(self.agent).action_put_on_market()
        self.assertEqual(prop.state, "on_market")

    def test_what_is_missing_is_named(self):
        prop = self._create_property(price=0, city=False)
        with self.assertRaisesRegex(UserError, "Fill in: Price, City") as refused:
            prop.with_user(self.agent).action_put_on_market()
        self.assertIn(prop.reference, str(refused.exception))

    def test_of_several_each_incomplete_one_is_named(self):
        properties = self._create_property(price=0) | self._create_property(city=False)
        with self.assertRaises(UserError) as refused:
            properties.action_put_on_market()
        for prop in properties:
            self.assertIn(prop.reference, str(refused.exception))


class ChangesOfProperties(EstateCase):
    def setUp(self):
        super().setUp()
        self.prop = self._create_property()

    def _lines(self, code):
        return self.prop.interaction_ids.filtered(lambda row: row.type_code == code)

    def test_a_new_price_stands_in_the_journal_once(self):
        with Form(self.prop.with_user(self.agent)) as form:
            form.price = 4_900_000
        line = self._lines("price_change")
        self.assertEqual(len(line), 1)
        self.assertRegex(line.summary, r"5,000,000.*4,900,000")
        self.assertEqual(line.user_id, self.agent)

    def test_a_new_state_stands_in_the_journal_once(self):
        self.prop.with_user(self.agent).action_put_on_market()
        line = self._lines("state_change")
        self.assertEqual(len(line), 1)
        self.assertEqual(line.summary, "From Acquisition to On the market")

    def test_a_price_saved_with_a_new_name_stands_in_the_journal_once(self):
        with Form(self.prop.with_user(self.agent)) as form:
            form.name, form.price = False, 4_900_000
        self.assertEqual(len(self._lines("price_change")), 1)

    def test_writing_the_same_again_tells_nothing(self):
        self.prop.write({"price": self.prop.price, "state": self.prop.state})
        self.assertFalse(self.prop.interaction_ids)

    def test_other_changes_tell_nothing(self):
        self.prop.write({"floor": "3", "living_area": 70})
        self.assertFalse(self.prop.interaction_ids)


class CompaniesOfProperties(EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other agency"})
        cls.prop = cls._create_property()

    def _refuses(self, **values):
        with self.assertRaisesRegex(UserError, "[Cc]ompan"):
            self.prop.write(values)

    def test_an_agent_of_another_company_is_refused(self):
        stranger = self._create_user(
            "stranger",
            "group_agent",
            company_id=self.other.id,
            company_ids=[Command.set(self.other.ids)],
        )
        self._refuses(agent_id=stranger.id)

    def test_an_office_of_another_company_is_refused(self):
        team = self._create_team("Theirs", company_id=self.other.id)
        self._refuses(team_id=team.id)

    def test_an_owner_of_another_company_is_refused(self):
        owner = self._create_contact(company_id=self.other.id)
        self._refuses(owner_ids=[Command.set(owner.ids)])

    def test_a_type_of_another_company_is_refused(self):
        kind = self.env["estate.property.type"].create(
            {"name": "Castle", "code": "castle", "company_id": self.other.id}
        )
        self._refuses(type_id=kind.id)

    def test_what_belongs_to_everybody_is_allowed(self):
        self.prop.agent_id = self.agent
        self.assertEqual(self.prop.agent_id, self.agent)
