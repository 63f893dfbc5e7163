from odoo import fields, models
from odoo.fields import Domain

# The next appointments a caller may ask about, and the last ones he may speak of.
MOST_VIEWINGS = 3
MOST_EARLIER = 2


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
        now = fields.Datetime.now()
        for name, most, viewings in (
            ("viewings", MOST_VIEWINGS, self._find_next_viewings(now)),
            ("earlier_viewings", MOST_EARLIER, self._find_earlier_viewings(now)),
        ):
            for viewing in viewings:
                rows = facts[viewing.partner_id.id][name]
                if len(rows) < most:
                    rows.append(self._prepare_caller_viewing(viewing))
        return facts

    def _prepare_caller_viewing(self, viewing):
        outcomes = dict(viewing._fields["state"]._description_selection(self.env))
        return {
            "id": viewing.id,
            "at": viewing.start,
            "property": viewing.property_id.name,
            "agent": viewing.agent_id.name,
            "outcome": outcomes[viewing.state],
        }

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

    def _find_next_viewings(self, now):
        return self.env["estate.viewing"].search(
            [
                ("partner_id", "in", self.ids),
                ("state", "=", "planned"),
                ("start", ">=", now),
            ],
            order="start, id",
        )

    def _find_earlier_viewings(self, now):
        """Return what was shown to them, the last first, and whether they came."""
        return self.env["estate.viewing"].search(
            [
                ("partner_id", "in", self.ids),
                ("state", "in", ("planned", "done", "no_show")),
                ("start", "<", now),
            ],
            order="start desc, id desc",
        )
