from odoo import fields, models

from .. import inner


class LeadGroupViewing(models.AbstractModel):
    """An enquiry about a property that is shown to many at once."""

    _name = "estate.lead.group.viewing.mixin"
    _description = "Lead: group viewings"

    def _get_next_group(self):
        """Return the group viewing that a mail is about, else the next one, if any."""
        self.ensure_one()
        groups = self.env["estate.viewing.group"]
        if group_id := inner.hear(self.env, "group_viewing"):
            return groups.browse(group_id)
        return groups.search(
            [
                ("property_id", "in", self.property_id.ids),
                ("state", "=", "planned"),
                ("start", ">", fields.Datetime.now()),
            ],
            order="start, id",
            limit=1,
        )
