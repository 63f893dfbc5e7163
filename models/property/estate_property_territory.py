from collections import defaultdict

from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL

from ...tools import places

# What says where a property lies.
PLACE_FIELDS = ("zip", "city", "station_ids", "latitude", "longitude", "company_id")
# Pairs (property, territory) as two arrays.
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
# Where properties lie, without asking for what nobody needs.
WHERE_THEY_LIE = """
    SELECT id, company_id, zip, city, longitude, latitude, ARRAY(
        SELECT estate_station_id FROM estate_property_estate_station_rel near
        WHERE near.estate_property_id = prop.id
    )
    FROM estate_property prop WHERE id = ANY(%s::int[])
"""
# Odoo computes so many at a time.
MANY = 1000


def _make_place(code, city, stations, longitude, latitude):
    point = (longitude, latitude) if longitude or latitude else None
    return places.Place(code or "", city or "", tuple(stations), point)


def _write_array(ids):
    """Return ids as PostgreSQL writes an array: many are read faster than a list."""
    return f"{{{','.join(map(str, ids))}}}"


class PropertyTerritory(models.AbstractModel):
    """The territories that a property lies in, kept up to date with the map."""

    _name = "estate.property.territory.mixin"
    _description = "Property: its territories"

    @api.depends(*PLACE_FIELDS)
    def _compute_territory_ids(self):
        stored = self.filtered(lambda prop: isinstance(prop.id, int))
        territories = self.env["estate.territory"]
        drafts = self - stored
        found = territories._find_ids_of(drafts._gather_places())
        for draft in drafts:
            draft.territory_ids = [Command.set(found[draft.id])]
        stored._store_territories(territories._find_ids_of(stored._read_places()))

    def _recompute_territories(self):
        """Find the territories of all properties that wait for it, if they are many.

        Odoo computes a thousand at a time and asks each rule about each record, which
        takes longer than to find out where it lies. When no rule waits for territories
        none would do anything, so that the outcome is the same.
        """
        field = self._fields["territory_ids"]
        waiting = self.env.records_to_compute(field)
        stored = waiting.browse(id_ for id_ in waiting._ids if isinstance(id_, int))
        if len(stored) <= MANY or self.env["base.automation"]._hears_of(field):
            return
        self.env.remove_to_compute(field, stored)
        try:
            with self.env.protecting([field], stored):
                # sudo: estate.property - as Odoo computes all stored fields
                stored.sudo()._compute_territory_ids()
                stored.sudo()._validate_fields([field.name])
        except Exception:
            self.env.add_to_compute(field, stored)
            raise

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
                columns = zip(*pairs, strict=True)
                self.env.cr.execute(SQL(statement, *map(_write_array, columns)))
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
                WHERE estate_property_id = ANY(%s::int[])
                GROUP BY estate_property_id""",
                _write_array(self.ids),
            )
        )
        return {prop_id: set(keys) for prop_id, keys in self.env.cr.fetchall()}

    def _read_places(self):
        """Return {company id: {id: `Place`}} of stored properties, also archived."""
        if not self:
            return {}
        self.flush_recordset(PLACE_FIELDS)
        # Raw SQL: a change of the map may concern all; only where they lie is read.
        self.env.cr.execute(SQL(WHERE_THEY_LIE, _write_array(self.ids)))
        found = defaultdict(dict)
        for prop_id, company_id, code, city, *point, stations in self.env.cr.fetchall():
            found[company_id][prop_id] = _make_place(code, city, stations, *point)
        return found

    def _gather_places(self):
        """Return {company id: {id: `Place`}} of properties that may be drafts."""
        found = defaultdict(dict)
        for prop in self.with_context(active_test=False):
            found[prop.company_id.id][prop.id] = _make_place(
                prop.zip, prop.city, prop.station_ids.ids, prop.longitude, prop.latitude
            )
        return found

    # === HOOKS ===

    def _on_territories_changed(self):
        """These properties lie in other territories than before."""
