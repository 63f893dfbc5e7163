from odoo import _, fields, models
from odoo.exceptions import UserError

CARD_FIELDS = (
    "type_id", "deal_type", "price", "currency_id", "living_area", "room_count", "floor",
    "street", "zip", "city",
)


class CallCard(models.TransientModel):
    """The property card that a conversation fills in before its task can be closed."""

    _name = "estate.call.card"
    _description = "Property card of a call"

    lead_id = fields.Many2one("crm.lead", required=True, readonly=True, ondelete="cascade")
    outcome_id = fields.Many2one("estate.call.outcome", required=True, readonly=True)
    note = fields.Text("What was said")
    seen_count = fields.Integer(readonly=True)
    property_id = fields.Many2one(related="lead_id.property_id")
    missing_data = fields.Char(related="lead_id.property_id.missing_data")
    type_id = fields.Many2one(related="lead_id.property_id.type_id", readonly=False)
    deal_type = fields.Selection(related="lead_id.property_id.deal_type", readonly=False)
    price = fields.Monetary(related="lead_id.property_id.price", readonly=False)
    currency_id = fields.Many2one(related="lead_id.property_id.currency_id", readonly=False)
    living_area = fields.Float(related="lead_id.property_id.living_area", readonly=False)
    room_count = fields.Float(related="lead_id.property_id.room_count", readonly=False)
    floor = fields.Char(related="lead_id.property_id.floor", readonly=False)
    street = fields.Char(related="lead_id.property_id.street", readonly=False)
    zip = fields.Char(related="lead_id.property_id.zip", readonly=False)
    city = fields.Char(related="lead_id.property_id.city", readonly=False)
    owner_ids = fields.Many2many(related="lead_id.property_id.owner_ids", readonly=False)

    def action_finish(self):
        """Close the call: refused while required data are missing."""
        self.ensure_one()
        if missing := self.lead_id._get_missing_call_data():
            raise UserError(
                _(
                    "The call about %(property)s cannot be closed yet. Fill in: %(fields)s.",
                    property=self.property_id.display_name,
                    fields=missing,
                )
            )
        self.lead_id._register_call(self.outcome_id, self.note or "", self.seen_count)
        return {"type": "ir.actions.act_window_close"}

    def action_keep_open(self):
        """Keep what was filled in; the task stays open and the call is not counted yet."""
        return {"type": "ir.actions.act_window_close"}
