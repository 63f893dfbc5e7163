from odoo import api, fields, models

from ..groups import MEMBERS
from ..property.estate_property import DEAL_TYPES


class LeadJournal(models.AbstractModel):
    """A lead about a property, and its history."""

    _name = "estate.lead.journal.mixin"
    _description = "Lead: property and journal"
    _inherit = "estate.journal.thread.mixin"

    property_id = fields.Many2one(
        "estate.property",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    deal_type = fields.Selection(
        DEAL_TYPES,
        "Deal",
        compute="_compute_deal_type",
        store=True,
        readonly=False,
        precompute=True,
    )
    interaction_ids = fields.One2many(
        "estate.interaction",
        "lead_id",
        "Journal",
        groups=MEMBERS,
    )
    viewing_ids = fields.One2many(
        "estate.viewing",
        "lead_id",
        "Viewings",
        groups=MEMBERS,
    )

    @api.depends("property_id")
    def _compute_deal_type(self):
        for lead in self:
            lead.deal_type = lead.property_id.deal_type or lead.deal_type

    def _get_journal_links(self):
        return {"lead_id": self.id}

    # === THE GATE ===

    def _get_left_out(self, channel, purpose="all"):
        """Return those of `self` whose person gets nothing that a batch sends."""
        partners = self.partner_id._get_left_out(channel, purpose)
        strangers = self.filtered(lambda lead: not lead.partner_id)
        addresses = {
            *strangers.mapped("email_normalized"),
            *strangers.mapped("phone_sanitized"),
        }
        erased = self.env["estate.erased.denial"]._find(
            addresses - {False}, channel, ("all", purpose)
        )
        return self.filtered(
            lambda lead: lead.partner_id in partners
            or {lead.email_normalized, lead.phone_sanitized} & set(erased)
        )

    @api.model
    def _mailing_get_opt_out_list(self, mailing):
        """Tell Odoo's mailings, where that app is installed, whom to leave out."""
        # sudo: crm.lead - the gate must see every recipient, whoever sends
        leads = self.sudo().browse(mailing._get_recipients())
        return leads._get_left_out("email", "advertising")._get_mailed_addresses()

    @api.model
    def _mailing_get_opt_out_list_sms(self, mailing):
        # sudo: crm.lead - as above
        leads = self.sudo().browse(mailing._get_recipients())
        return leads._get_left_out("sms", "advertising").ids

    def _get_mailed_addresses(self):
        """Return the normalized addresses that a mail to these leads may go to."""
        found = [
            *self.mapped("email_normalized"),
            *self.partner_id.mapped("email_normalized"),
        ]
        return set(filter(None, found))

    def _take_over_journal(self, leads):
        """Point the history of `leads`, about to be merged, to this lead."""
        self._take_over_places(leads)
        # sudo: estate.interaction, estate.viewing - links follow, whoever sees them
        for rows in (leads.sudo().interaction_ids, leads.sudo().viewing_ids):
            rows.write({"lead_id": self.id})

    def _take_over_places(self, leads):
        """Keep the places that `leads` have in group viewings: one in each of them."""
        # sudo: estate.viewing - links follow, whoever sees them
        held = (
            (self | leads)
            .sudo()
            .viewing_ids.filtered(
                lambda viewing: viewing.group_id and viewing.state == "planned"
            )
        )
        for viewings in held.grouped("group_id").values():
            first = viewings.filtered(lambda v: v.lead_id == self)[:1] or viewings[:1]
            # Nobody is told: the seeker comes, once.
            (viewings - first).write({"state": "cancelled", "cancelled_by": "agency"})
        # sudo: estate.viewing.place - kept by the system alone
        places = self.env["estate.viewing.place"].sudo()
        places = places.search([("lead_id", "in", (self | leads).ids)])
        for rows in places.grouped("group_id").values():
            first = rows.filtered(lambda place: place.lead_id == self)[:1] or rows[:1]
            (rows - first).unlink()
            first.lead_id = self

    # === HOOKS ===

    def _on_leads_merged(self, leads):
        """`leads` are about to be merged into this one: what hangs on them moves."""
