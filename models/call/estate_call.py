from odoo import api, fields, models
from odoo.exceptions import ValidationError

# A day: what is longer was never one call.
LONGEST_SECONDS = 24 * 60 * 60


class Call(models.Model):
    """One attempt to reach somebody by phone."""

    _name = "estate.call"
    _description = "Call attempt"
    _inherit = ["estate.about.contact.mixin", "estate.ledger.mixin"]
    _order = "started_at desc, id desc"
    _rec_name = "outcome_id"

    lead_id = fields.Many2one("crm.lead", ondelete="set null", index=True)
    partner_id = fields.Many2one(
        "res.partner", "Contact", ondelete="set null", index=True
    )
    user_id = fields.Many2one(
        "res.users",
        "By",
        required=True,
        default=lambda self: self.env.user,
        index=True,
        ondelete="restrict",
    )
    started_at = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    duration_seconds = fields.Integer()
    outcome_id = fields.Many2one(
        "estate.call.outcome",
        required=True,
        index=True,
        ondelete="restrict",
    )
    outcome_code = fields.Selection(related="outcome_id.code")
    note = fields.Text()
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )

    _ledger_moment = "started_at"
    _ledger_links = ("partner_id", "lead_id")
    _ledger_texts = ("note",)

    _duration_not_negative = models.Constraint(
        "CHECK(duration_seconds >= 0)", "A call cannot last less than no time."
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_duration(vals.get("duration_seconds", 0))
        calls = super().create(vals_list)
        calls._write_call_journal()
        calls._record_denials()
        return calls

    @api.model
    def _check_duration(self, seconds):
        """Refuse a length that no call has: before a moment is counted with it.

        :param int seconds: as a client or a telephone told it
        :raises ValidationError: for what is no number from 0 to a day
        """
        if type(seconds) is not int or not 0 <= seconds <= LONGEST_SECONDS:
            raise ValidationError(
                self.env._(
                    "A call cannot last %(seconds)s seconds. Enter a whole number from "
                    "0 to %(longest)s.",
                    seconds=seconds,
                    longest=LONGEST_SECONDS,
                )
            )

    def _write_call_journal(self):
        """Tell the journal of these attempts, one row each."""
        self.env["estate.interaction"]._write_journal(
            [call._prepare_journal_vals() for call in self]
        )

    def _prepare_journal_vals(self):
        self.ensure_one()
        outcome = self.outcome_id
        return {
            "type": "call_reached" if outcome.is_conversation else "call_tried",
            "lead_id": self.lead_id.id,
            "partner_id": self.partner_id.id or self.lead_id.partner_id.id,
            "user_id": self.user_id.id,
            "occurred_at": self.started_at,
            "summary": outcome.name,
            "internal_note": self.note,
            "origin": f"estate.call,{self.id}",
            "company_id": self.company_id.id,
        }

    def _record_denials(self):
        """Keep the proof that a person does not want to be called any more."""
        denied = self.filtered(lambda call: call.outcome_code == "do_not_call")
        for (user, company), calls in denied.grouped(
            lambda call: (call.user_id, call.company_id)
        ).items():
            contacts = calls.partner_id.with_user(user).with_company(company)
            contacts._record_consent(
                "denied", self.env._("Call"), channels=("phone",), purpose="prospecting"
            )
