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
        known = self._find_vendor_tasks()
        kind = self.env.ref(VENDOR_TASK, raise_if_not_found=False)
        if not kind:
            return
        for lead in self.filtered("user_id"):
            if lead.partner_id in known:
                continue
            known |= lead.partner_id
            lead.activity_schedule(
                activity_type_id=kind.id,
                user_id=lead.user_id.id,
                summary=self.env._(
                    "%s must sell first: offer to sell for him", lead.partner_id.name
                ),
            )

    def _find_vendor_tasks(self):
        """Return the contacts of these leads about whom such a task is open."""
        kind = self.env.ref(VENDOR_TASK, raise_if_not_found=False)
        # sudo: mail.activity - a task of a colleague is a task, too
        tasks = self.env["mail.activity"].sudo()
        if kind:
            # sudo: crm.lead - as above
            leads = self.sudo().with_context(active_test=False)
            leads = leads.search([("partner_id", "in", leads.partner_id.ids)])
            tasks = tasks.search(
                [
                    ("res_model", "=", "crm.lead"),
                    ("res_id", "in", leads.ids),
                    ("activity_type_id", "=", kind.id),
                ]
            )
        return self.env["crm.lead"].browse(tasks.mapped("res_id")).partner_id

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
