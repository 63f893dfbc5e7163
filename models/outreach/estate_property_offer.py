from odoo import models
from odoo.tools import format_amount


class Property(models.Model):
    _inherit = "estate.property"

    def _get_offer_facts(self):
        """Return in one line what a seeker is told first; never street and owner."""
        self.ensure_one()
        facts = [self.type_id.name, " ".join(filter(None, (self.zip, self.city)))]
        if self.price:
            facts.append(
                format_amount(
                    self.env, self.price, self.currency_id, trailing_zeroes=False
                )
            )
        if area := self.living_area or self.plot_area:
            facts.append(f"{area:g} m²")
        if self.room_count:
            facts.append(self.env._("%(count)s rooms", count=f"{self.room_count:g}"))
        return " · ".join(filter(None, facts))

    def action_write_to_matches(self):
        """Open the list of seekers who fit: who is written to, who is not and why."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write to fitting seekers"),
            "res_model": "estate.match.write",
            "view_mode": "form",
            "target": "new",
            "context": {"default_property_id": self.id},
        }
