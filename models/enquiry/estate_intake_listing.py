"""Neutral listings become properties, contacts and owner leads."""

import io
from itertools import islice

from odoo import _, fields, models

from ...tools import archive, openimmo

BATCH = 100
# A listing that lacks one of these is looked at by a person before anybody is called.
DECISIVE = {"key", "deal_type", "type_code", "price", "contact"}
PLAIN = (
    "usage", "market", "currency", "living_area", "plot_area", "room_count",
    "bedroom_count", "floor", "street", "zip", "city", "country", "latitude", "longitude",
    "description", "type_code", "price", "state",
)


class IntakeListing(models.AbstractModel):
    _name = "estate.intake.listing.mixin"
    _description = "Intake of listings"

    def _apply_listings(self, raw, commit):
        """Apply all listings of a file, batch by batch.

        The whole file is checked before its first object is applied: of a torn or
        hostile file nothing enters, and nothing is withdrawn because of it.

        :param bytes raw: XML or ZIP
        :param commit: called after each batch
        :return: values for the message
        """
        documents = [document.read() for document in archive.documents(raw)]
        transfers = [openimmo.check(document) for document in documents]
        self.write(
            {"item_count": sum(t.listing_count for t in transfers), "done_count": 0}
        )
        commit()
        seen, providers = set(), set()
        lookups = self._get_intake_lookups()
        for document in documents:
            listings = iter(openimmo.Reader(io.BytesIO(document)))
            while batch := list(islice(listings, BATCH)):
                self._apply_listing_batch(batch, lookups)
                seen.update(listing.key for listing in batch)
                providers.update(listing.provider for listing in batch)
                self.done_count += len(batch)
                commit()
        if any(transfer.is_full for transfer in transfers):
            self._withdraw_missing(seen, providers)
        return {"state": self._get_final_state()}

    def _get_final_state(self):
        bad = self.item_ids.filtered(lambda item: item.outcome in ("failed", "to_check"))
        return "to_check" if bad else "done"

    # === GATHER ===

    def _get_intake_lookups(self):
        """Return what every listing is translated with, read once for a file."""
        types = self.env["estate.property.type"].with_context(active_test=False).search([])
        return {
            "types": {kind.code: kind.id for kind in types},
            "countries": {c.code: c.id for c in self.env["res.country"].search([])},
            "currencies": {
                c.name: c.id
                for c in self.env["res.currency"].with_context(active_test=False).search([])
            },
        }

    def _get_known_properties(self, keys):
        """Return the properties of this source by object key, read at once."""
        properties = self.env["estate.property"].with_context(active_test=False).search(
            [
                ("intake_source_id", "=", self.source_id.id),
                ("external_reference", "in", list(keys)),
            ]
        )
        known = {}
        for prop in properties:
            known.setdefault(prop.external_reference, {})[prop.deal_type or ""] = prop
        return known

    # === DECIDE ===

    def _apply_listing_batch(self, batch, lookups):
        """Sort a batch into new, changed, gone and unreadable, and apply each group."""
        known = self._get_known_properties({listing.key for listing in batch})
        fresh = []
        for listing in batch:
            twins = known.get(listing.key, {})
            if listing.is_deleted:
                self._withdraw(twins.values(), _("Deleted by the source"))
            elif not listing.key:
                self._add_items([(listing, "failed", self.env["estate.property"])])
            elif prop := self._get_twin(listing, twins):
                self._guarded(self._apply_change, prop, listing, lookups)
            else:
                fresh.append(listing)
        self._create_listings(fresh, lookups)

    def _get_twin(self, listing, twins):
        """Return the property that a listing is about: same deal, or deal still open."""
        if listing.deal_type in twins:
            return twins[listing.deal_type]
        if len(twins) == 1 and (not listing.deal_type or "" in twins):
            return next(iter(twins.values()))
        return None

    def _guarded(self, apply, prop, listing, *arguments):
        """Apply one listing in its own savepoint: a bad one does not stop the others."""
        try:
            with self.env.cr.savepoint():
                apply(prop, listing, *arguments)
        except Exception as error:  # noqa: BLE001 - kept with the object, told to a person
            self.env["estate.intake.item"].create(
                self._prepare_item_vals(listing, "failed", prop, str(error))
            )

    # === APPLY ===

    def _prepare_snapshot(self, listing):
        """Return what the source says, as plain JSON values: compared at the next import."""
        values = {name: getattr(listing, name) for name in PLAIN}
        values["price"] = str(listing.price) if listing.price is not None else None
        return values | {
            "title": listing.title,
            "deal_type": listing.deal_type,
            "provider": listing.provider,
            "object_number": listing.object_number,
            "phones": list(listing.contact.phones),
            "emails": list(listing.contact.emails),
        }

    def _prepare_property_vals(self, listing, snapshot, lookups, names=None):
        """Translate source values into fields; only those in `names` when it is given."""
        translated = {
            "usage": listing.usage or False,
            "market": listing.market or False,
            "living_area": listing.living_area or 0,
            "plot_area": listing.plot_area or 0,
            "room_count": listing.room_count or 0,
            "bedroom_count": listing.bedroom_count or 0,
            "floor": listing.floor,
            "street": listing.street,
            "zip": listing.zip,
            "city": listing.city,
            "latitude": listing.latitude or 0,
            "longitude": listing.longitude or 0,
            "description": listing.description,
            "price": float(listing.price or 0),
            "deal_type": listing.deal_type or False,
            "title": ("name", listing.title),
            "type_code": ("type_id", lookups["types"].get(listing.type_code)),
            "country": ("country_id", lookups["countries"].get(listing.country)),
            "currency": ("currency_id", lookups["currencies"].get(listing.currency)),
            "state": ("state", listing.state),
        }
        vals = {}
        for name in names if names is not None else snapshot:
            if name not in translated:
                continue
            value = translated[name]
            field, value = value if isinstance(value, tuple) else (name, value)
            if value or field not in ("name", "currency_id", "state", "country_id"):
                vals[field] = value or False
        return vals

    def _apply_change(self, prop, listing, lookups):
        """Write what the source has changed since the last import, and only that.

        What a person corrected by hand in between stays, unless the source changes it.
        """
        snapshot = self._prepare_snapshot(listing)
        before = prop.intake_values or {}
        changed = [name for name, value in snapshot.items() if before.get(name) != value]
        if not changed:
            return
        vals = self._prepare_property_vals(listing, snapshot, lookups, changed)
        if prop.state == "withdrawn" and "state" not in vals:
            vals["state"] = "acquisition"
        vals["intake_values"] = snapshot
        vals["intake_problems"] = self._explain_problems(listing.problems)
        prop.write(vals)
        self._add_items([(listing, "changed", prop)])

    def _create_listings(self, listings, lookups):
        """Create properties for new listings in one go; alone only when that fails."""
        if not listings:
            return
        try:
            with self.env.cr.savepoint():
                self._create_listing_group(listings, lookups)
        except Exception:  # noqa: BLE001 - each one is tried alone and keeps its error
            none = self.env["estate.property"]
            for listing in listings:
                self._guarded(
                    lambda _none, one: self._create_listing_group([one], lookups), none, listing
                )

    def _create_listing_group(self, listings, lookups):
        contacts = self._find_or_create_contacts(listings)
        is_owner = self.source_id.contact_role == "owner"
        vals_list = []
        for listing in listings:
            snapshot = self._prepare_snapshot(listing)
            contact = contacts.get(listing.contact, self.env["res.partner"])
            to_check = self._needs_check(listing)
            vals = self._prepare_property_vals(listing, snapshot, lookups)
            vals |= {
                "state": "draft" if to_check else self._get_first_state(listing, is_owner),
                "external_reference": listing.key,
                "intake_source_id": self.source_id.id,
                "intake_message_id": self.id,
                "intake_values": snapshot,
                "intake_problems": self._explain_problems(listing.problems),
                "company_id": self.company_id.id,
                "team_id": self.source_id.team_id.id,
            }
            if contact and is_owner:
                vals["owner_ids"] = [fields.Command.set(contact.ids)]
            elif contact:
                vals["broker_id"] = contact.id
            vals_list.append(vals)
        properties = self.env["estate.property"].create(vals_list)
        self._add_items(
            [
                (listing, "to_check" if prop.state == "draft" else "created", prop)
                for listing, prop in zip(listings, properties, strict=True)
            ]
        )
        if is_owner:
            properties.filtered(lambda p: p.state != "draft")._create_owner_leads(self)

    def _needs_check(self, listing):
        """Return whether a person has to look before anybody is called."""
        return any(problem.field in DECISIVE for problem in listing.problems)

    def _get_first_state(self, listing, is_owner):
        if is_owner:
            return "acquisition"
        return listing.state or "on_market"

    # === CONTACTS ===

    def _find_or_create_contacts(self, listings):
        """Return the contact of each listing's `Contact`, found or made, in few queries."""
        wanted = {listing.contact for listing in listings if not listing.contact.is_empty}
        return self.env["res.partner"]._find_or_create_estate_contacts(
            sorted(wanted, key=repr), self.company_id, self._get_contact_vals()
        )

    def _get_contact_vals(self):
        if self.source_id.contact_role == "broker":
            return {"estate_kind": "agency"}
        return {"estate_kind": "standard"}

    # === GONE ===

    def _withdraw(self, properties, reason):
        for prop in properties:
            if prop.state not in ("withdrawn", "closed"):
                prop.with_context(estate_reason=reason).state = "withdrawn"
                self.env["estate.intake.item"].create(
                    {
                        "message_id": self.id,
                        "key": prop.external_reference,
                        "outcome": "withdrawn",
                        "property_id": prop.id,
                        "note": reason,
                    }
                )

    def _withdraw_missing(self, seen, providers):
        """Withdraw what a full, complete file no longer holds."""
        mine = self.env["estate.property"].search(
            [
                ("intake_source_id", "=", self.source_id.id),
                ("external_reference", "not in", list(seen)),
                ("state", "not in", ("withdrawn", "closed")),
            ]
        )
        gone = mine.filtered(lambda p: (p.intake_values or {}).get("provider") in providers)
        self._withdraw(gone, _("Missing from the sender's complete list"))

    # === RESULTS ===

    def _add_items(self, results):
        self.env["estate.intake.item"].create(
            [self._prepare_item_vals(*result) for result in results]
        )

    def _prepare_item_vals(self, listing, outcome, prop, note=None):
        return {
            "message_id": self.id,
            "key": listing.key or _("without number"),
            "outcome": outcome,
            "property_id": prop.id,
            "note": note or self._explain_problems(listing.problems),
        }


class IntakeItem(models.Model):
    """What became of one object of a file."""

    _name = "estate.intake.item"
    _description = "Result of an intake"
    _order = "id"
    _rec_name = "key"

    message_id = fields.Many2one(
        "estate.intake.message", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="message_id.company_id", store=True)
    key = fields.Char("Object")
    outcome = fields.Selection(
        [
            ("created", "New"),
            ("changed", "Changed"),
            ("withdrawn", "Withdrawn"),
            ("to_check", "To check"),
            ("failed", "Failed"),
        ],
        required=True,
    )
    property_id = fields.Many2one("estate.property", "Property", ondelete="set null")
    note = fields.Text("Why")


