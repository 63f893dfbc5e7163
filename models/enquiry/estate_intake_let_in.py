"""What the criteria refused is kept, and enters later when a person says so."""

import base64

from odoo import models
from odoo.exceptions import UserError

from ...tools import archive, openimmo


class IntakeLetIn(models.AbstractModel):
    """The part of an intake message that keeps refused listings."""

    _name = "estate.intake.let.in.mixin"
    _description = "Intake: refused listings"

    # === KEEP ===

    def _keep_refusals(self, refusals, lookups):
        """Keep listings that did not enter, each with its reason."""
        self._close_refused([refusal.listing for refusal in refusals])
        self.env["estate.intake.item"].create(
            [
                {
                    "message_id": self.id,
                    "key": refusal.listing.key,
                    "deal_type": refusal.listing.deal_type,
                    "summary": self._summarize_listing(refusal.listing, lookups),
                    "outcome": "refused",
                    "property_id": refusal.property.id if refusal.property else False,
                    "note": refusal.reason,
                    "is_open": True,
                }
                for refusal in refusals
            ]
        )

    def _find_open_refused(self, keys):
        items = self.env["estate.intake.item"]
        if not keys:
            return items
        return items.search(
            [
                ("source_id", "=", self.source_id.id),
                ("key", "in", list(keys)),
                ("is_open", "=", True),
            ]
        )

    def _close_refused(self, listings):
        """Close the refusals of listings about which there is a newer word."""
        told = {(item.key, item.deal_type or "") for item in listings}
        found = self._find_open_refused({key for key, _deal in told})
        found.filtered(
            lambda item: (item.key, item.deal_type or "") in told
        ).is_open = False

    def _forget_refused(self, keys):
        """Close the refusals of objects that their source has deleted."""
        self._find_open_refused(keys).is_open = False

    # === LET IN ===

    def _let_in(self, items, user):
        """Create the listings of refused items of this message after all.

        :param items: open `estate.intake.item` of this message
        :param user: who lets them in
        :raises UserError: when the raw content is gone, or an object cannot be created
        """
        self.ensure_one()
        with self._exclusively() as is_mine:
            if not is_mine:
                raise UserError(
                    self.env._(
                        "%s is being worked off right now. Look again in a moment.",
                        self.name,
                    )
                )
            reasons = {(i.key, i.deal_type or ""): i.note or "" for i in items}
            listings = self._read_again(set(reasons))
            self._check_all_found(items, listings)
            lookups = self.env["estate.property"]._get_intake_lookups()
            known = self.item_ids
            self._create_listings(listings, lookups)
            items.unlink()
            for item in self.item_ids - known:
                self._note_let_in(item, user, reasons)
            self.state = self._get_final_state()

    def _note_let_in(self, item, user, reasons):
        if item.outcome == "failed":
            raise UserError(
                self.env._(
                    "%(object)s cannot enter: %(reason)s Mend it at the source, then "
                    "press Process again.",
                    object=item.key,
                    reason=item.note,
                )
            )
        told = self.env._(
            "Let in by %(user)s. Refused before: %(reason)s",
            user=user.name,
            reason=reasons[item.key, item.deal_type or ""],
        )
        item.note = "\n".join(filter(None, (told, item.note)))

    def _read_again(self, wanted):
        """Return the listings with these (key, deal) from the raw content."""
        if not self.raw_size:
            raise UserError(
                self.env._(
                    "%s has no raw content any more. Ask the source to send the "
                    "listing again.",
                    self.name,
                )
            )
        found = {}
        for file in self._get_listing_files(base64.b64decode(self.raw)):
            for document in archive.open_documents(file):
                for listing in openimmo.Reader(document.stream):
                    key = (listing.key, getattr(listing, "deal_type", ""))
                    if key in wanted and not isinstance(listing, openimmo.Unreadable):
                        found[key] = listing
        return list(found.values())

    def _check_all_found(self, items, listings):
        found = {(listing.key, listing.deal_type) for listing in listings}
        for item in items:
            if (item.key, item.deal_type or "") not in found:
                raise UserError(
                    self.env._(
                        "%(object)s is not in %(file)s as it was refused. Press "
                        "Process again on that message.",
                        object=item.key,
                        file=self.name,
                    )
                )
