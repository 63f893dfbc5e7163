from odoo import fields, models
from odoo.fields import Domain

# The next appointments a caller may ask about.
MOST_VIEWINGS = 3


class PartnerCallerJournal(models.AbstractModel):
    """What the history knows of who is on the phone."""

    _name = "estate.partner.caller.journal.mixin"
    _description = "Contact: dealings of who calls"

    def _get_caller_facts(self):
        facts = super()._get_caller_facts()
        for partner_id, last in self._get_last_contacts().items():
            facts[partner_id]["last_contact"] = last
        for partner, count in self.env["estate.viewing"]._read_group(
            [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
        ):
            facts[partner.id]["viewing_count"] = count
        for viewing in self._find_caller_viewings():
            rows = facts[viewing.partner_id.id]["viewings"]
            if len(rows) < MOST_VIEWINGS:
                rows.append(
                    {
                        "id": viewing.id,
                        "at": viewing.start,
                        "property": viewing.property_id.name,
                        "agent": viewing.agent_id.name,
                    }
                )
        return facts

    def _get_last_contacts(self):
        """Return id -> the last thing that a person did with each of these contacts."""
        rows = self.env["estate.interaction"]
        domain = (
            rows._get_valid_domain()
            & Domain("partner_id", "in", self.ids)
            & Domain("is_automatic", "=", False)
        )
        latest = rows._read_group(domain, ["partner_id"], ["occurred_at:max"])
        if not latest:
            return {}
        moments = Domain.OR(
            Domain("partner_id", "=", partner.id) & Domain("occurred_at", "=", moment)
            for partner, moment in latest
        )
        return {
            row.partner_id.id: {
                "at": row.occurred_at,
                "type": row.type_id.name,
                "summary": (row.summary or "").partition("\n")[0],
                "user": row.user_id.name,
            }
            for row in rows.search(domain & moments, order="id")
        }

    def _find_caller_viewings(self):
        return self.env["estate.viewing"].search(
            [
                ("partner_id", "in", self.ids),
                ("state", "=", "planned"),
                ("start", ">=", fields.Datetime.now()),
            ],
            order="start, id",
        )
