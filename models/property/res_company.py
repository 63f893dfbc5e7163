from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import file_path

MAP_LIBRARY = "crm_real_estate/static/lib/leaflet/leaflet.js"
TILE_PARTS = ("{z}", "{x}", "{y}")


class CompanyProperty(models.AbstractModel):
    """What a new mandate promises, and what lies under the areas on a map."""

    _name = "estate.company.property.mixin"
    _description = "Company: mandates, maps"

    estate_news_every_days = fields.Integer(
        "News for owners every (days)", default=14, required=True
    )
    estate_map_tiles = fields.Char("Address of the map's pictures")
    estate_map_attribution = fields.Char("Who made the map")

    _estate_news_every_days_positive = models.Constraint(
        "CHECK(estate_news_every_days > 1)",
        "An owner can be promised news every second day at most.",
    )

    @api.constrains("estate_map_tiles")
    def _check_estate_map_tiles(self):
        for company in self.filtered("estate_map_tiles"):
            address = company.estate_map_tiles
            if not (
                address.startswith(("https://", "/"))
                and all(part in address for part in TILE_PARTS)
            ):
                raise ValidationError(
                    self.env._(
                        "%(company)s: the address of the map's pictures begins with "
                        "https:// and holds {z}, {x} and {y}, as the provider of the "
                        "map writes it.",
                        company=company.name,
                    )
                )

    @api.model
    def _has_map_library(self):
        """Tell whether Leaflet is in this copy of the module."""
        try:
            return bool(file_path(MAP_LIBRARY))
        except FileNotFoundError:
            return False

    def _get_estate_map(self):
        """Return what a browser lays under areas, False for a grid only.

        :return: {"tiles": address with {z}, {x}, {y}, "attribution": text}
        """
        self.ensure_one()
        if not self.estate_map_tiles or not self._has_map_library():
            return False
        return {
            "tiles": self.estate_map_tiles,
            "attribution": self.estate_map_attribution or "",
        }
