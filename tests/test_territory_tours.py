"""The map of a territory in a browser, at a desk and on a phone."""

from odoo.tests import HttpCase, tagged

from .common import EstateCase


class MapTours:
    """An area is drawn around a property; the property shows its territory."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = cls._create_user("settings", "group_settings")
        cls.env["estate.property"].search([]).active = False
        cls.prop = cls._create_property(
            zip=False, city=False, latitude=50.08, longitude=14.42
        )
        cls.territory = cls.env["estate.territory"].create({"name": "Drawn"})

    def _tour(self, name, user, path):
        self.start_tour(f"/odoo/{path}", name, login=user.login)
        self.env.invalidate_all()

    def test_an_area_is_drawn_and_its_property_gets_the_territory(self):
        """M23, M32: whoever draws an area around a property puts it there."""
        path = f"action-crm_real_estate.estate_territory_action/{self.territory.id}"
        self._tour("estate_draw_area", self.settings, path)
        self.assertEqual(self.territory.area["type"], "Polygon")
        self.assertEqual(len(self.territory.area["coordinates"][0]), 5)
        self.assertEqual(self.prop.territory_ids, self.territory)

    def test_a_property_shows_where_it_lies(self):
        ring = [[14.4, 50], [14.5, 50], [14.5, 50.1], [14.4, 50.1], [14.4, 50]]
        self.territory.area = {"type": "Polygon", "coordinates": [ring]}
        path = f"action-crm_real_estate.estate_property_action/{self.prop.id}"
        self._tour("estate_property_map", self.agent, path)


@tagged("tours")
class TestDesktopMapTours(MapTours, EstateCase, HttpCase):
    """The map at a desk of 1400 x 900."""

    browser_size = "1400x900"


@tagged("tours")
class TestPhoneMapTours(MapTours, EstateCase, HttpCase):
    """The map by touch at 390 x 844."""

    browser_size = "390x844"
    touch_enabled = True
