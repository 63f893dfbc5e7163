from odoo import api, fields, models


class Claim(models.Model):
    """Somebody has reserved a free lead for himself, for as long as his lease runs."""

    _name = "estate.claim"
    _description = "Claim of a free lead"
    _order = "claimed_at desc, id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one(
        "crm.lead", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users",
        "Claimed by",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    claimed_at = fields.Datetime("Claimed", required=True, readonly=True)
    lease_until = fields.Datetime(
        readonly=True,
        help="Without a call, a message or another action until then the lead is free "
        "again.",
    )
    state = fields.Selection(
        [("held", "Not worked yet"), ("worked", "Worked"), ("returned", "Returned")],
        required=True,
        readonly=True,
        default="held",
    )
    ended_at = fields.Datetime("Worked or returned", readonly=True)
    slot = fields.Integer(
        readonly=True,
        help="Lowest free number of this person: two claims of his in the same moment "
        "ask for the same one, so his limit holds.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        index=True,
    )

    _held_uniq = models.UniqueIndex(
        "(lead_id) WHERE state = 'held'", "Somebody has claimed this lead already."
    )
    _slot_uniq = models.UniqueIndex(
        "(user_id, slot) WHERE state = 'held'",
        "Another of your claims was just being noted. Press Claim again.",
    )

    @api.model
    def _get_held(self, user):
        """Return the claims of a person that he has not worked on, the oldest first."""
        return self.search_fetch(
            [("user_id", "=", user.id), ("state", "=", "held")],
            ["slot", "lead_id"],
            order="claimed_at, id",
        )

    @api.model
    def _find_free_slot(self, user):
        taken = set(self._get_held(user).mapped("slot"))
        return next(n for n in range(len(taken) + 1) if n not in taken)

    def _end(self, state, now):
        """Close these claims; they no longer count for anybody's limit."""
        self.write({"state": state, "ended_at": now})
