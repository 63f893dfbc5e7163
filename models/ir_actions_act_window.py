from odoo import models


class IrActionsActWindow(models.Model):
    _name = "ir.actions.act_window"
    _inherit = "ir.actions.act_window"

    def _get_action_dict(self):
        """Let lists of leads that do not speak of pipelines show Odoo's own leads only.

        Existing actions, also an agency's own, stay as they are in the database; an
        action that names `pipeline` or `lead_role` decides for itself.
        """
        result = super()._get_action_dict()
        if result.get("res_model") == "crm.lead":
            text = f"{result.get('domain') or ''}{result.get('context') or ''}"
            if "pipeline" not in text and "lead_role" not in text:
                domain = (result.get("domain") or "").strip()
                own = "[('pipeline', '=', False)]"
                result["domain"] = f"{own} + {domain}" if domain else own
        return result
