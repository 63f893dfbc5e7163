from odoo import api, fields, models

# A property that seekers may be written to about.
OFFERED_STATES = ("on_market",)


class Property(models.Model):
    _inherit = "estate.property"

    pair_ids = fields.One2many("estate.pair", "property_id", "Matches")
    match_count = fields.Integer("Fitting", compute="_compute_match_count")
    is_offered = fields.Boolean(
        "Matched",
        compute="_compute_is_offered",
        store=True,
        copy=False,
    )
    offered_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="When it came on the market, the last time: who got it before may get it "
        "again.",
    )

    _offered_idx = models.Index("(company_id, deal_type) WHERE is_offered")

    @api.depends(
        *("active", "state", "company_id", "deal_type", "type_id.parent_path"),
        *("price", "currency_id", "living_area", "plot_area", "room_count"),
        *("segment", "market", "usage", "territory_ids"),
    )
    def _compute_is_offered(self):
        """Computed whenever something changes that is compared: then it is due."""
        for prop in self:
            prop.is_offered = prop.active and prop.state in OFFERED_STATES
        self.env["estate.pair"]._put_due(properties=self)

    def _compute_match_count(self):
        groups = self.env["estate.pair"]._read_group(
            [("property_id", "in", self.ids), ("is_fitting", "=", True)],
            ["property_id"],
            ["__count"],
        )
        counts = {prop.id: count for prop, count in groups}
        for prop in self:
            prop.match_count = counts.get(prop.id, 0)

    # === HOOKS ANSWERED ===

    def _on_property_created(self):
        super()._on_property_created()
        self._note_offered()

    def _on_property_changed(self, changes):
        super()._on_property_changed(changes)
        changed = [prop.id for prop, values in changes.items() if "state" in values]
        self.browse(changed)._note_offered()

    def _on_territories_changed(self):
        super()._on_territories_changed()
        # A change of the map tells nothing else that depends on it.
        self.env["estate.pair"]._put_due(properties=self)

    def _note_offered(self):
        """Note that those of these properties that are on the market came there now."""
        offered = self.filtered(lambda prop: prop.state in OFFERED_STATES)
        if offered:
            # sudo: estate.property - a fact of whoever put it on the market
            offered.sudo().write({"offered_since": fields.Datetime.now()})
