from odoo import api, fields, models


class Station(models.Model):
    """A stop of the local transport, by which people name where they want to live."""

    _name = "estate.station"
    _description = "Station"
    _order = "line, name, id"

    name = fields.Char(required=True)
    line = fields.Char()
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index="btree_not_null")

    @api.depends("name", "line")
    def _compute_display_name(self):
        for station in self:
            line = f" ({station.line})" if station.line else ""
            station.display_name = f"{station.name}{line}"
