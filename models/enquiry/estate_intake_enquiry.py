"""Neutral enquiries become contacts and seekers' leads, or lines of an open lead."""

from markupsafe import Markup

from odoo import api, models
from odoo.tools import plaintext2html

from ...tools import enquiry_mail, languages
from .. import inner


class IntakeEnquiry(models.AbstractModel):
    _name = "estate.intake.enquiry.mixin"
    _description = "Intake of enquiries"

    def _apply_enquiries(self, raw):
        """Apply the enquiries of one mail.

        :param bytes raw: the mail as it came
        :return: values for the message; what names no known property waits for a person
        """
        if enquiry_mail.is_automatic(raw):
            return {
                "state": "refused",
                "error": self.env._("An automatic mail is no enquiry."),
            }
        country = self.company_id.country_id.code or ""
        open_points = []
        enquiries = enquiry_mail.read_mail(raw, country)
        for number, enquiry in enumerate(enquiries):
            problem = self._apply_enquiry(enquiry, number)
            if problem:
                open_points.append(problem)
        told = {
            "item_count": len(enquiries),
            "done_count": len(enquiries) - len(open_points),
        }
        if open_points:
            return {"state": "to_check", "error": "\n".join(open_points), **told}
        return {"state": "done", **told}

    def _apply_enquiry(self, enquiry, number):
        """Apply one enquiry; return a sentence for a person when it cannot be done."""
        origin = f"estate.intake.message,{self.id},{number}"
        # sudo: estate.interaction - a replay must see rows of every company
        if (
            self.env["estate.interaction"]
            .sudo()
            .search_count([("origin", "=", origin)], limit=1)
        ):
            return ""
        contact = enquiry.contact
        if not (contact.emails or contact.phones):
            return self.env._(
                "%(name)s left neither a mail nor a phone. Look at the raw message.",
                name=contact.name or self.env._("The sender"),
            )
        prop = self.property_id or self._find_property(enquiry)
        if len(prop) != 1:
            return self.env._(
                "No single property is meant (%(references)s). Choose it here and "
                "press Process.",
                references=", ".join(enquiry.references)
                or self.env._("no number given"),
            )
        if not prop.deal_type:
            return self.env._(
                "%s is neither for sale nor to let yet. Choose its deal and press "
                "Process.",
                prop.display_name,
            )
        # A new contact speaks the language that it wrote in.
        people = self.env["res.partner"]
        if lang := self._find_language(enquiry.message):
            people = people.with_context(default_lang=lang)
        partners = people._find_or_create_estate_contacts(
            [contact], self.company_id, {"estate_kind": "standard"}
        )
        self._record_enquiry(prop, partners[contact], enquiry, origin)
        return ""

    @api.model
    def _find_language(self, text):
        """Return the code of the installed language that a text is in, "" if unclear.

        What the company itself speaks comes before another kind of the same language.
        """
        code = languages.guess_language(text or "")
        installed = [lang for lang, _name in self.env["res.lang"].get_installed()]
        fitting = [lang for lang in installed if code and lang.split("_")[0] == code]
        own = self.company_id.partner_id.lang
        return own if own in fitting else next(iter(fitting), "")

    def _find_property(self, enquiry):
        """Return the property that the first fitting reference names."""
        properties = self.env["estate.property"]
        for reference in enquiry.references:
            found = properties.search(
                [
                    ("company_id", "=", self.company_id.id),
                    "|",
                    "|",
                    ("reference", "=ilike", reference),
                    ("external_reference", "=ilike", reference),
                    ("external_number", "=ilike", reference),
                ],
                limit=2,
            )
            if found:
                return found
        return properties

    def _record_enquiry(self, prop, partner, enquiry, origin):
        """Go on with the contact's open lead about the property, or begin one."""
        leads = self.env["crm.lead"].with_company(self.company_id)
        lead = leads._find_open_lead(partner, prop, "seeker")
        again = bool(lead)
        if not lead:
            quiet = leads.with_context(mail_create_nosubscribe=True)
            lead = inner.say(quiet, automatic=True).create(
                self._prepare_lead_vals(prop, partner, enquiry)
            )
        lead._post_enquiry(partner, enquiry.message, self.name)
        self.env["estate.interaction"]._write_journal(
            [
                {
                    "type": "enquiry",
                    "lead_id": lead.id,
                    "occurred_at": self.received_at,
                    "summary": enquiry.message or self.name,
                    "is_automatic": True,
                    "origin": origin,
                }
            ]
        )
        lead._on_enquiry_received(self.received_at, again)

    def _prepare_lead_vals(self, prop, partner, enquiry):
        return {
            "name": self.env._(
                "%(contact)s: %(property)s", contact=partner.name, property=prop.name
            ),
            "type": "opportunity",
            "lead_role": "seeker",
            "property_id": prop.id,
            "deal_type": prop.deal_type,
            "partner_id": partner.id,
            "user_id": False,
            "team_id": (prop.team_id or self.source_id.team_id).id,
            "company_id": self.company_id.id,
            "source_id": self.source_id.utm_source_id.id,
            "intake_source_id": self.source_id.id,
            "intake_message_id": self.id,
            "received_at": self.received_at,
        }


class LeadReceived(models.AbstractModel):
    _name = "estate.lead.received.mixin"
    _description = "Lead: an enquiry arrives"

    def _post_enquiry(self, partner, message, subject):
        """Show the seeker's words in the chatter; the journal row is written apart."""
        self.ensure_one()
        quiet = self.with_context(mail_post_autofollow_author_skip=True)
        inner.say(quiet, journal_skip=True).message_post(
            body=plaintext2html(message) if message else Markup(""),
            subject=subject,
            author_id=partner.id,
            email_from=partner.email_formatted or partner.name,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )

    # === HOOKS ===

    def _on_enquiry_received(self, received_at, again):
        """A seeker asked about the property of this lead.

        :param received_at: moment the raw message was stored
        :param bool again: the lead was already open
        """
