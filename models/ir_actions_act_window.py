import re
from ast import literal_eval

from odoo import models

# Models of CRM whose screens show Odoo's own pipeline alone -> the field that says so.
OWN_PIPELINE_FIELDS = {
    "crm.lead": "pipeline",
    "crm.stage": "pipeline",
    "crm.activity.report": "lead_id.pipeline",
}
# An action that names one of these decides for itself.
_DECIDED = re.compile(
    r"""['"](lead_role|default_lead_role|(lead_id\.)?pipeline|estate_pipeline)['"]"""
)


class IrActionsActWindow(models.Model):
    """The host on window actions: screens of CRM stay as they are beside our leads."""

    _name = "ir.actions.act_window"
    _inherit = "ir.actions.act_window"

    def _get_action_dict(self):
        """Let screens of CRM that do not speak of pipelines show Odoo's own leads only.

        Existing actions, also an agency's own, stay as they are in the database.
        """
        result = super()._get_action_dict()
        field = OWN_PIPELINE_FIELDS.get(result.get("res_model"))
        texts = f"{result.get('domain') or ''} {result.get('context') or ''}"
        if field and not _DECIDED.search(texts):
            result["domain"] = self._narrow_domain(result.get("domain"), field)
        return result

    def _narrow_domain(self, domain, field):
        """Return a domain, as the text of an action, for records of Odoo's pipeline."""
        own = (field, "=", False)
        domain = (domain or "").strip() or "[]"
        try:
            return repr([own, *literal_eval(domain)])
        except (ValueError, SyntaxError):
            # It names a variable that the web client knows.
            return f"{[own]!r} + {domain}"
