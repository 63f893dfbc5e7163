from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .. import inner
from ..groups import MEMBERS

VENDOR_TASK = "crm_real_estate.mail_activity_type_vendor"


class LeadSearch(models.AbstractModel):
    """A lead of a search: a general demand has one instead of a property."""

    _name = "estate.lead.search.mixin"
    _description = "Lead: search"

    search_id = fields.Many2one(
        "estate.search",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        copy=False,
        groups=MEMBERS,
        help="What this contact searches for, beyond the one property.",
    )
    must_sell_first = fields.Boolean(
        "Must sell first",
        groups=MEMBERS,
        copy=False,
        help="The seeker has a property of his own to sell: a possible vendor.",
    )

    def _schedule_vendor_tasks(self):
        """These seekers said that they must sell first: their agent is given a task."""
        # sudo: crm.lead - the write may have given them to somebody else
        vendors = self.sudo().filtered(
            lambda lead: (
                lead.must_sell_first and lead.user_id and lead.won_status != "lost"
            )
        )
        if not vendors:
            return
        kind = self.env.ref(VENDOR_TASK, raise_if_not_found=False)
        if not kind:
            return
        known = vendors._find_vendor_tasks(kind)
        for lead in vendors:
            if known & {lead, lead.partner_id}:
                continue
            known |= {lead, lead.partner_id} if lead.partner_id else {lead}
            lead.activity_schedule(
                activity_type_id=kind.id,
                user_id=lead.user_id.id,
                summary=self.env._(
                    "%s must sell first: offer to sell for him", lead._get_who_asks()
                ),
            )

    def _get_who_asks(self):
        """Return who asks, by the best name there is."""
        return self.partner_id.name or self.contact_name or self.email_from or self.name

    def _find_vendor_tasks(self, kind):
        """Return the leads and contacts about whom such a task is or was there.

        :return: set of `crm.lead` and `res.partner`, one record each
        """
        leads = self.with_context(active_test=False)
        twins = leads.search([("partner_id", "in", leads.partner_id.ids)])
        # What was done is kept, archived: nobody is to do it again.
        tasks = leads.env["mail.activity"].search(
            [
                ("res_model", "=", "crm.lead"),
                ("res_id", "in", (leads | twins).ids),
                ("activity_type_id", "=", kind.id),
            ]
        )
        told = self.browse(tasks.mapped("res_id"))
        return {*told, *told.partner_id}

    # === ONE OPEN DEMAND ===

    @api.constrains("search_id", "property_id", "lead_role", "active", "stage_id")
    def _check_one_open_demand(self):
        demands = self.filtered(
            lambda lead: (
                lead.lead_role == "seeker"
                and lead.search_id
                and not lead.property_id
                and lead.active
                and lead.won_status == "pending"
            )
        )
        if not demands or inner.hear(self.env, "merging"):
            return
        # sudo: crm.lead - a colleague's open lead counts too; nothing of it is shown
        twice = self.sudo()._read_group(
            [
                ("search_id", "in", demands.search_id.ids),
                ("property_id", "=", False),
                ("lead_role", "=", "seeker"),
                ("won_status", "=", "pending"),
                ("active", "=", True),
            ],
            ["search_id"],
            having=[("__count", ">", 1)],
        )
        for (search,) in twice:
            raise ValidationError(
                self.env._(
                    "%s already has an open demand. Go on with that one.",
                    search.display_name,
                )
            )

    # === ACTIONS ===

    def action_open_search(self):
        """Open the search of this enquiry; its first opening begins one from it."""
        self.ensure_one()
        if not self.search_id:
            self.search_id = self.env["estate.search"].create(
                self._prepare_search_vals()
            )
        return self.search_id._get_records_action(
            name=self.env._("Search of %s", self.partner_id.name)
        )

    def _prepare_search_vals(self):
        """Return the values of a search that begins with what this enquiry tells."""
        prop = self.property_id
        if not self.partner_id:
            raise UserError(
                self.env._("%s has no contact. Choose one first.", self.display_name)
            )
        vals = {
            "partner_id": self.partner_id.id,
            "deal_type": self.deal_type,
            "agent_id": self.user_id.id,
            "company_id": (self.company_id or self.env.company).id,
            "must_sell_first": self.must_sell_first,
        }
        if prop:
            parents = prop.territory_ids.parent_id
            vals |= {
                "type_ids": [Command.set(prop.type_id.ids)],
                "price_max": prop.price,
                "room_min": prop.room_count,
                "tolerance_percent": 10,
                "territory_ids": [Command.set((prop.territory_ids - parents).ids)],
            }
        return vals
