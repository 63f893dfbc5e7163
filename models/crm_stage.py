from odoo import api, models
from odoo.fields import Domain

from . import inner


class CrmStage(models.Model):
    """The host of our mixin on Odoo's stage."""

    _name = "crm.stage"
    _inherit = ["estate.stage.task.mixin", "estate.stage.enquiry.mixin", "crm.stage"]

    @api.model
    def _search(self, domain, *args, **kwargs):
        # Merge, scoring and congratulations of CRM look for stages where no hook is:
        # they run in the scope of one pipeline, False being Odoo's own.
        scope = inner.hear(self.env, "scope")
        if scope is not None:
            domain = Domain(domain) & Domain("pipeline", "=", scope)
        return super()._search(domain, *args, **kwargs)

    @api.onchange("is_won")
    def _onchange_is_won(self):
        if self.pipeline and not self._origin:
            # No lead stands in a new phase, so nothing has to be computed again.
            return None
        return super()._onchange_is_won()

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        self.env.registry.clear_cache()
        return stages

    def write(self, vals):
        result = super().write(vals)
        if {"pipeline", "sequence"} & set(vals):
            self.env.registry.clear_cache()
        if "win_percent" in vals:
            self._recompute_lead_probabilities()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
