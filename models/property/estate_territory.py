from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ...tools import areas, places

_lt = LazyTranslate(__name__)

# Fields that say what belongs to a territory, and to its parents.
MAP_FIELDS = {
    "postal_codes",
    "city_names",
    "station_ids",
    "area",
    "parent_id",
    "active",
    "company_id",
}
# What is wrong with an area: code of `areas.AreaError` -> sentence.
AREA_ERRORS = {
    "unreadable": _lt(
        "%(territory)s: the area cannot be read. Draw it on the map or import "
        "a GeoJSON file."
    ),
    "kind": _lt(
        "%(territory)s: an area is made of polygons, not of %(kind)s. Import a GeoJSON "
        "file with Polygon or MultiPolygon."
    ),
    "empty": _lt(
        "%(territory)s: the GeoJSON holds no polygon. Draw the area on the map or "
        "choose another file."
    ),
    "ring": _lt(
        "%(territory)s: line %(ring)s of part %(part)s of the area cannot be read. "
        "Draw this part again or correct the file."
    ),
    "open": _lt(
        "%(territory)s: line %(ring)s of part %(part)s of the area is not closed. End "
        "it at the point where it begins."
    ),
    "short": _lt(
        "%(territory)s: line %(ring)s of part %(part)s of the area needs at least "
        "three different points. Add points or remove the part."
    ),
    "point": _lt(
        "%(territory)s: line %(ring)s of part %(part)s of the area has a point without "
        "longitude and latitude. Correct the file."
    ),
    "outside": _lt(
        "%(territory)s: longitude %(longitude)s, latitude %(latitude)s is not on "
        "Earth. GeoJSON needs degrees, longitude first: convert the file to WGS 84."
    ),
    "too_many": _lt(
        "%(territory)s: the area has %(count)s points, at most %(most)s are allowed. "
        "Simplify its outline."
    ),
    "rings": _lt(
        "%(territory)s: the area has %(count)s outlines and holes, at most %(most)s "
        "are allowed. Remove the small ones."
    ),
    "crossing": _lt(
        "%(territory)s: lines of the area cross or touch near longitude %(longitude)s, "
        "latitude %(latitude)s. Move the points there apart; a hole must lie inside of "
        "its part, and two parts must not overlap."
    ),
}


