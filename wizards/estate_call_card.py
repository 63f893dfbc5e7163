from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.property.estate_property import DEAL_TYPES

# Fields of the property that the card shows and may change.
CARD_FIELDS = (
    "type_id",
    "deal_type",
    "price",
    "living_area",
    "room_count",
    "floor",
    "street",
    "zip",
    "city",
    "owner_ids",
)


class CallCard(models.TransientModel):
    """The property card that a conversation fills in before its task can be closed.

    What is typed stays on the card until one of its buttons takes it over: a dialog
    that is dismissed changes nothing.
    """

    _name = "estate.call.card"
    _description = "Property card of a call"

    # The call
    lead_id = fields.Many2one(
        "crm.lead", required=True, readonly=True, ondelete="cascade"
    )
    outcome_id = fields.Many2one("estate.call.outcome", required=True, readonly=True)
    seen_count = fields.Integer(readonly=True)
    started_at = fields.Datetime(readonly=True)
    duration_seconds = fields.Integer(readonly=True)
    note = fields.Text("What was said")
    partner_id = fields.Many2one(related="lead_id.partner_id", string="Person called")
    property_id = fields.Many2one(related="lead_id.property_id")
    currency_id = fields.Many2one(related="lead_id.property_id.currency_id")

    # The card: as the property is when the dialog opens
    type_id = fields.Many2one(
        "estate.property.type", compute="_compute_card", store=True, readonly=False
    )
    deal_type = fields.Selection(
        DEAL_TYPES, "Deal", compute="_compute_card", store=True, readonly=False
    )
    price = fields.Monetary(compute="_compute_card", store=True, readonly=False)
    living_area = fields.Float(
        "Living area (m²)",
        digits=(12, 2),
        compute="_compute_card",
        store=True,
        readonly=False,
    )
    room_count = fields.Float(
        "Rooms", digits=(5, 1), compute="_compute_card", store=True, readonly=False
    )
    floor = fields.Char(compute="_compute_card", store=True, readonly=False)
    street = fields.Char(compute="_compute_card", store=True, readonly=False)
    zip = fields.Char("ZIP", compute="_compute_card", store=True, readonly=False)
    city = fields.Char(compute="_compute_card", store=True, readonly=False)
    owner_ids = fields.Many2many(
        "res.partner",
        string="Owners",
        compute="_compute_card",
        store=True,
        readonly=False,
    )
    opened_values = fields.Json(
        compute="_compute_card",
        store=True,
        readonly=False,
        help="The values when the dialog opened: only what differs from them was "
        "typed.",
    )
    missing_data = fields.Char(compute="_compute_missing_data")

    @api.depends("lead_id")
    def _compute_card(self):
        for card in self:
            prop = card.lead_id.property_id
            for name in CARD_FIELDS:
                card[name] = prop[name]
            card.opened_values = self._gather_card(prop)

    @api.model
    def _gather_card(self, record):
        """Return the values of a property or card as JSON, records as lists of ids."""
        return {
            name: record[name].ids if record._fields[name].relational else record[name]
            for name in CARD_FIELDS
        }

    @api.depends(*CARD_FIELDS)
    @api.depends_context("lang")
    def _compute_missing_data(self):
        for card in self:
            card.missing_data = self.env["estate.property"]._get_missing_labels(card)

    def action_finish(self):
        """Take the card over and close the call; refused while data are missing."""
        self.ensure_one()
        lead = self.lead_id
        lead._check_may_note_call(self.seen_count)
        self._apply_card()
        if missing := lead._get_missing_call_data():
            raise UserError(
                self.env._(
                    "The call about %(property)s cannot be closed yet. Fill in: "
                    "%(fields)s. Or keep it open.",
                    property=self.property_id.display_name,
                    fields=missing,
                )
            )
        lead._register_call(
            self.outcome_id, self.note or "", self.started_at, self.duration_seconds
        )
        return {"type": "ir.actions.act_window_close"}

    def action_keep_open(self):
        """Take over what is known so far; the task stays open, no call is noted yet."""
        self.ensure_one()
        self._apply_card()
        if self.note:
            self.lead_id.message_post(body=self.note, subtype_xmlid="mail.mt_note")
        return {"type": "ir.actions.act_window_close"}

    def _apply_card(self):
        """Write what was typed on the card to the property, all at once."""
        self.lead_id.check_access("write")
        opened = self.opened_values or {}
        typed = {
            name: value
            for name, value in self._gather_card(self).items()
            if value != opened.get(name)
        }
        if "owner_ids" in typed:
            typed["owner_ids"] = [Command.set(self.owner_ids.ids)]
        if "type_id" in typed:
            typed["type_id"] = self.type_id.id
        if typed:
            # sudo: estate.property - who works the owner's lead may fill in its card,
            # these fields only, also when the property belongs to a colleague
            self.property_id.sudo().write(typed)
