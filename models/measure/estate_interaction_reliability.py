from odoo import models
from odoo.exceptions import AccessError

# A viewing that took place takes the place of the offer it came from.
SUPERSEDING = ("viewing_done",)
MANAGERS = "crm_real_estate.group_office_manager"


class Interaction(models.Model):
    _inherit = "estate.interaction"

    def write(self, vals):
        moved = {"partner_id", "property_id"} & set(vals)
        before = self.partner_id if moved else self.env["res.partner"]
        result = super().write(vals)
        if moved:
            (before | self.partner_id)._rate_again()
        return result

    def _is_evidence(self):
        """Return those of these rows that may change how a contact is rated."""
        return self.filtered(
            lambda row: row.type_id.reliability_weight or row.type_code in SUPERSEDING
        )

    def _check_may_note(self):
        """Refuse that anybody but a manager notes what managers alone may."""
        user = self.env.user
        if user._is_superuser() or user.has_group(MANAGERS):
            return
        if reserved := self.filtered("type_id.is_for_managers"):
            raise AccessError(
                self.env._(
                    "“%s” counts against a person for a long time: an office manager "
                    "notes it.",
                    reserved[0].type_id.name,
                )
            )

    # === HOOKS ANSWERED ===

    def _on_journal_written(self):
        super()._on_journal_written()
        self._check_may_note()
        # sudo: res.partner - a measure follows its facts, whoever wrote them
        (self | self.corrects_id)._is_evidence().partner_id.sudo()._rate_again()
