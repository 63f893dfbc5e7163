from odoo import api, fields, models

# Whatever there is: the key of a search that leaves types or places open.
ANY = "0"


class Search(models.Model):
    _inherit = "estate.search"

    pair_ids = fields.One2many("estate.pair", "search_id", "Matches")
    match_count = fields.Integer("Fitting", compute="_compute_match_count")

    # What the statement compares
    type_keys = fields.Json(compute="_compute_keys", store=True, precompute=True)
    place_keys = fields.Json(compute="_compute_keys", store=True, precompute=True)
    excluded_keys = fields.Json(compute="_compute_keys", store=True, precompute=True)
    is_open = fields.Boolean(
        "Matched", compute="_compute_is_open", store=True, copy=False
    )

    _fit_idx = models.Index("USING gin (place_keys, type_keys) WHERE is_open")

    @api.depends("type_ids", "territory_ids", "excluded_territory_ids")
    def _compute_keys(self):
        for search in self:
            search.type_keys = _get_keys(search.type_ids) or [ANY]
            search.place_keys = _get_keys(search.territory_ids) or [ANY]
            search.excluded_keys = _get_keys(search.excluded_territory_ids)

    @api.depends(
        *("active", "partner_id.active", "expires_on", "company_id", "deal_type"),
        *("price_min", "price_max", "area_min", "area_max", "room_min", "room_max"),
        *("tolerance_percent", "segment", "market", "usage"),
        *("type_keys", "place_keys", "excluded_keys"),
    )
    def _compute_is_open(self):
        """Computed whenever something changes that is compared: then it is due."""
        for search in self:
            search.is_open = search.active and search.partner_id.active
        self.env["estate.pair"]._put_due(searches=self)

    def _compute_match_count(self):
        groups = self.env["estate.pair"]._read_group(
            [("search_id", "in", self.ids), ("is_fitting", "=", True)],
            ["search_id"],
            ["__count"],
        )
        counts = {search.id: count for search, count in groups}
        for search in self:
            search.match_count = counts.get(search.id, 0)


def _get_keys(records):
    return [str(record_id) for record_id in sorted(records.ids)]
