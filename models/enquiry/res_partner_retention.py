from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..groups import MEMBERS


class PartnerRetention(models.AbstractModel):
    """How long a contact's data are kept when nothing happens any more."""

    _name = "estate.partner.retention.mixin"
    _description = "Contact: retention"

    retention_date = fields.Date(
        "Kept until",
        compute="_compute_retention",
        groups=MEMBERS,
        help="So many months after the last event as the settings say; empty while an "
        "enquiry is open.",
    )
    is_past_retention = fields.Boolean(
        "Past retention",
        compute="_compute_retention",
        search="_search_is_past_retention",
        groups=MEMBERS,
    )

    def _compute_retention(self):
        months = self.env.company.estate_retention_months
        ours = self.filtered("estate_kind") if months else self.browse()
        # sudo: estate.interaction, crm.lead - what happened in any office counts
        last = dict(
            self.env["estate.interaction"]
            .sudo()
            ._read_group(
                [("partner_id", "in", ours.ids)], ["partner_id"], ["occurred_at:max"]
            )
        )
        # sudo: crm.lead - as above
        leads = self.env["crm.lead"].sudo()
        busy = leads.search(self._get_open_domain(ours)).partner_id
        today = fields.Date.context_today(self)
        for partner in self:
            partner.retention_date = partner.is_past_retention = False
            if partner in ours and partner not in busy:
                moments = (last.get(partner), partner.create_date)
                moment = max(filter(None, moments), default=fields.Datetime.now())
                partner.retention_date = fields.Date.add(moment.date(), months=months)
                partner.is_past_retention = partner.retention_date < today

    def _get_open_domain(self, partners):
        return (
            Domain("partner_id", "in", partners.ids)
            & Domain("lead_role", "!=", False)
            & Domain("won_status", "=", "pending")
        )

    @api.model
    def _search_is_past_retention(self, operator, value):
        if operator != "in":
            return NotImplemented
        months = self.env.company.estate_retention_months
        if not months:
            return Domain.FALSE
        limit = fields.Date.subtract(fields.Date.context_today(self), months=months)
        self.env["estate.interaction"].flush_model(["partner_id", "occurred_at"])
        self.env["crm.lead"].flush_model(["partner_id", "lead_role", "won_status"])
        self.env["res.partner"].flush_model(["estate_kind"])
        # Raw SQL: the last event of each contact, which no domain can say.
        query = SQL(
            """(SELECT contact.id FROM res_partner contact
            WHERE contact.estate_kind IS NOT NULL AND contact.create_date < %(limit)s
            AND NOT EXISTS (SELECT FROM estate_interaction event
                WHERE event.partner_id = contact.id AND event.occurred_at >= %(limit)s)
            AND NOT EXISTS (SELECT FROM crm_lead lead
                WHERE lead.partner_id = contact.id AND lead.lead_role IS NOT NULL
                AND lead.won_status = 'pending'))""",
            limit=limit,
        )
        return [("id", "in", query)]
