"""Coordinates by address: asked for in the background, never over what is given."""

from datetime import timedelta
from threading import Event
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time

from .common import NOW, EstateCase

PRAGUE = (50.0875, 14.4213)
PLACE = "odoo.addons.crm_real_estate.models.property.estate_property_place"


@freeze_time(NOW)
class GeocodingCase(EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["estate.property"].search([]).active = False
        cls.prop = cls._create_property()
        cls.cron = cls.env.ref("crm_real_estate.ir_cron_geocode")

    def _run(self, answer=PRAGUE, hours=0):
        """Run the job with a provider that gives this answer; return what it was asked.

        :param answer: coordinates, None, an error, or a function of the query
        """
        asked, self.pauses = [], []

        def find(_geocoder, query, **_options):
            asked.append(query)
            found = answer(query) if callable(answer) else answer
            if isinstance(found, Exception):
                raise found
            return found

        geocoder = type(self.env["base.geocoder"])
        with (
            freeze_time(NOW + timedelta(hours=hours)),
            patch.object(geocoder, "geo_find", find),
            patch(f"{PLACE}.sleep", self.pauses.append),
            self.enter_registry_test_mode(),
        ):
            self.cron.method_direct_trigger()
        self.env.invalidate_all()
        return asked

    def _get_point(self, prop=None):
        prop = prop or self.prop
        return (prop.latitude, prop.longitude)


class FoundByAddress(GeocodingCase):
    def test_a_property_gets_its_coordinates_and_its_territory(self):
        ring = [[14, 50], [15, 50], [15, 51], [14, 51], [14, 50]]
        area = {"type": "Polygon", "coordinates": [ring]}
        centre = self.env["estate.territory"].create({"name": "Centre", "area": area})
        asked = self._run()
        self.assertEqual(len(asked), 1)
        self.assertIn("Dlouhá 1", asked[0])
        self.assertEqual(self._get_point(), PRAGUE)
        self.assertTrue(self.prop.is_geocoded)
        self.assertEqual(self.prop.territory_ids, centre)

    def test_a_job_that_runs_twice_asks_once(self):
        self._run()
        self.assertFalse(self._run())

    def test_coordinates_that_are_given_are_not_asked_for(self):
        self.prop.write({"latitude": 1.5, "longitude": 2.5})
        self.assertFalse(self._run())
        self.assertEqual(self._get_point(), (1.5, 2.5))

    def test_who_gives_coordinates_while_a_service_is_asked_wins(self):
        def answer(_query):
            self.prop.write({"latitude": 1.5, "longitude": 2.5})
            self.env.flush_all()
            return PRAGUE

        self._run(answer)
        self.assertEqual(self._get_point(), (1.5, 2.5))
        self.assertFalse(self.prop.is_geocoded)

    def test_who_changes_the_address_meanwhile_is_asked_for_again(self):
        def answer(_query):
            self.prop.street = "Krátká 2"
            self.env.flush_all()
            return PRAGUE

        self._run(answer)
        self.assertEqual(self._get_point(), (0, 0))
        self.assertIn("Krátká 2", self._run()[0])

    def test_a_town_alone_is_not_asked_for(self):
        self.prop.street = False
        self.assertFalse(self._run())

    def test_found_coordinates_follow_the_address(self):
        self._run()
        with Form(self.prop.with_user(self.agent)) as form:
            form.street = "Krátká 2"
        self.assertEqual(self._get_point(), (0, 0))
        self._run((1.5, 2.5))
        self.assertEqual(self._get_point(), (1.5, 2.5))

    def test_given_coordinates_stay_when_the_address_changes(self):
        self.prop.write({"latitude": 1.5, "longitude": 2.5})
        with Form(self.prop.with_user(self.agent)) as form:
            form.street = "Krátká 2"
        self.assertEqual(self._get_point(), (1.5, 2.5))

    def test_the_same_address_written_again_changes_nothing(self):
        self._run()
        self.prop.write({"street": "Dlouhá 1", "city": "Praha"})
        self.assertEqual(self._get_point(), PRAGUE)

    def test_found_coordinates_give_way_to_imported_ones(self):
        self._run()
        self.prop.write({"latitude": 1.5, "longitude": 2.5, "street": "Krátká 2"})
        self.assertEqual(self._get_point(), (1.5, 2.5))
        self.assertFalse(self.prop.is_geocoded)


class ServicesThatFail(GeocodingCase):
    def test_an_unknown_address_is_kept_with_a_next_try(self):
        self._run(None)
        self.assertIn("not found on the map", self.prop.geocode_error)
        self.assertEqual(self.prop.geocode_next_at, NOW + timedelta(hours=1))
        self.assertFalse(self._run(hours=0.9))
        self.assertTrue(self._run(None, hours=1))
        self.assertEqual(self.prop.geocode_next_at, NOW + timedelta(hours=25))

    def test_an_error_of_the_service_is_kept_word_by_word(self):
        self._run(UserError("Quota exceeded"))
        self.assertEqual(self.prop.geocode_error, "Quota exceeded")
        self._run(hours=2)
        self.assertFalse(self.prop.geocode_error)
        self.assertEqual(self._get_point(), PRAGUE)

    def test_an_answer_that_is_not_on_earth_is_no_answer(self):
        self._run((950.0, 14.0))
        self.assertEqual(self._get_point(), (0, 0))
        self.assertTrue(self.prop.geocode_next_at)

    def test_a_service_that_does_not_answer_is_left(self):
        released = Event()
        self.addCleanup(released.set)
        with patch(f"{PLACE}.TIMEOUT_SECONDS", 0.05), self.assertLogs(PLACE) as told:
            self._run(lambda _query: released.wait(20))
        self.assertIn("did not answer", told.output[0])
        self.assertIn("in time", self.prop.geocode_error)

    def test_a_service_that_is_down_is_not_asked_by_all(self):
        for number in range(5):
            self._create_property(street=f"Dlouhá {number + 2}")
        self.assertEqual(len(self._run(UserError("Down"))), 3)

    def test_unknown_addresses_do_not_stop_the_others(self):
        for number in range(5):
            self._create_property(street=f"Dlouhá {number + 2}")
        self.assertEqual(len(self._run(None)), 6)

    def test_a_new_address_is_asked_for_at_once(self):
        self._run(None)
        self.prop.street = "Krátká 2"
        self.assertTrue(self._run())
        self.assertEqual(self._get_point(), PRAGUE)


class Manners(GeocodingCase):
    def test_one_request_a_second(self):
        self._create_property(street="Krátká 2")
        self._run()
        self.assertEqual(self.pauses, [1, 1])

    def test_the_job_is_off_until_the_settings_switch_it_on(self):
        self.assertFalse(self.cron.active)
        settings = self._create_user("settings", "group_settings")
        settings.group_ids += self.env.ref("base.group_system")
        for wanted in (True, False):
            page = self.env["res.config.settings"].with_user(settings).create({})
            with Form(page) as form:
                form.estate_is_geocoding = wanted
            page.execute()
            self.assertEqual(self.cron.active, wanted)

    def test_nothing_is_asked_while_a_property_is_saved(self):
        geocoder = type(self.env["base.geocoder"])
        with patch.object(geocoder, "geo_find") as asked:
            self._create_property(street="Krátká 2").street = "Krátká 3"
            self.env.flush_all()
        asked.assert_not_called()

    def test_the_next_search_is_told_in_the_time_of_the_agency(self):
        self._run(None)
        self.assertGreater(self.prop.geocode_next_at, fields.Datetime.now())
