from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from .. import inner


class LeadMerge(models.AbstractModel):
    """One open lead for a contact, a property and a role; twins are merged."""

    _name = "estate.lead.merge.mixin"
    _description = "Lead: twins"

    def _get_merge_key(self):
        """Return what two leads must have in common to be merged."""
        self.ensure_one()
        about = self.property_id or self.search_id
        return self.lead_role, self.pipeline, about

    # === ONE OPEN LEAD ===

    @api.model
    def _find_open_lead(self, partner, prop, role):
        """Return the open lead of a contact about a property in a role, if any."""
        return self.search(
            [
                ("partner_id", "=", partner.id),
                ("property_id", "=", prop.id),
                ("lead_role", "=", role),
                ("won_status", "=", "pending"),
                ("active", "=", True),
            ],
            limit=1,
        )

    @api.constrains("partner_id", "property_id", "lead_role", "active", "stage_id")
    def _check_one_open_lead(self):
        if inner.hear(self.env, "merging"):
            return
        leads = self.filtered(
            lambda lead: (
                lead.lead_role
                and lead.partner_id
                and lead.property_id
                and lead.active
                and lead.won_status == "pending"
            )
        )
        if not leads:
            return
        # Two who begin such a lead at once do not see each other's: one tries again.
        self.env["estate.lock"]._take(
            f"crm.lead,{lead.partner_id.id},{lead.property_id.id},{lead.lead_role}"
            for lead in leads
        )
        # sudo: crm.lead - a colleague's open lead counts too; nothing of it is shown
        groups = self.sudo()._read_group(
            [
                ("partner_id", "in", leads.partner_id.ids),
                ("property_id", "in", leads.property_id.ids),
                ("lead_role", "!=", False),
                ("won_status", "=", "pending"),
                ("active", "=", True),
            ],
            ["partner_id", "property_id", "lead_role"],
            having=[("__count", ">", 1)],
        )
        taken = {(partner.id, prop.id, role) for partner, prop, role in groups}
        for lead in leads:
            if (lead.partner_id.id, lead.property_id.id, lead.lead_role) in taken:
                raise ValidationError(
                    self.env._(
                        "%(contact)s already has an open lead about %(property)s. "
                        "Go on with that one; a repeated enquiry is a line in its "
                        "journal.",
                        contact=lead.partner_id.display_name,
                        property=lead.property_id.display_name,
                    )
                )

    # === TWINS ===

    def _get_twins(self):
        """Return the leads of its contact that each lead may be merged with.

        :return: dict lead -> leads, archived ones included
        """
        candidates = self.with_context(active_test=False).search(
            [
                ("lead_role", "!=", False),
                ("partner_id", "in", self.partner_id.ids),
                ("property_id", "in", [*self.property_id.ids, False]),
            ]
        )
        by_key = candidates.grouped(
            lambda lead: (lead.partner_id, lead._get_merge_key())
        )
        none = self.browse()
        return {
            lead: by_key.get((lead.partner_id, lead._get_merge_key()), none)
            - lead._origin
            for lead in self
        }

    def _check_mergeable(self):
        """Refuse to merge leads that are about different things."""
        if len({lead._get_merge_key() for lead in self}) > 1:
            raise UserError(
                self.env._(
                    "Only leads about the same property, in the same role and "
                    "pipeline, can be merged. Leave out what differs: %s.",
                    ", ".join(self.mapped("display_name")),
                )
            )
