"""Pictures under areas: only where an admin named a provider, and Leaflet is there."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase

from .common import EstateCase

TILES = "https://tiles.example.com/{z}/{x}/{y}.png"


class PicturesOfTheMap(EstateCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = cls._create_user(
            "settings", "group_settings", password="estate-settings"
        )
        cls.settings.group_ids += cls.env.ref("base.group_system")

    def _name_provider(self, tiles=TILES):
        page = self.env["res.config.settings"].with_user(self.settings).create({})
        page.estate_map_tiles = tiles
        page.estate_map_attribution = "Map makers"
        page.set_values()
        self.env.flush_all()
        return page

    def _open_page(self, has_library=True):
        """Return the map that a browser is told of when the web client opens."""
        self.authenticate(self.settings.login, "estate-settings")
        model = type(self.env["res.company"])
        with patch.object(model, "_has_map_library", lambda self: has_library):
            return self.make_jsonrpc_request("/web/session/get_session_info")[
                "estate_map"
            ]

    def test_without_a_provider_nothing_is_fetched(self):
        self.assertFalse(self._open_page())

    def test_the_named_provider_is_told_to_the_browsers(self):
        self._name_provider()
        self.assertEqual(
            self._open_page(), {"tiles": TILES, "attribution": "Map makers"}
        )

    def test_without_the_library_areas_stay_on_a_grid(self):
        page = self._name_provider()
        self.assertFalse(self._open_page(has_library=False))
        model = type(self.env["res.company"])
        with patch.object(model, "_has_map_library", lambda self: False):
            self.assertFalse(page.new({}).estate_has_map_library)

    def test_an_address_that_finds_no_picture_is_refused(self):
        for address in ("http://tiles.example.com/{z}/{x}/{y}", "https://a.b/{z}/{x}"):
            with (
                self.subTest(address=address),
                self.assertRaisesRegex(ValidationError, "the address of the map"),
            ):
                self._name_provider(address)
