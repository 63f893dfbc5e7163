from odoo import fields, models


class LeadGroupViewing(models.AbstractModel):
    """An enquiry about a property that is shown to many at once."""

    _name = "estate.lead.group.viewing.mixin"
    _description = "Lead: group viewings"

    def _get_next_group(self):
        """Return the next group viewing of the property of this enquiry, if any."""
        self.ensure_one()
        return self.env["estate.viewing.group"].search(
            [
                ("property_id", "in", self.property_id.ids),
                ("state", "=", "planned"),
                ("start", ">", fields.Datetime.now()),
            ],
            order="start, id",
            limit=1,
        )
