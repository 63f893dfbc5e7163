from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL

from ...tools import places

# Pairs (property, territory) as two lists.
FORGET = """
    DELETE FROM estate_property_estate_territory_rel lying
    USING unnest(%s::int[], %s::int[]) gone(property_id, territory_id)
    WHERE lying.estate_property_id = gone.property_id
        AND lying.estate_territory_id = gone.territory_id
"""
NOTE = """
    INSERT INTO estate_property_estate_territory_rel
        (estate_property_id, estate_territory_id)
    SELECT * FROM unnest(%s::int[], %s::int[])
    ON CONFLICT DO NOTHING
"""


class PropertyTerritory(models.AbstractModel):
    """The territories that a property lies in, kept up to date with the map."""

    _name = "estate.property.territory.mixin"
    _description = "Property: its territories"

    @api.depends("zip", "city", "station_ids", "latitude", "longitude", "company_id")
    def _compute_territory_ids(self):
        found = self.env["estate.territory"]._find_ids_of(self)
        stored = self.filtered(lambda prop: isinstance(prop.id, int))
        for draft in self - stored:
            draft.territory_ids = [Command.set(found[draft])]
        stored._store_territories({prop.id: found[prop] for prop in stored})

    def _store_territories(self, found):
        """Write which territories these properties lie in, where that has changed.

        A change of the map may concern all properties: one statement writes them all.

        :param dict found: id of a property -> ids of its territories
        """
        known = self._read_stored_territories()
        gone, new, changed = [], [], []
        for prop_id, keys in found.items():
            before, after = known.get(prop_id, set()), set(keys)
            if before != after:
                changed.append(prop_id)
                gone += [(prop_id, key) for key in before - after]
                new += [(prop_id, key) for key in after - before]
        for statement, pairs in ((FORGET, gone), (NOTE, new)):
            if pairs:
                # Raw SQL: what is computed here is the field itself.
                columns = map(list, zip(*pairs, strict=True))
                self.env.cr.execute(SQL(statement, *columns))
        self.invalidate_recordset(["territory_ids"], flush=False)
        if changed:
            self.browse(changed)._on_territories_changed()

    def _read_stored_territories(self):
        """Return {id: ids of its territories} as the database has them."""
        if not self:
            return {}
        # Raw SQL: the field itself is being computed; only ids are read.
        self.env.cr.execute(
            SQL(
                """SELECT estate_property_id, array_agg(estate_territory_id)
                FROM estate_property_estate_territory_rel
                WHERE estate_property_id IN %s GROUP BY estate_property_id""",
                tuple(self.ids),
            )
        )
        return {prop_id: set(keys) for prop_id, keys in self.env.cr.fetchall()}

    def _gather_places(self):
        """Return where each of these properties lies, as plain values."""
        every = self.with_context(active_test=False)
        return [
            places.Place(
                zip_code=prop.zip or "",
                city=prop.city or "",
                stations=tuple(prop.station_ids.ids),
                point=(prop.longitude, prop.latitude)
                if prop.longitude or prop.latitude
                else None,
            )
            for prop in every
        ]

    # === HOOKS ===

    def _on_territories_changed(self):
        """These properties lie in other territories than before."""