class Territory(models.Model):
    """A part of the market: by postal codes, cities, stations or an area on the map.

    What belongs to a child belongs to its parents.
    """

    _name = "estate.territory"
    _description = "Territory"
    _order = "complete_name, id"
    _parent_store = True
    _rec_name = "complete_name"
    _check_company_auto = True

    name = fields.Char(required=True)
    complete_name = fields.Char(
        compute="_compute_complete_name", store=True, recursive=True
    )
    parent_id = fields.Many2one(
        "estate.territory", index=True, check_company=True, ondelete="restrict"
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("estate.territory", "parent_id", "Parts")
    postal_codes = fields.Text(
        help="One per line or separated by commas. 110* stands for all that begin with "
        "110, 11000-11999 for a range."
    )
    city_names = fields.Text("Cities", help="One per line or separated by commas.")
    station_ids = fields.Many2many("estate.station", check_company=True)
    area = fields.Json(
        prefetch=False,
        help="GeoJSON of one or more polygons, with holes. Properties whose "
        "coordinates lie in it, or on its outline, belong to the territory.",
    )
    property_count = fields.Integer("Properties", compute="_compute_property_count")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index="btree_not_null")

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for territory in self:
            parent = territory.parent_id.complete_name
            territory.complete_name = (
                f"{parent} / {territory.name}" if parent else territory.name
            )

    def _compute_property_count(self):
        properties = self.env["estate.property"]
        # Counting alone does not carry out what a change of the map left to do.
        properties.flush_model(["territory_ids"])
        groups = properties._read_group(
            [("territory_ids", "in", self.ids)], ["territory_ids"], ["__count"]
        )
        counts = {territory.id: count for territory, count in groups}
        for territory in self:
            territory.property_count = counts.get(territory.id, 0)

    @api.constrains("parent_id")
    def _check_no_cycle(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._(
                    "A territory cannot be a part of itself. Choose another parent."
                )
            )

    @api.constrains("postal_codes")
    def _check_postal_codes_readable(self):
        for territory in self:
            if unreadable := places.read_codes(territory.postal_codes or "").unreadable:
                raise ValidationError(
                    self.env._(
                        "%(territory)s: postal code %(code)s cannot be read. Write it "
                        "as 11000, 110* or 11000-11999.",
                        territory=territory.display_name,
                        code=unreadable[0],
                    )
                )

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            vals | {"area": self._read_area(vals["area"], vals.get("name"))}
            if vals.get("area")
            else vals
            for vals in vals_list
        ]
        territories = super().create(vals_list)
        territories._recompute_properties()
        return territories

    def write(self, vals):
        if "area" in vals:
            name = ", ".join(self.mapped("display_name")) or vals.get("name")
            vals = vals | {"area": self._read_area(vals["area"], name)}
        changed = MAP_FIELDS & set(vals)
        held = self._get_held_domain(vals) if changed == {"area"} else Domain.TRUE
        result = super().write(vals)
        if changed:
            self._recompute_properties(held)
        return result

    def unlink(self):
        result = super().unlink()
        self._recompute_properties()
        return result

    @api.model
    def _read_area(self, value, name):
        """Return the GeoJSON geometry to store.

        :param value: GeoJSON as a text or as decoded values, or empty
        :param name: of the territory, for the sentence of a refusal
        :raises ValidationError: says what is wrong, where, and what to do
        """
        try:
            return areas.read_area(value) or False
        except areas.AreaError as error:
            sentence = self.env._(AREA_ERRORS[error.code])
            told = {"territory": name or self.env._("New territory"), **error.details}
            raise ValidationError(sentence % told) from None

    # === PROPERTIES OF THE TERRITORIES ===

    @api.model
    def _recompute_properties(self, domain=Domain.TRUE):
        """Find the territories of properties anew: the map has changed.

        :param Domain domain: properties that the change may concern
        """
        self.env.registry.clear_cache()
        # sudo: estate.property - a territory changed here may hold others' properties
        properties = self.env["estate.property"].sudo().with_context(active_test=False)
        territory_ids = properties._fields["territory_ids"]
        # The map may concern every property. # pylint: disable=no-search-all
        self.env.add_to_compute(territory_ids, properties.search(domain))

    def _get_held_domain(self, vals):
        """Return a domain of what a new area may take in or lose: few of all."""
        held = Domain("territory_ids", "in", self.ids)
        if not vals["area"]:
            return held
        west, south, east, north = areas.get_bounds(vals["area"])
        return held | (
            Domain("longitude", ">=", west)
            & Domain("longitude", "<=", east)
            & Domain("latitude", ">=", south)
            & Domain("latitude", "<=", north)
        )

    @api.model
    def _find_ids_of(self, places_of):
        """Return {key: ids of all its territories, sorted, as a tuple}.

        :param dict places_of: company id -> {key of a place: `Place`}
        """
        found = {}
        for company_id, mine in places_of.items():
            index = self._get_place_index(company_id)
            found.update(zip(mine, index.find_all(mine.values()), strict=True))
        return found

    @api.model
    @tools.ormcache("company_id")
    def _get_place_index(self, company_id):
        """Return the index that tells the territories of a place (see `tools.places`).

        :param company_id: id of the company whose territories, and common ones, count
        """
        # sudo: estate.territory - where a place lies does not depend on who asks
        territories = (
            self.sudo()
            .with_context(active_test=False)
            .search([("company_id", "in", (company_id, False)), ("active", "=", True)])
        )
        territories.fetch(["area"])
        active_ids = set(territories.ids)
        return places.PlaceIndex(
            places.Territory(
                key=territory.id,
                ancestors=territory._get_ancestor_ids() & active_ids,
                codes=places.read_codes(territory.postal_codes or ""),
                cities=places.read_cities(territory.city_names or ""),
                stations=frozenset(territory.station_ids.ids),
                area=territory.area or None,
            )
            for territory in territories
        )

    def _get_ancestor_ids(self):
        return {int(key) for key in self.parent_path.split("/") if key}
