"""What a source no longer offers is withdrawn, and what a later file said stays."""

from odoo import fields, models

from ...tools.listing_roll import Word

# Keys that one query asks for.
KEYS = 1000
# States of what an agency offers by itself: no advert of the owner's ends that.
OURS = ("on_market", "reserved")


class IntakeGone(models.AbstractModel):
    """The part of an intake message that withdraws what is gone."""

    _name = "estate.intake.gone.mixin"
    _description = "Intake: gone listings"

    told_objects = fields.Json(
        readonly=True,
        help="The numbers of all objects in the file: an older file that is worked off "
        "later does not overrule them.",
    )

    # === OLDER AND LATER FILES ===

    def _get_later_word(self):
        """Return what files told that arrived after this one and are worked off."""
        later = self.search_fetch(
            [
                ("source_id", "=", self.source_id.id),
                ("state", "in", ("done", "to_check")),
                ("received_at", ">=", self.received_at),
                ("id", "!=", self.id),
            ],
            ["told_objects", "received_at"],
        )
        mine = (self.received_at, self.id)
        return Word.of(
            message.told_objects
            for message in later
            if message.told_objects and (message.received_at, message.id) > mine
        )

    def _split_outdated(self, listings, later):
        """Keep which of these listings a later file has told about; return the others.

        :param later: a `Word`
        """
        outdated = [one for one in listings if later.covers(one.key, one.provider)]
        note = self.env._(
            "Left as it is: a later file of this source already told about it."
        )
        self._add_items([(listing, "outdated", None, note) for listing in outdated])
        return [one for one in listings if not later.covers(one.key, one.provider)]

    # === GONE ===

    def _withdraw_gone(self, roll, later):
        """Withdraw what all files of this message together no longer offer.

        :param roll: the `Roll` of these files
        :param later: the `Word` of later files
        """
        mine = [
            ("intake_source_id", "=", self.source_id.id),
            ("state", "not in", ("withdrawn", "closed")),
        ]
        properties = self.env["estate.property"]
        if roll.providers:
            named = ("external_reference", "not in", list(roll.deals))
            missing = properties.search([*mine, named]).filtered(
                lambda p: (p._get_intake_provider() in roll.providers)
            )
            self._withdraw(
                self._leave_told(missing, later),
                self.env._("Missing from the sender's complete list"),
            )
        keys = list(roll.deals)
        for start in range(0, len(keys), KEYS):
            named = ("external_reference", "in", keys[start : start + KEYS])
            lost = properties.search([*mine, named]).filtered(
                lambda p: roll.has_lost_deal(p.external_reference, p._get_intake_deal())
            )
            self._withdraw(
                self._leave_told(lost, later),
                self.env._("The source offers the object for another deal only"),
            )

    def _leave_told(self, properties, later):
        return properties.filtered(
            lambda p: not later.covers(p.external_reference, p._get_intake_provider())
        )

    def _withdraw(self, properties, reason):
        """Withdraw properties, and end the calls to their owners.

        What came from an owner and is offered by the agency now stays: its mandate
        does not end with the owner's advert.

        :param properties: iterable of `estate.property`
        """
        gone = self.env["estate.property"].union(*properties)
        gone = gone.filtered(lambda p: p.state not in ("withdrawn", "closed"))
        kept = gone.browse()
        if self.source_id.contact_role == "owner":
            kept = gone.filtered(lambda p: p.state in OURS)
        gone -= kept
        if gone:
            gone.write({"state": "withdrawn"})
            for prop in gone:
                prop.intake_values = {**(prop.intake_values or {}), "is_gone": True}
            gone._stop_owner_leads(reason)
        self._add_gone_items(gone, "withdrawn", reason)
        stays = self.env._("%s. It stays: we offer it ourselves now.", reason)
        self._add_gone_items(kept, "changed", stays)

    def _add_gone_items(self, properties, outcome, note):
        self.env["estate.intake.item"].create(
            [
                {
                    "message_id": self.id,
                    "key": prop.external_reference,
                    "outcome": outcome,
                    "property_id": prop.id,
                    "note": note,
                }
                for prop in properties
            ]
        )
