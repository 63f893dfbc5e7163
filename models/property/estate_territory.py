from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...tools import places

# Fields that say what belongs to a territory, and to its parents.
MAP_FIELDS = {
    "postal_codes",
    "city_names",
    "station_ids",
    "parent_id",
    "active",
    "company_id",
}


class Territory(models.Model):
    """A part of the market, told by postal codes, cities and stations.

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
    property_count = fields.Integer(compute="_compute_property_count")
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
        groups = self.env["estate.property"]._read_group(
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

    @api.model_create_multi
    def create(self, vals_list):
        territories = super().create(vals_list)
        territories._recompute_properties()
        return territories

    def write(self, vals):
        result = super().write(vals)
        if MAP_FIELDS & set(vals):
            self._recompute_properties()
        return result

    def unlink(self):
        result = super().unlink()
        self._recompute_properties()
        return result

    @api.model
    def _recompute_properties(self):
        """Find the territories of all properties anew: the map has changed."""
        self.env.registry.clear_cache()
        # sudo: estate.property - a territory changed here may hold others' properties
        properties = self.env["estate.property"].sudo().with_context(active_test=False)
        territory_ids = properties._fields["territory_ids"]
        # The map concerns every property. # pylint: disable=no-search-all
        self.env.add_to_compute(territory_ids, properties.search([]))

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
        active_ids = set(territories.ids)
        return places.PlaceIndex(
            places.Territory(
                key=territory.id,
                ancestors=territory._get_ancestor_ids() & active_ids,
                codes=places.read_codes(territory.postal_codes or ""),
                cities=places.read_cities(territory.city_names or ""),
                stations=frozenset(territory.station_ids.ids),
            )
            for territory in territories
        )

    def _get_ancestor_ids(self):
        return {int(key) for key in self.parent_path.split("/") if key}
