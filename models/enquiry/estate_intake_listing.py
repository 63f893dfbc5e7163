"""A file of listings, worked off: read, compared with what is known, applied."""

from itertools import islice

from psycopg2 import OperationalError

from odoo import fields, models

from ...tools import archive, mail_parts, openimmo
from ...tools.listing_roll import Roll
from ...tools.neutral import IntakeError
from .estate_intake_item import DECISIVE

BATCH = 100


class IntakeListing(models.AbstractModel):
    """The part of an intake message that applies files of listings."""

    _name = "estate.intake.listing.mixin"
    _description = "Intake of listings"
    _inherit = ["estate.intake.change.mixin", "estate.intake.gone.mixin"]

    def _get_listing_files(self, raw):
        """Return the files in what arrived: itself, or the attachments of a mail."""
        if self.kind != "mail":
            return [raw]
        parts = mail_parts.open_mail(raw, size_limit=archive.TOTAL_LIMIT).all_parts()
        files = [part.data for part in parts if archive.sniff(part.data)]
        if not files:
            raise IntakeError("unknown_format", self.env._("no attachment"))
        return files

    def _apply_listings(self, files, commit):
        """Apply all listings of some files, batch by batch.

        All is checked before its first object is applied: of a torn or hostile file
        nothing enters, and nothing is withdrawn because of it.

        :param list files: bytes of each, XML or ZIP
        :param commit: called after each batch
        :return: values for the message
        :raises IntakeError: when the file cannot be read as a whole
        """
        documents = [one for file in files for one in archive.open_documents(file)]
        count = sum(
            openimmo.check(document.stream).listing_count for document in documents
        )
        self.write({"item_count": count, "done_count": 0})
        commit()
        lookups = self.env["estate.property"]._get_intake_lookups()
        roll, later = Roll(), self._get_later_word()
        for document in documents:
            reader = openimmo.Reader(document.stream)
            providers = self._apply_document(reader, roll, later, lookups, commit)
            if reader.transfer.is_full:
                roll.providers |= providers
        # All files together say what is gone.
        self._withdraw_gone(roll, later)
        self.write({"done_count": count, "told_objects": roll.to_json()})
        return {"state": self._get_final_state()}

    def _apply_document(self, reader, roll, later, lookups, commit):
        """Apply one file, note its objects in `roll`, and return who sent them."""
        providers = set()
        items = iter(reader)
        while batch := list(islice(items, BATCH)):
            unreadable = [i for i in batch if isinstance(i, openimmo.Unreadable)]
            listings = [i for i in batch if not isinstance(i, openimmo.Unreadable)]
            self._add_items([(item, "failed", None, None) for item in unreadable])
            self._apply_listing_batch(self._split_outdated(listings, later), lookups)
            for item in batch:
                roll.add(item.key, getattr(item, "deal_type", ""))
            providers.update(listing.provider for listing in listings)
            self.done_count += len(batch)
            commit()
        return providers

    def _get_final_state(self):
        failed = self.item_ids.filtered(lambda item: item.outcome == "failed")
        unchecked = self.env["estate.property"].search_count(
            [("intake_message_id", "=", self.id), ("state", "=", "draft")], limit=1
        )
        unclear = self.item_ids.filtered(
            lambda item: item.outcome == "to_check" and item.property_id.intake_problems
        )
        return "to_check" if failed or unchecked or unclear else "done"

    # === DECIDE ===

    def _apply_listing_batch(self, listings, lookups):
        """Sort a batch into new, changed and gone, and apply each group."""
        known = self._get_known_properties({listing.key for listing in listings})
        fresh, gone = [], set()
        for listing in listings:
            twins = known.get(listing.key, {})
            if listing.is_deleted:
                self._withdraw(twins.values(), self.env._("Deleted by the source"))
                gone.add(listing.key)
            elif prop := self._get_twin(listing, twins):
                self._apply_change(prop, listing, lookups)
            else:
                fresh.append(listing)
        self._forget_refused(gone)
        wanted, refusals = self._filter_listings(fresh, lookups)
        self._keep_refusals(refusals, lookups)
        self._create_listings(wanted, lookups)

    def _get_known_properties(self, keys):
        """Return the properties of this source: object key -> {deal: property}.

        The deal is the one the source told, whatever a person made of it.
        """
        properties = (
            self.env["estate.property"]
            .with_context(active_test=False)
            .search(
                [
                    ("intake_source_id", "=", self.source_id.id),
                    ("external_reference", "in", list(keys)),
                ]
            )
        )
        known = {}
        for prop in properties:
            twins = known.setdefault(prop.external_reference, {})
            twins[prop._get_intake_deal()] = prop
        return known

    def _get_twin(self, listing, twins):
        """Return the property a listing is about: same deal, or deal still open."""
        if listing.deal_type in twins:
            return twins[listing.deal_type]
        if len(twins) == 1 and (not listing.deal_type or "" in twins):
            return next(iter(twins.values()))
        return None

    # === APPLY ===

    def _create_listings(self, listings, lookups):
        """Create properties for new listings in one go; one by one when that fails."""
        if not listings:
            return
        try:
            with self.env.cr.savepoint():
                self._create_listing_group(listings, lookups)
        except OperationalError:
            # As above: one by one, they would meet the same rival again.
            raise
        except Exception as error:  # noqa: BLE001 - each one is tried alone
            if len(listings) == 1:
                self._add_items([(listings[0], "failed", None, str(error))])
            else:
                for listing in listings:
                    self._create_listings([listing], lookups)

    def _create_listing_group(self, listings, lookups):
        is_owner = self.source_id.contact_role == "owner"
        contacts = self._find_or_create_contacts(listings)
        properties = self.env["estate.property"]
        vals_list = []
        for listing in listings:
            vals = properties._prepare_intake_vals(listing, lookups)
            vals |= self._prepare_origin_vals(listing)
            contact = contacts.get(listing.contact, self.env["res.partner"])
            vals["intake_contact_ids"] = [fields.Command.set(contact.ids)]
            if is_owner:
                vals["owner_ids"] = [fields.Command.set(contact.ids)]
            else:
                vals["broker_id"] = contact.id
            vals_list.append(vals)
        properties = properties.with_context(mail_create_nolog=True).create(vals_list)
        self._add_items(
            [
                (
                    listing,
                    "to_check" if prop.state == "draft" else "created",
                    prop,
                    None,
                )
                for listing, prop in zip(listings, properties, strict=True)
            ]
        )
        if is_owner:
            properties.filtered(lambda p: p.state != "draft")._create_owner_leads(self)

    def _prepare_origin_vals(self, listing):
        """Return where a new property came from and the state it starts in."""
        is_open = any(
            problem.field in DECISIVE or problem.code == "needed"
            for problem in listing.problems
        )
        return {
            "state": "draft" if is_open else self._get_first_state(listing),
            "external_reference": listing.key,
            "intake_source_id": self.source_id.id,
            "intake_message_id": self.id,
            "intake_values": self.env["estate.property"]._prepare_intake_snapshot(
                listing
            ),
            "intake_problems": self._explain_problems(listing.problems),
            "company_id": self.company_id.id,
            "team_id": self.source_id.team_id.id,
        }

    def _get_first_state(self, listing):
        """Return the state of a new or returned listing: an owner's is to be won."""
        if self.source_id.contact_role == "owner":
            return "acquisition"
        return listing.state or "on_market"

    def _find_or_create_contacts(self, listings):
        """Return the contact of each listing's `Contact`, in a few queries for all."""
        is_owner = self.source_id.contact_role == "owner"
        wanted = {one.contact for one in listings if not one.contact.is_empty}
        return self.env["res.partner"]._find_or_create_estate_contacts(
            sorted(wanted, key=repr),
            self.company_id,
            {"estate_kind": "standard" if is_owner else "agency"},
        )

    # === RESULTS ===

    def _add_items(self, results):
        """Keep what became of objects: (object, outcome, property, note) each."""
        entered = [item for item, _outcome, prop, _note in results if prop]
        self._close_refused(entered)
        self.env["estate.intake.item"].create(
            [
                {
                    "message_id": self.id,
                    "key": item.key or self.env._("without number"),
                    "deal_type": getattr(item, "deal_type", ""),
                    "outcome": outcome,
                    "property_id": prop.id if prop else False,
                    "note": note or self._explain_problems(item.problems),
                }
                for item, outcome, prop, note in results
            ]
        )
