from odoo import api, fields, models


class Call(models.Model):
    """One attempt to reach somebody by phone."""

    _name = "estate.call"
    _description = "Call attempt"
    _inherit = "estate.ledger.mixin"
    _order = "started_at desc, id desc"
    _rec_name = "outcome_id"

    lead_id = fields.Many2one("crm.lead", "Lead", ondelete="set null", index=True)
    partner_id = fields.Many2one("res.partner", "Contact", ondelete="set null", index=True)
    user_id = fields.Many2one(
        "res.users", "By", required=True, default=lambda self: self.env.user, index=True,
        ondelete="restrict",
    )
    started_at = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    duration_seconds = fields.Integer()
    outcome_id = fields.Many2one(
        "estate.call.outcome", "Outcome", required=True, index=True, ondelete="restrict"
    )
    outcome_code = fields.Selection(related="outcome_id.code")
    note = fields.Text()
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )

    _ledger_links = ("partner_id", "lead_id")
    _ledger_texts = ("note",)

    @api.model_create_multi
    def create(self, vals_list):
        calls = super().create(vals_list)
        calls._write_call_journal()
        return calls

    def _write_call_journal(self):
        rows = []
        for call in self:
            outcome = call.outcome_id
            rows.append(
                {
                    "type": "call_reached" if outcome.is_conversation else "call_tried",
                    "lead_id": call.lead_id.id,
                    "partner_id": call.partner_id.id or call.lead_id.partner_id.id,
                    "user_id": call.user_id.id,
                    "occurred_at": call.started_at,
                    "summary": outcome.name,
                    "internal_note": call.note,
                    "origin": f"estate.call,{call.id}",
                    "company_id": call.company_id.id,
                }
            )
        self.env["estate.interaction"]._write_journal(rows)
