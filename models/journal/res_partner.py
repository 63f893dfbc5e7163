from odoo import _, fields, models


class PartnerJournal(models.AbstractModel):
    """A contact and all that ever happened with it."""

    _name = "estate.partner.journal.mixin"
    _description = "Contact: journal"

    interaction_ids = fields.One2many("estate.interaction", "partner_id", "Journal")

    def action_open_journal(self):
        """Open the one timeline over all leads and properties of these contacts."""
        return {
            "type": "ir.actions.act_window",
            "name": _("Journal"),
            "res_model": "estate.interaction",
            "view_mode": "list,form",
            "domain": [("partner_id", "in", self.ids)],
            "context": {"default_partner_id": self.id if len(self) == 1 else False},
        }

    def _on_erased(self, reason):
        super()._on_erased(reason)
        # sudo: estate.interaction - erasure reaches every row of the person
        rows = self.env["estate.interaction"].sudo().search([("partner_id", "in", self.ids)])
        rows._erase_texts()
        self.env["estate.interaction"]._write_journal(
            [{"type": "erasure", "partner_id": partner.id, "summary": reason} for partner in self]
        )
