from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..groups import MEMBERS


class LeadCall(models.AbstractModel):
    """A lead that is rung."""

    _name = "estate.lead.call.mixin"
    _description = "Lead: calls"

    call_ids = fields.One2many(
        "estate.call",
        "lead_id",
        "Calls",
        groups=MEMBERS,
    )
    call_count = fields.Integer(readonly=True, copy=False)
    next_call_at = fields.Datetime("Next call", index="btree_not_null", copy=False)
    last_outcome_id = fields.Many2one(
        "estate.call.outcome",
        "Last outcome",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    _call_queue_idx = models.Index(
        "(next_call_at, expected_revenue DESC, id) "
        "WHERE active IS TRUE AND next_call_at IS NOT NULL"
    )

    def action_call_outcome(self, code, note="", seen_count=None, duration_seconds=0):
        """Note how a call ended: the one door of buttons, keys and telephones.

        :param str code: code of an `estate.call.outcome`
        :param str note: what was said
        :param int seen_count: number of calls the caller saw; a second click or another
            tab saw fewer than there are and is told so, instead of counting twice
        :param int duration_seconds: length of the talk
        :return: an action when data are missing (the card to fill in), else True
        :raises UserError: when the call is already noted, or the lead has ended
        :raises ValidationError: when no call can last that long
        """
        self.ensure_one()
        self.check_access("write")
        self._check_may_note_call(seen_count)
        self.env["estate.call"]._check_duration(duration_seconds)
        company = self.company_id or self.env.company
        outcome = self.env["estate.call.outcome"]._get(code, company)
        if outcome.needs_card and self._get_missing_call_data():
            return self._open_call_card(outcome, note, duration_seconds)
        self._register_call(outcome, note, duration_seconds=duration_seconds)
        return True

    def _check_may_note_call(self, seen_count=None):
        """Refuse a call that is noted already, and any on a lead that has ended."""
        self.ensure_one()
        if not self.lead_role:
            raise UserError(
                self.env._(
                    "%s is not a real estate lead. Make it an enquiry, then note the "
                    "call.",
                    self.display_name,
                )
            )
        if seen_count is not None and seen_count != self.call_count:
            last = self.call_ids[:1]
            raise UserError(
                self.env._(
                    "This call is already noted: %(outcome)s by %(user)s. The queue "
                    "shows the next one.",
                    outcome=last.outcome_id.name,
                    user=last.user_id.name,
                )
            )
        if self.won_status == "lost":
            raise UserError(
                self.env._(
                    "%(lead)s has ended (%(reason)s). Restore it, then note the call.",
                    lead=self.display_name,
                    reason=self.lost_reason_id.name or self.stage_id.name,
                )
            )

    def _register_call(self, outcome, note="", started_at=None, duration_seconds=0):
        """Write the attempt; what follows from it is done by the rules for new calls.

        :param started_at: when it began; else it has just ended
        :return: the `estate.call`
        """
        self.ensure_one()
        started_at = started_at or fields.Datetime.now() - timedelta(
            seconds=duration_seconds
        )
        # sudo: crm.lead - facts, which users do not write
        self.sudo().write(
            {"call_count": self.call_count + 1, "last_outcome_id": outcome.id}
        )
        # A rival who notes a call on this lead waits here, fails as a serialization
        # failure and is tried again by Odoo: then he sees this call.
        self.flush_recordset(["call_count"])
        # sudo: estate.call - the ledger takes no row from users but through this door
        calls = self.env["estate.call"].sudo()
        call = calls.create(
            {
                "lead_id": self.id,
                "partner_id": self.partner_id.id,
                "user_id": self.env.uid,
                "started_at": started_at,
                "duration_seconds": duration_seconds,
                "outcome_id": outcome.id,
                "note": note,
                "company_id": (self.company_id or self.env.company).id,
            }
        )
        # sudo: crm.lead - a rule may just have given the lead to somebody else
        self.sudo()._on_call_registered(call)
        return call

    def _get_missing_call_data(self):
        """Return the labels of what a conversation must find out, empty when known."""
        return self.property_id.missing_data if self.lead_role == "owner" else ""

    def _open_call_card(self, outcome, note, duration_seconds):
        """Return the action of the card; the call began before it opens."""
        started_at = fields.Datetime.now() - timedelta(seconds=duration_seconds)
        return {
            "type": "ir.actions.act_window",
            "name": outcome.name,
            "res_model": "estate.call.card",
            "views": [(False, "form")],
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_lead_id": self.id,
                "default_outcome_id": outcome.id,
                "default_note": note,
                "default_seen_count": self.call_count,
                "default_started_at": fields.Datetime.to_string(started_at),
                "default_duration_seconds": duration_seconds,
            },
        }

    @api.model
    def _get_call_queue_domain(self):
        """Return the domain of leads that wait for a call."""
        return (
            Domain("lead_role", "!=", False)
            & Domain("won_status", "=", "pending")
            & Domain("next_call_at", "!=", False)
        )

    # === HOOKS ANSWERED ===

    def _on_leads_merged(self, leads):
        super()._on_leads_merged(leads)
        # sudo: estate.call - links follow the merge
        leads.sudo().call_ids.write({"lead_id": self.id})
        planned = [moment for moment in (self | leads).mapped("next_call_at") if moment]
        # sudo: crm.lead - facts, which users do not write; colleagues' calls count too
        merged = self.sudo()
        merged.write(
            {
                "call_count": len(merged.call_ids),
                "last_outcome_id": merged.call_ids[:1].outcome_id.id,
                "next_call_at": min(planned, default=False),
            }
        )

    # === HOOKS ===

    def _on_call_registered(self, call):
        """A call attempt was noted on this lead."""
