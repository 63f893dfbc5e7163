from odoo import models


class HandOver(models.Model):
    """A hand-over stands in the journal of its contact, and so does its end."""

    _name = "estate.hand.over"
    _inherit = "estate.hand.over"

    def _on_handed_over(self):
        super()._on_handed_over()
        for row in self:
            row._write_hand_over(row.from_user_id, row.to_user_id, row.note)

    def _on_hand_over_undone(self):
        super()._on_hand_over_undone()
        for row in self:
            row._write_hand_over(row.to_user_id, row.from_user_id, False)

    def _write_hand_over(self, old, new, note):
        self.env["estate.interaction"]._write_journal(
            [
                {
                    "type": "hand_over",
                    "partner_id": self.partner_id.id,
                    "user_id": self.env.uid,
                    "company_id": self.company_id.id,
                    "summary": self.env._(
                        "From %(old)s to %(new)s", old=old.name, new=new.name
                    ),
                    "internal_note": note,
                }
            ]
        )
