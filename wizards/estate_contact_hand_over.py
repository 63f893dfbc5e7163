from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..models.groups import MEMBERS

MANAGER = "crm_real_estate.group_office_manager"


class ContactHandOver(models.TransientModel):
    """Gives contacts to a colleague, with their enquiries, viewings and tasks."""

    _name = "estate.contact.hand.over"
    _description = "Hand over contacts"

    partner_ids = fields.Many2many(
        "res.partner",
        string="Contacts",
        required=True,
        default=lambda s: s._get_chosen(),
    )
    allowed_user_ids = fields.Many2many(
        "res.users", compute="_compute_allowed_user_ids", string="Possible people"
    )
    user_id = fields.Many2one(
        "res.users",
        "Hand over to",
        required=True,
        domain="[('id', 'in', allowed_user_ids)]",
    )
    lead_ids = fields.Many2many(
        "crm.lead",
        string="Enquiries that go along",
        compute="_compute_lead_ids",
        store=True,
        readonly=False,
    )
    movable_lead_ids = fields.Many2many("crm.lead", compute="_compute_movable_lead_ids")
    kept_lead_count = fields.Integer(compute="_compute_movable_lead_ids")
    search_ids = fields.Many2many(
        "estate.search",
        string="Searches that go along",
        compute="_compute_search_ids",
        store=True,
        readonly=False,
    )
    movable_search_ids = fields.Many2many(
        "estate.search", compute="_compute_movable_search_ids"
    )
    with_viewings = fields.Boolean("Viewings to come go along", default=True)
    viewing_count = fields.Integer("Viewings to come", compute="_compute_viewing_count")
    with_tasks = fields.Boolean("Open tasks go along", default=True)
    note = fields.Text(help="What your colleague should know.")

    @api.model
    def _get_chosen(self):
        if self.env.context.get("active_model") != "res.partner":
            return self.env["res.partner"]
        return self.env["res.partner"].browse(self.env.context.get("active_ids") or [])

    # === WHO AND WHAT ===

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_allowed_user_ids(self):
        self.allowed_user_ids = self._get_receivers()

    @api.model
    def _get_receivers(self):
        """Return to whom the user may hand over: his office, or his companies.

        Beyond his office go those who see a side of the whole company.
        """
        contacts = self.env["res.partner"]
        sides = ("offer", "demand")
        domain = Domain("share", "=", False) & Domain("id", "!=", self.env.uid)
        if any(contacts._get_contact_level(side) == "company" for side in sides):
            domain &= Domain("company_ids", "in", self.env.companies.ids)
        else:
            domain &= Domain("crm_team_ids", "in", self.env.user.crm_team_ids.ids)
        found = self.env["res.users"].search(domain)
        return found.filtered(lambda user: user.has_groups(MEMBERS))

    @api.depends("partner_ids")
    def _compute_movable_lead_ids(self):
        may_reassign = self.env.user.has_group("crm_real_estate.group_reassign")
        for wizard in self:
            leads = wizard._find_leads()
            # Who has what the distribution gave away is not changed without the right.
            movable = leads.filtered(lambda lead: may_reassign or not lead.is_routed)
            wizard.movable_lead_ids = movable
            wizard.kept_lead_count = len(leads - movable)

    @api.depends("partner_ids")
    def _compute_lead_ids(self):
        for wizard in self:
            wizard.lead_ids = wizard.movable_lead_ids

    @api.depends("partner_ids")
    def _compute_movable_search_ids(self):
        for wizard in self:
            wizard.movable_search_ids = wizard._find_searches()

    @api.depends("partner_ids")
    def _compute_search_ids(self):
        for wizard in self:
            wizard.search_ids = wizard.movable_search_ids

    @api.depends("partner_ids", "lead_ids")
    def _compute_viewing_count(self):
        for wizard in self:
            wizard.viewing_count = len(wizard._find_viewings(wizard.lead_ids))

    def _find_leads(self):
        """Return the open enquiries that the contacts' responsible people have."""
        givers = self.partner_ids.user_id | self.env.user
        return self.env["crm.lead"].search(
            [
                ("partner_id", "in", self.partner_ids.ids),
                ("lead_role", "!=", False),
                ("won_status", "=", "pending"),
                ("user_id", "in", givers.ids),
            ]
        )

    def _find_searches(self):
        """Return the running searches that the contacts' responsible people have."""
        givers = self.partner_ids.user_id | self.env.user
        return self.env["estate.search"].search(
            [
                ("partner_id", "in", self.partner_ids.ids),
                ("agent_id", "in", givers.ids),
            ]
        )

    def _find_viewings(self, leads):
        """Return the viewings to come that the contacts' responsible people do.

        Those of an enquiry that stays do so, too; a group viewing is its agent's.

        :param leads: enquiries that go along
        """
        givers = self.partner_ids.user_id | self.env.user
        # By number: those of a form that is not saved yet are no records of their own.
        staying = set(self._find_leads().ids) - set(leads.ids)
        return self.env["estate.viewing"].search(
            [
                ("partner_id", "in", self.partner_ids.ids),
                ("lead_id", "not in", list(staying)),
                ("agent_id", "in", givers.ids),
                ("group_id", "=", False),
                ("state", "=", "planned"),
                ("start", ">", fields.Datetime.now()),
            ]
        )

    def _find_tasks(self, leads, searches):
        """Return the open tasks about the contacts and what goes along: by contact."""
        givers = self.partner_ids.user_id | leads.user_id | searches.agent_id
        givers |= self.env.user
        # sudo: mail.activity - the task of a colleague goes along with his contact
        tasks = self.env["mail.activity"].sudo()
        found = tasks.search(
            Domain("user_id", "in", givers.ids)
            & Domain.OR(
                Domain("res_model", "=", records._name)
                & Domain("res_id", "in", records.ids)
                for records in (self.partner_ids, leads, searches)
            )
        )
        contact_of = {("res.partner", c.id): c for c in self.partner_ids}
        for records in (leads, searches):
            contact_of |= {(records._name, one.id): one.partner_id for one in records}
        return found.grouped(lambda task: contact_of[task.res_model, task.res_id])

    # === HAND OVER ===

    def action_apply(self):
        self.ensure_one()
        self._check_may_hand_over()
        leads = self.lead_ids & self.movable_lead_ids
        searches = self.search_ids & self.movable_search_ids
        along = [leads.grouped("partner_id"), searches.grouped("partner_id")]
        if self.with_viewings:
            along.append(self._find_viewings(leads).grouped("partner_id"))
        if self.with_tasks:
            along.append(self._find_tasks(leads, searches))
        parts = {
            contact: [part[contact] for part in along if contact in part]
            for contact in self.partner_ids
        }
        self.env["estate.hand.over"]._hand_over(parts, self.user_id, self.note)
        if self.partner_ids.has_access("read"):
            return {"type": "ir.actions.act_window_close"}
        # Who gave away what he saw goes back to the list.
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_real_estate.res_partner_action_estate"
        )
        return {**action, "target": "main"}

    def _check_may_hand_over(self):
        """Refuse to give away what is not one's own, or to whom one may not.

        :raises AccessError: names the contact and whom to ask
        """
        self.partner_ids.check_access("write")
        if self.user_id not in self.allowed_user_ids:
            raise UserError(
                self.env._(
                    "%s does not work in your office. Somebody who sees the contacts "
                    "of the whole company can hand over to other offices.",
                    self.user_id.name,
                )
            )
        if self.env.user.has_group(MANAGER):
            return
        for contact in self.partner_ids:
            if contact.user_id and contact.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "%(contact)s is looked after by %(user)s: ask him or your "
                        "office manager to hand the contact over.",
                        contact=contact.display_name,
                        user=contact.user_id.name,
                    )
                )
