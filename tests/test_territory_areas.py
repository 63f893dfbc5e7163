"""Areas of territories: who lies in them, what is refused, what a change costs."""

import json
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form

from .common import EstateCase

# From more properties on their territories are found at once.
MANY = "odoo.addons.crm_real_estate.models.property.estate_property_territory.MANY"


def square(west, south, size):
    """Return a GeoJSON polygon around a square."""
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


class AreaCase(EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = cls._create_user("settings", "group_settings")
        cls.prop = cls._create_property(
            zip=False, city=False, latitude=50.08, longitude=14.42
        )
        cls.area = square(14.4, 50.0, 0.1)

    @classmethod
    def _create_territory(cls, name="Centre", **values):
        return cls.env["estate.territory"].create({"name": name, **values})

    def _place(self, prop, latitude, longitude):
        with Form(prop.with_user(self.agent)) as form:
            form.latitude, form.longitude = latitude, longitude


class PropertiesInAreas(AreaCase):
    def test_a_property_lies_in_the_area_drawn_around_it(self):
        """M23, M32: a point inside of a drawn area belongs to its territory."""
        form = Form(self.env["estate.territory"].with_user(self.settings))
        form.name, form.area = "Centre", self.area
        centre = form.save()
        self.assertEqual(centre.property_count, 1)
        self.assertEqual(self.prop.territory_ids, centre)

    def test_a_point_outside_of_the_area_does_not_belong(self):
        """M23, M32: the twin: two zones, the object lies in zone 2 alone."""
        zones = self._create_territory("Zone 1", area=square(15.0, 50.0, 0.1))
        zones |= self._create_territory("Zone 2", area=self.area)
        self.assertEqual(self.prop.territory_ids, zones[1])
        self._place(self.prop, 50.05, 15.05)
        self.assertEqual(self.prop.territory_ids, zones[0])

    def test_a_part_counts_for_its_parents(self):
        city = self._create_territory("City")
        centre = self._create_territory(area=self.area, parent_id=city.id)
        self.assertEqual(self.prop.territory_ids, city | centre)

    def test_a_property_without_coordinates_lies_in_no_area(self):
        self._create_territory(area=square(-1, -1, 2))
        self._place(self.prop, 0, 0)
        self.assertFalse(self.prop.territory_ids)

    def test_a_hole_is_left_out(self):
        hole = square(14.41, 50.07, 0.02)["coordinates"][0]
        outline = self.area["coordinates"][0]
        ring = {"type": "Polygon", "coordinates": [outline, hole]}
        self._create_territory(area=ring)
        self.assertFalse(self.prop.territory_ids)

    def test_an_area_that_is_redrawn_takes_and_gives(self):
        other = self._create_property(
            zip=False, city=False, latitude=51.0, longitude=15.0
        )
        centre = self._create_territory(area=self.area)
        with Form(centre) as form:
            form.area = square(14.95, 50.95, 0.1)
        self.assertFalse(self.prop.territory_ids)
        self.assertEqual(other.territory_ids, centre)

    def test_an_area_that_is_removed_holds_nothing(self):
        centre = self._create_territory(area=self.area)
        with Form(centre) as form:
            form.area = False
        self.assertFalse(centre.area)
        self.assertFalse(self.prop.territory_ids)

    def test_an_area_that_is_removed_leaves_the_postal_codes(self):
        self.prop.zip = "11000"
        centre = self._create_territory(area=self.area, postal_codes="110*")
        centre.area = False
        self.assertEqual(self.prop.territory_ids, centre)

    def test_an_archived_area_holds_nothing(self):
        centre = self._create_territory(area=self.area)
        centre.action_archive()
        self.assertFalse(self.prop.with_context(active_test=False).territory_ids)

    def test_a_text_is_stored_as_what_it_says(self):
        centre = self._create_territory(area=json.dumps(self.area))
        self.assertEqual(centre.area, self.area)
        self.assertEqual(self.prop.territory_ids, centre)

    def test_an_area_is_imported_from_a_table_and_exported(self):
        result = self.env["estate.territory"].load(
            ["name", "area"], [["Centre", json.dumps(self.area)]]
        )
        self.assertFalse(result["messages"])
        centre = self.env["estate.territory"].browse(result["ids"])
        self.assertEqual(self.prop.territory_ids, centre)
        [[text]] = centre.export_data(["area"])["datas"]
        self.assertEqual(json.loads(text), self.area)

    def test_territories_with_an_area_can_be_searched_for(self):
        drawn = self._create_territory(area=self.area)
        written = self._create_territory("Written", postal_codes="7*")
        both = drawn | written
        found = both.search([("area", "!=", False), ("id", "in", both.ids)])
        self.assertEqual(found, drawn)

    def test_an_agent_sees_areas_and_does_not_draw_them(self):
        centre = self._create_territory(area=self.area).with_user(self.agent)
        self.assertEqual(centre.area, self.area)
        with self.assertRaises(AccessError):
            centre.area = False


class RefusedAreas(AreaCase):
    def test_the_refusal_names_the_territory_and_the_place(self):
        bow_tie = [[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]
        crossing = {"type": "Polygon", "coordinates": [bow_tie]}
        sentence = "Centre: lines of the area cross or touch near longitude 1.0"
        with self.assertRaisesRegex(ValidationError, sentence):
            self._create_territory(area=crossing)

    def test_an_open_line_is_refused_when_a_territory_is_changed(self):
        centre = self._create_territory(area=self.area)
        opened = {"type": "Polygon", "coordinates": [self.area["coordinates"][0][:-1]]}
        sentence = "Centre: line 1 of part 1 of the area is not closed"
        with self.assertRaisesRegex(ValidationError, sentence):
            centre.area = opened
        self.assertEqual(centre.area, self.area)

    def test_each_kind_of_refusal_has_its_sentence(self):
        def ring(*points):
            return {"type": "Polygon", "coordinates": [list(points)]}

        crowd = [[number / 30_000, 0] for number in range(30_000)]
        holes = [square(0, 0, 1)["coordinates"][0]] * 2_500
        for value, sentence in (
            ("{", "cannot be read. Draw it"),
            ({"type": "LineString"}, "not of LineString"),
            ({"type": "MultiPolygon", "coordinates": []}, "no polygon"),
            ({"type": "Polygon", "coordinates": [1]}, "line 1 of part 1"),
            (ring([0, 0], [1, 1], [0, 0]), "at least three"),
            (ring([0, 0], [1, "x"], [1, 1], [0, 0]), "without longitude"),
            (ring([0, 0], [1000, 1], [1, 1], [0, 0]), "not on Earth"),
            (ring(*crowd), "30000 points"),
            ({"type": "Polygon", "coordinates": holes}, "2500 outlines"),
        ):
            with self.subTest(sentence):
                with self.assertRaisesRegex(ValidationError, sentence) as refused:
                    self._create_territory("Far", area=value)
                self.assertTrue(str(refused.exception).startswith("Far: "))

    def test_coordinates_of_a_property_are_on_earth(self):
        with self.assertRaisesRegex(ValidationError, "is not on Earth"):
            self._place(self.prop, 95, 14)
        self._place(self.prop, 90, -180)


class CostOfChanges(AreaCase):
    def _count_queries(self, change):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        change()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_change_costs_the_same_for_few_and_many_properties(self):
        centre = self._create_territory(area=square(0, 0, 1))

        def enlarge():
            centre.area = self.area

        few = self._count_queries(enlarge)
        centre.area = square(0, 0, 1)
        self.env["estate.property"].create(
            [
                {"latitude": 50.0 + number / 1000, "longitude": 14.45}
                for number in range(50)
            ]
        )
        self.assertEqual(self._count_queries(enlarge), few)
        self.assertEqual(centre.property_count, 51)

    def test_many_areas_cost_as_much_as_few(self):
        def create(count):
            self.env["estate.territory"].create(
                [{"name": "Zone", "area": self.area} for _number in range(count)]
            )

        create(1)
        few = self._count_queries(lambda: create(5))
        self.assertEqual(self._count_queries(lambda: create(30)), few)

    def test_an_area_that_is_redrawn_asks_only_who_may_be_concerned(self):
        centre = self._create_territory(area=self.area)
        far = self._create_property(zip=False, city=False, latitude=1, longitude=1)
        self.env.flush_all()
        centre.area = square(14.3, 50.0, 0.3)
        field = self.env["estate.property"]._fields["territory_ids"]
        pending = self.env.records_to_compute(field)
        self.assertIn(self.prop, pending)
        self.assertNotIn(far, pending)

    def _create_all_kinds(self):
        """Return properties in all kinds of territories, archived and of others too."""
        station = self.env["estate.station"].create({"name": "Muzeum"})
        other = self.env["res.company"].create({"name": "Other agency"})
        places = [{"zip": "11000"}, {"city": "Praha"}, {"station_ids": station.ids}]
        places += [
            {"latitude": 50.05, "longitude": 14.4 + number / 50} for number in range(6)
        ]
        properties = self.env["estate.property"].create(
            [
                {"active": active, "company_id": company.id} | place
                for place in places
                for active in (True, False)
                for company in (self.env.company, other)
            ]
        )
        self._create_territory("Code", postal_codes="110*")
        self._create_territory("City", city_names="Praha", company_id=other.id)
        self._create_territory("Station", station_ids=station.ids)
        self._create_territory("Area", area=self.area)
        return properties

    def test_many_properties_lie_where_few_do_and_are_found_at_once(self):
        properties = self._create_all_kinds()
        few = {prop: prop.territory_ids for prop in properties}
        names = {place.name for places in few.values() for place in places}
        self.assertEqual(names, {"Code", "City", "Station", "Area"})
        territories = self.env["estate.territory"].search([])
        with patch(MANY, 0):
            territories.active = False
            self.env.flush_all()
            self.assertFalse(properties.territory_ids)
            territories.active = True
            properties._recompute_territories()
            field = properties._fields["territory_ids"]
            self.assertFalse(self.env.records_to_compute(field))
        self.assertEqual({prop: prop.territory_ids for prop in properties}, few)
