from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..property.estate_property import DEAL_TYPES

# A listing that lacks one of these is looked at by a person before anybody is called.
DECISIVE = {"deal_type", "type_code", "price", "contact", "contact.phones", "listing"}
# How long a refusal is kept after a newer one of the same listing took its place.
KEPT_DAYS = 90


class IntakeItem(models.Model):
    """What became of one object of a file; objects without a change leave no row."""

    _name = "estate.intake.item"
    _description = "Result of an intake"
    _order = "id"
    _rec_name = "key"

    message_id = fields.Many2one(
        "estate.intake.message", required=True, index=True, ondelete="cascade"
    )
    source_id = fields.Many2one(related="message_id.source_id", store=True)
    received_at = fields.Datetime(related="message_id.received_at", store=True)
    company_id = fields.Many2one(related="message_id.company_id", store=True)
    key = fields.Char("Object")
    deal_type = fields.Selection(DEAL_TYPES, "Deal")
    summary = fields.Char("What it is")
    outcome = fields.Selection(
        [
            ("created", "New"),
            ("changed", "Changed"),
            ("withdrawn", "Withdrawn"),
            ("outdated", "Told anew since"),
            ("refused", "Refused by criteria"),
            ("to_check", "To check"),
            ("failed", "Failed"),
        ],
        required=True,
        index=True,
    )
    property_id = fields.Many2one("estate.property", ondelete="set null")
    note = fields.Text("Why")
    is_open = fields.Boolean(
        "Can be let in",
        help="The last word on a refused listing. It closes when the listing enters, "
        "is deleted by the source, or is refused again with a newer file.",
    )

    # Refused listings are found again by source and number when they come again.
    _open_idx = models.Index("(source_id, key) WHERE is_open")

    def action_let_in(self):
        """Let these refused listings in, whatever the criteria say.

        :raises UserError: when one of them is not refused any more, or cannot enter
        """
        self.message_id.check_access("write")
        if closed := self.filtered(lambda item: not item.is_open):
            raise UserError(
                self.env._(
                    "%s does not wait any more: it has entered, is gone, or came again "
                    "with a newer file. Look at its newest line.",
                    closed[0].key,
                )
            )
        # sudo: estate.intake.message - a person may start it; what it makes, such as a
        # colleague's lead, is the intake's own doing
        for message, items in self.sudo().grouped("message_id").items():
            message._let_in(items, self.env.user)
        return True

    @api.autovacuum
    def _gc_refused_again(self, limit=10_000):
        """Delete old refusals that a newer one of the same listing has replaced."""
        before = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        domain = [
            ("outcome", "=", "refused"),
            ("is_open", "=", False),
            ("create_date", "<", before),
        ]
        items = self.search(domain, limit=limit)
        items.unlink()
        return len(items), self.search_count(domain) if len(items) == limit else 0
