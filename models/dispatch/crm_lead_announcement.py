from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import format_amount

from .. import inner

# From so many leads of a batch on one message names them all, without an update.
MOST_MESSAGES = 10
# So many of them are listed, the rest is counted.
MOST_LINES = 20


class LeadAnnouncement(models.AbstractModel):
    """A free lead is announced to the people who could take it."""

    _name = "estate.lead.announcement.mixin"
    _description = "Lead: announcement"

    announcement_id = fields.Many2one(
        "mail.message",
        "Announced by",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The message in the channel of the office; it says who has the lead.",
    )

    property_price = fields.Monetary(
        "Price",
        compute="_compute_property_price",
        currency_field="property_currency_id",
    )
    property_currency_id = fields.Many2one(
        "res.currency", compute="_compute_property_price"
    )

    @api.depends("property_id.price", "property_id.currency_id")
    def _compute_property_price(self):
        for lead in self:
            lead.property_price = lead.property_id.price
            lead.property_currency_id = lead.property_id.currency_id

    def _announce(self):
        """Post in the channels of their offices that these leads are free.

        The robot writes; who is there and could take the lead is mentioned, and nobody
        else. Leads that somebody has, that have ended, or without office are left out.
        """
        # The robot posts for the system, whoever's click set a lead free.
        leads = inner.say(self.with_user(SUPERUSER_ID), automatic=True)
        leads = leads.filtered_domain(leads._get_free_domain())
        leads._update_announcements()
        now = fields.Datetime.now()
        places = leads.grouped(
            lambda lead: (
                lead._get_announcing_office(),
                lead._get_pool_step()[0],
                lead._get_dispatch_company(),
            )
        )
        for (office, step, company), mine in places.items():
            if office:
                people = office._get_announced_people(step, company, now)
                channel = office._get_announcement_channel(company)
                mine.with_context(lang=company.partner_id.lang)._post(channel, people)

    def _get_announcing_office(self):
        """Return the office to whose people this free lead is offered."""
        self.ensure_one()
        rule = self._get_pool_step()[1]
        return rule.team_id or self.team_id or self.property_id.team_id

    def _post(self, channel, people):
        """Post these free leads of one office in its channel and mention `people`."""
        robot = self.env.ref("base.partner_root")
        channel = channel.with_env(self.env)
        single = len(self) <= MOST_MESSAGES
        for leads in self if single else [self]:
            message = channel.message_post(
                author_id=robot.id,
                body=leads._render_announcement(),
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=people.partner_id.ids,
            )
            leads.announcement_id = message if single else False

    def _render_announcement(self):
        """Return the text of an announcement: what is free, or who has it."""
        values = {
            "cards": [lead._prepare_free_card() for lead in self[:MOST_LINES]],
            "count": len(self),
            "more": len(self) - MOST_LINES,
            "base_url": self[:1].get_base_url(),
        }
        return self.env["ir.qweb"]._render("crm_real_estate.free_leads_message", values)

    def _prepare_free_card(self):
        """Return what anybody of the agency may know of a free lead: no person."""
        self.ensure_one()
        # sudo: estate.property - who reads the announcement may take the lead
        prop = self.sudo().property_id
        deals = dict(self._fields["deal_type"]._description_selection(self.env))
        price = prop.price and format_amount(self.env, prop.price, prop.currency_id)
        return {
            "id": self.id,
            "role": self.lead_role,
            "name": prop.name or self.name,
            "address": prop._get_place(),
            "price": price or "",
            "deal": deals.get(self.deal_type, ""),
            "holder": self.user_id.name or "",
            "is_over": self.won_status != "pending",
        }

    def _tell_who_has_them(self, vals):
        """After `vals` were written: the channel reads who has these leads now."""
        if vals.get("user_id"):
            self._update_announcements()

    def _update_announcements(self):
        """Let the messages that announced these leads say who has them now."""
        # sudo: crm.lead, mail.message - the robot's message is changed by the system
        announced = self.sudo().filtered("announcement_id")
        # A message mentions a whole office, and a contact has very many columns.
        announced.announcement_id.partner_ids.fetch(["name", "write_date"])
        channels = {
            message.id: channel
            for channel, messages in announced._group_announcements().items()
            for message in messages
        }
        for lead in announced:
            company = lead._get_dispatch_company()
            told = lead.with_context(lang=company.partner_id.lang)
            message = lead.announcement_id
            if channel := channels.get(message.id):
                channel._message_update_content(
                    message, body=told._render_announcement(), strict=False
                )

    def _group_announcements(self):
        """Return channel -> messages in it that announced these leads."""
        messages = self.announcement_id.filtered(
            lambda message: message.model == "discuss.channel"
        )
        channels = self.env["discuss.channel"]
        return {
            channels.browse(channel_id): mine
            for channel_id, mine in messages.grouped("res_id").items()
        }
