from odoo import _, api, fields, models
from odoo.exceptions import UserError


class LeadCall(models.AbstractModel):
    """A lead that is rung."""

    _name = "estate.lead.call.mixin"
    _description = "Lead: calls"

    call_ids = fields.One2many("estate.call", "lead_id", "Calls")
    call_count = fields.Integer(readonly=True, copy=False)
    next_call_at = fields.Datetime("Next call", index="btree_not_null", copy=False)
    last_outcome_id = fields.Many2one(
        "estate.call.outcome", "Last outcome", readonly=True, copy=False, ondelete="restrict"
    )

    _call_queue_idx = models.Index(
        "(next_call_at, id) WHERE active IS TRUE AND next_call_at IS NOT NULL"
    )

    def action_call_outcome(self, code, note="", seen_count=None, duration_seconds=0):
        """Note how a call ended: the one door of buttons, keys and telephones.

        :param str code: code of an `estate.call.outcome`
        :param str note: what was said
        :param int seen_count: number of calls the caller saw; a second click or another
            tab saw fewer than there are and is told so, instead of counting twice
        :param int duration_seconds: length of the talk
        :return: an action when data are missing (the card to fill in), else True
        """
        self.ensure_one()
        self.check_access("write")
        outcome = self.env["estate.call.outcome"]._get(code)
        if not outcome:
            raise UserError(_("There is no call outcome %s any more.", code))
        if outcome.needs_card and self._get_missing_call_data():
            return self._open_call_card(outcome, note)
        self._register_call(outcome, note, seen_count, duration_seconds)
        return True

    def _register_call(self, outcome, note="", seen_count=None, duration_seconds=0):
        """Write the attempt; what follows from it is done by the rules for new calls."""
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        if seen_count is not None and seen_count != self.call_count:
            last = self.call_ids[:1]
            raise UserError(
                _(
                    "This call is already noted: %(outcome)s by %(user)s. The queue shows "
                    "the next one.",
                    outcome=last.outcome_id.name,
                    user=last.user_id.name,
                )
            )
        self.write({"call_count": self.call_count + 1, "last_outcome_id": outcome.id})
        # sudo: estate.call - the ledger takes no row from users but through this door
        call = self.env["estate.call"].sudo().create(
            {
                "lead_id": self.id,
                "partner_id": self.partner_id.id,
                "user_id": self.env.uid,
                "outcome_id": outcome.id,
                "note": note,
                "duration_seconds": duration_seconds,
                "company_id": (self.company_id or self.env.company).id,
            }
        )
        # sudo: crm.lead - a rule may just have given the lead to somebody else
        self.sudo()._on_call_registered(call)
        return call

    def _get_missing_call_data(self):
        """Return the labels of what a conversation must find out, empty when known."""
        return self.property_id.missing_data if self.lead_role == "owner" else ""

    def _open_call_card(self, outcome, note):
        return {
            "type": "ir.actions.act_window",
            "name": outcome.name,
            "res_model": "estate.call.card",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_lead_id": self.id,
                "default_outcome_id": outcome.id,
                "default_note": note,
                "default_seen_count": self.call_count,
            },
        }

    @api.model
    def _get_call_queue_domain(self):
        """Return the domain of leads that wait for a call."""
        return [("lead_role", "!=", False), ("next_call_at", "!=", False)]

    # === HOOKS ANSWERED ===

    def _on_leads_merged(self, leads):
        super()._on_leads_merged(leads)
        # sudo: estate.call - links follow the merge
        calls = leads.sudo().call_ids
        calls.write({"lead_id": self.id})
        self.call_count = len(self.sudo().call_ids | calls)

    # === HOOKS ===

    def _on_call_registered(self, call):
        """A call attempt was noted on this lead."""
