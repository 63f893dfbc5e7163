from odoo import api, fields, models
from odoo.fields import Command, Domain

from ..groups import MEMBERS
from ..ledger import ERASED


class PartnerJournal(models.AbstractModel):
    """A contact and all that ever happened with it."""

    _name = "estate.partner.journal.mixin"
    _description = "Contact: journal"
    _inherit = "estate.journal.thread.mixin"

    interaction_ids = fields.One2many(
        "estate.interaction",
        "partner_id",
        "Journal",
        groups=MEMBERS,
    )
    viewing_ids = fields.One2many(
        "estate.viewing",
        "partner_id",
        "Viewings",
        groups=MEMBERS,
    )

    def action_open_journal(self):
        """Open the one timeline over all leads and properties of these contacts."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal"),
            "res_model": "estate.interaction",
            "view_mode": "list,form",
            "domain": [("partner_id", "in", self.ids)],
            "context": {"default_partner_id": self.id if len(self) == 1 else False},
        }

    def _get_estate_used(self):
        used = super()._get_estate_used()
        return used | self.filtered(lambda p: p.interaction_ids or p.viewing_ids)

    def _get_journalled(self):
        return self.filtered("estate_kind")

    def _get_journal_links(self):
        return {"partner_id": self.id}

    # === VISIBILITY ===

    @api.depends("viewing_ids.agent_id")
    def _compute_is_estate_visible(self):
        return super()._compute_is_estate_visible()

    @api.model
    def _get_visible_ties(self):
        mine = Domain("agent_id", "=", self.env.uid)
        mine &= Domain("company_id", "in", self.env.companies.ids)
        viewings = self._tie("estate.viewing", mine, few=True)
        return [*super()._get_visible_ties(), viewings]

    # === ERASURE ===

    def _get_personal_documents(self):
        documents = super()._get_personal_documents()
        # sudo: estate.viewing - the person's viewings, whoever sees them
        viewings = (
            self.env["estate.viewing"].sudo().search([("partner_id", "in", self.ids)])
        )
        return [*documents, viewings, self._find_own_events(viewings)]

    def _find_own_events(self, viewings):
        """Return the calendar events that concern nobody outside but these persons."""
        events = self._find_events() | viewings.calendar_event_id
        return events.filtered(
            lambda event: not event.partner_ids.filtered("partner_share") - self
        )

    def _find_events(self):
        # sudo: calendar.event - as above; archived and past ones, too
        events = self.env["calendar.event"].sudo().with_context(active_test=False)
        return events.search(
            Domain("partner_ids", "in", self.ids)
            | Domain("opportunity_id.partner_id", "in", self.ids)
            | (
                Domain("res_model", "=", "res.partner")
                & Domain("res_id", "in", self.ids)
            )
        )

    def _on_erased(self, reason):
        super()._on_erased(reason)
        # sudo: estate.viewing - as above
        viewings = (
            self.env["estate.viewing"].sudo().search([("partner_id", "in", self.ids)])
        )
        planned = viewings.filtered(lambda viewing: viewing.state == "planned")
        planned.write({"state": "cancelled", "cancelled_by": "agency"})
        viewings.filtered("feedback").write({"feedback": ERASED})
        # sudo: estate.hand.over - what colleagues told each other of the person
        self.sudo().hand_over_ids.filtered("note").note = ERASED
        viewings._erase_slips()
        self._erase_events()
        self.env["estate.interaction"]._write_journal(
            [
                {"type": "erasure", "partner_id": partner.id, "summary": reason}
                for partner in self
            ]
        )

    def _erase_events(self):
        """Take these persons out of the calendar; their own events lose their words."""
        viewings = self.env["estate.viewing"]
        # sudo: estate.viewing - as above
        own = self._find_own_events(
            viewings.sudo().search([("partner_id", "in", self.ids)])
        )
        events = (self._find_events() | own).with_context(
            **viewings._calendar_context()
        )
        words = self._get_personal_words()
        leave = [Command.unlink(person.id) for person in self]
        events.write({"partner_ids": leave})
        (events & own).write({"name": ERASED, "description": False, "location": False})
        self.env["estate.erasure"]._blacken(
            events - own, ("name", "description"), words
        )
