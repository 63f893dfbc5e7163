from odoo import api, models
from odoo.exceptions import UserError


class ShippedMixin(models.AbstractModel):
    """Rows that come with the product: the code asks for them, so they stay."""

    _name = "estate.shipped.mixin"
    _description = "Comes with the product"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shipped(self):
        # sudo: ir.model.data - only where these rows come from is read
        shipped = self.env["ir.model.data"].sudo()
        found = shipped.search(
            [
                ("module", "=", "crm_real_estate"),
                ("model", "=", self._name),
                ("res_id", "in", self.ids),
            ]
        )
        if found:
            names = self.browse(found.mapped("res_id")).mapped("display_name")
            raise UserError(
                self.env._(
                    "%s cannot be deleted: the product works with it. Archive it, then "
                    "nobody can choose it any more.",
                    ", ".join(names),
                )
            )
