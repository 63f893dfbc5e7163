import base64

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import mail_search
from .. import inner
from ..groups import MEMBERS
from ..ledger import ERASED


class PartnerEnquiry(models.AbstractModel):
    """A contact as a seeker: where he stands and what he is interested in."""

    _name = "estate.partner.enquiry.mixin"
    _description = "Contact: enquiries"

    estate_lead_ids = fields.One2many(
        "crm.lead",
        "partner_id",
        "Enquiries",
        domain=[("lead_role", "!=", False)],
        groups=MEMBERS,
    )
    estate_lead_count = fields.Integer(
        "Number of enquiries", compute="_compute_estate_lead_count", groups=MEMBERS
    )
    phase_ids = fields.Many2many(
        "crm.stage",
        string="Phases",
        compute="_compute_phase_ids",
        search="_search_phase_ids",
        help="Where the open enquiries of this contact stand.",
        groups=MEMBERS,
    )
    interest_property_ids = fields.Many2many(
        "estate.property",
        string="Interested in",
        compute="_compute_phase_ids",
        search="_search_interest_property_ids",
        groups=MEMBERS,
    )

    def _compute_estate_lead_count(self):
        # The button opens ended enquiries, too.
        leads = self.env["crm.lead"].with_context(active_test=False)
        groups = leads._read_group(
            [("partner_id", "in", self.ids), ("lead_role", "!=", False)],
            ["partner_id"],
            ["__count"],
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.estate_lead_count = counts.get(partner.id, 0)

    def action_open_estate_leads(self):
        """Open what this contact asks for and offers, ended enquiries, too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_real_estate.crm_lead_action_enquiries"
        )
        name = self.env._("Enquiries of %s", self.name)
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": [("partner_id", "=", self.id), ("lead_role", "!=", False)],
            "context": {
                "active_test": False,
                "default_partner_id": self.id,
                "default_lead_role": "seeker",
                "default_type": "opportunity",
            },
        }

    @api.depends("estate_lead_ids.stage_id", "estate_lead_ids.won_status")
    def _compute_phase_ids(self):
        for partner in self:
            leads = partner.estate_lead_ids.filtered(
                lambda lead: lead.won_status == "pending"
            )
            partner.phase_ids = leads.stage_id
            partner.interest_property_ids = leads.filtered(
                lambda lead: lead.lead_role == "seeker"
            ).property_id

    @api.model
    def _search_phase_ids(self, operator, value):
        return self._search_by_open_lead(Domain("stage_id", operator, value), operator)

    @api.model
    def _search_interest_property_ids(self, operator, value):
        about = Domain("property_id", operator, value) & Domain(
            "lead_role", "=", "seeker"
        )
        return self._search_by_open_lead(about, operator)

    @api.model
    def _search_by_open_lead(self, domain, operator):
        if operator not in ("in", "any", "ilike", "=ilike", "like"):
            return NotImplemented
        leads = self.env["crm.lead"]._search(
            domain
            & Domain("lead_role", "!=", False)
            & Domain("won_status", "=", "pending")
        )
        return [("id", "in", leads.subselect("partner_id"))]

    # === ASSOCIATED TO ===

    def _get_open_estate_leads(self):
        """Return the open enquiries and owner leads of these contacts."""
        # sudo: crm.lead - whether a colleague has one, too, decides what is asked
        leads = self.sudo().estate_lead_ids
        return leads.filtered(lambda lead: lead.won_status == "pending").sudo(
            self.env.su
        )

    def needs_associated_lead(self):
        """Tell the chatter whether a mail to this contact needs a chosen enquiry."""
        self.env["estate.interaction"].check_access("read")
        self.check_access("read")
        return bool(self.estate_kind) and len(self._get_choosable_leads()) > 1

    def _get_choosable_leads(self):
        """Return the open leads of these contacts that the user may choose from."""
        return self._get_open_estate_leads()._filtered_access("read")

    def _prepare_message_journal_vals(self, message, code):
        vals = super()._prepare_message_journal_vals(message, code)
        if not vals["is_automatic"] and (lead := self._get_lead_of(message)):
            vals["lead_id"] = lead.id
        return vals

    def _get_lead_of(self, message):
        """Return which open lead of this contact a message is about, if that is clear.

        It is the one that its writer chose, that of the mail it answers, or the only
        one there is.
        """
        leads = self._get_open_estate_leads()
        if chosen := inner.hear(self.env, "associated"):
            return leads.filtered(lambda lead: lead.id == chosen)
        if message and len(leads) > 1:
            # sudo: mail.message - only which messages they are is read
            origins = [
                f"mail.message,{m.id}"
                for m in message.sudo() | message.sudo().parent_id
            ]
            # sudo: estate.interaction - only the link of the row is read
            rows = self.env["estate.interaction"].sudo()
            told = rows.search([("origin", "in", origins)], order="id desc", limit=1)
            return leads.filtered(lambda lead: lead.id == told.lead_id.id)
        return leads if len(leads) == 1 else leads.browse()

    def _get_estate_used(self):
        every = self.with_context(active_test=False)
        return super()._get_estate_used() | every.filtered(
            lambda partner: partner.estate_lead_ids or partner.estate_search_ids
        )

    # === MERGE ===

    def _on_merged(self, merged_ids):
        super()._on_merged(merged_ids)
        # Two open leads of one contact about one property in one role become one.
        # sudo: crm.lead - the leads of both contacts, whoever merges
        leads = (
            self.env["crm.lead"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.id),
                    ("lead_role", "!=", False),
                    ("property_id", "!=", False),
                    ("won_status", "=", "pending"),
                ]
            )
        )
        for twins in leads.grouped(lambda lead: lead._get_merge_key()).values():
            if len(twins) > 1:
                twins._merge_opportunity(max_length=0)

    # === ERASURE ===

    def _get_personal_documents(self):
        documents = super()._get_personal_documents()
        leads = self._find_personal_leads()
        return [*documents, leads, self._find_raw_messages(leads)]

    def _find_personal_leads(self):
        """Return all leads of these persons, those of Odoo or without contact, too."""
        addresses = list(self._get_addresses())
        # sudo: crm.lead - the person's leads, whoever sees them
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        return leads.search(
            Domain("partner_id", "in", self.ids)
            | Domain("partner_id", "=", False)
            & (
                Domain("email_normalized", "in", addresses)
                | Domain("phone_sanitized", "in", addresses)
            )
        )

    def _find_brought_properties(self):
        """Return the properties that a source brought together with these persons."""
        # sudo: estate.property - as above
        properties = self.env["estate.property"].sudo().with_context(active_test=False)
        return properties.search(
            Domain("intake_source_id", "!=", False)
            & (
                Domain("owner_ids", "in", self.ids)
                | Domain("broker_id", "in", self.ids)
                | Domain("intake_contact_ids", "in", self.ids)
            )
        )

    def _find_raw_messages(self, leads):
        """Return what lies in the inbox from these persons.

        A file names everybody who offered something at that time, and an unchanged
        object leaves no trace of the files it came in with again: all worked-off files
        of the source go, those that came by mail, too.
        """
        properties = self._find_brought_properties()
        # sudo: estate.intake.message - as above
        inbox = self.env["estate.intake.message"].sudo()
        origins = leads.interaction_ids.filtered("origin").mapped("origin")
        prefix = f"{inbox._name},"
        told = [
            int(origin.split(",")[1]) for origin in origins if origin.startswith(prefix)
        ]
        files = inbox.search(
            [
                ("source_id", "in", properties.intake_source_id.ids),
                ("state", "in", ("done", "to_check")),
            ]
        )
        named = (
            leads.intake_message_id | properties.intake_message_id | inbox.browse(told)
        )
        return (
            (named | files | self._find_waiting_mails()).filtered("raw_size").exists()
        )

    def _find_waiting_mails(self):
        """Return mails that became no lead but name an address of these persons."""
        known = self._get_addresses()
        addresses = sorted(address for address in known if "@" in address)
        numbers = sorted(known.difference(addresses))
        # sudo: estate.intake.message - as above
        mails = (
            self.env["estate.intake.message"]
            .sudo()
            .search(
                [
                    ("kind", "=", "mail"),
                    ("raw_size", ">", 0),
                    ("state", "!=", "done"),
                    ("lead_ids", "=", False),
                ]
            )
        )
        found = mails.browse()
        for mail in mails:
            if mail_search.names(base64.b64decode(mail.raw or b""), addresses, numbers):
                found |= mail
            mail.invalidate_recordset(["raw"], flush=False)
        return found

    def _on_erased(self, reason):
        super()._on_erased(reason)
        leads = self._find_personal_leads()
        for message in self._find_raw_messages(leads):
            message._erase_raw()
        properties = self._find_brought_properties()
        properties.intake_problems = False
        # sudo: estate.intake.item - as above
        items = self.env["estate.intake.item"].sudo()
        items.search(
            [("property_id", "in", properties.ids), ("note", "!=", False)]
        ).note = ERASED
        self._erase_leads(leads)

    def _erase_leads(self, leads):
        """End the open enquiries of these persons and empty what all of them say."""
        running = leads.filtered(
            lambda lead: lead.lead_role and lead.active and lead.won_status == "pending"
        )
        for lead in running:
            lead._move_to_phase(lead._get_cancellation_phase(), "person")
        texts = self._prepare_emptied_vals(leads)
        for lead in leads:
            lead.write({**texts, "name": lead.property_id.display_name or ERASED})
