from odoo import models


class LeadCase(models.AbstractModel):
    """A lead as the case that messages belong to."""

    _name = "estate.lead.case.mixin"
    _description = "Lead: messages about it"

    def _get_automatic_case(self):
        """Return what an automatic message about this lead is about."""
        self.ensure_one()
        name = self.property_id.name or self.name
        if self.lead_role == "owner":
            return self.env._("your property: %s", name)
        return self.env._("your enquiry: %s", name)
