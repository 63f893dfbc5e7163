from dataclasses import replace

from odoo import api, models

from ...tools.phones import to_e164
from ...tools.shared_keys import connect


class PartnerFind(models.AbstractModel):
    """Finds the contacts that arriving data speak of, many at once."""

    _name = "estate.partner.find.mixin"
    _description = "Contact: found by mail and phone"

    @api.model
    def _find_or_create_estate_contacts(self, contacts, company, kind_vals):
        """Return a contact for each of `contacts`, found by mail or phone, else made.

        Several hits: the oldest wins whose name agrees, else the oldest. Contacts that
        share a mail or phone, also by way of a third one, are one; what the first of
        them lacks the others add. An existing contact is not changed, save that one
        without a kind gets it.

        :param contacts: list of `tools.neutral.Contact`
        :param company: `res.company` whose contacts and shared ones are looked at
        :param dict kind_vals: values for new contacts, such as the kind
        :return: dict Contact -> `res.partner`
        """
        contacts = list(dict.fromkeys(contacts))
        country = company.country_id.code or ""
        phones = {c: self._get_valid_phones(c, country) for c in contacts}
        mails = {c: [mail.lower() for mail in c.emails] for c in contacts}
        index = self._index_estate_contacts(
            {mail for found in mails.values() for mail in found},
            {phone for found in phones.values() for phone in found},
            company,
        )
        result, missing = {}, []
        for group in connect([{*mails[c], *phones[c]} for c in contacts]):
            members = [contacts[position] for position in group]
            for contact in members:
                keys = (*mails[contact], *phones[contact])
                if hits := [hit for key in keys for hit in index.get(key, ())]:
                    result[contact] = self._choose_estate_contact(contact, hits)
            known = [result[contact] for contact in members if contact in result]
            if known:
                result |= {c: known[0] for c in members if c not in result}
            else:
                missing.append(members)
        result |= self._create_estate_contacts(missing, company, kind_vals, phones)
        self._make_known(result, kind_vals)
        return result

    @api.model
    def _create_estate_contacts(self, groups, company, kind_vals, phones):
        """Create a contact for each group of told contacts; return it for each member.

        :param dict phones: told contact -> its valid phones
        """
        created = self.create(
            [
                self._prepare_estate_contact_vals(
                    self._join_estate_contacts(members),
                    company,
                    kind_vals,
                    [phone for member in members for phone in phones[member]],
                )
                for members in groups
            ]
        )
        return {
            member: partner
            for members, partner in zip(groups, created, strict=True)
            for member in members
        }

    @api.model
    def _join_estate_contacts(self, members):
        """Return the first of several told contacts with the addresses of all."""
        return replace(
            members[0],
            emails=tuple(mail for member in members for mail in member.emails),
            phones=tuple(phone for member in members for phone in member.phones),
        )

    @api.model
    def _get_valid_phones(self, contact, country):
        numbers = (to_e164(raw, contact.country or country) for raw in contact.phones)
        return list(dict.fromkeys(filter(None, numbers)))

    @api.model
    def _index_estate_contacts(self, mails, phones, company):
        """Return existing contacts by mail and by phone, in two queries."""
        mails, phones = list(mails), list(phones)
        domain = [
            *("|", "|", "|"),
            ("email_normalized", "in", mails),
            ("second_email_normalized", "in", mails),
            ("phone_sanitized", "in", phones),
            ("second_phone_sanitized", "in", phones),
            ("company_id", "in", (False, company.id)),
            ("partner_share", "=", True),
        ]
        index = {}
        # sudo: res.partner - intake finds a contact whoever may see it, or doubles it
        for partner in self.sudo().search(domain, order="id"):
            for key in partner._get_addresses():
                index.setdefault(key, []).append(partner)
        return index

    @api.model
    def _choose_estate_contact(self, contact, hits):
        wanted = contact.name.casefold()
        named = [hit for hit in hits if (hit.name or "").casefold() == wanted]
        return min(named or hits, key=lambda hit: hit.id)

    @api.model
    def _prepare_estate_contact_vals(self, contact, company, kind_vals, valid_phones):
        country = self.env["res.country"].search(
            [("code", "=", contact.country or "-")], limit=1
        )
        name = contact.name or (contact.emails or contact.phones or ("?",))[0]
        phones = list(dict.fromkeys(valid_phones or contact.phones))
        mails = list({mail.lower(): mail for mail in reversed(contact.emails)}.values())
        vals = {
            "name": name,
            "is_company": bool(contact.company and not contact.last_name),
            "company_name": contact.company if contact.last_name else False,
            "email": next(iter(contact.emails), False),
            # A number nobody can dial is kept as it came: a person can read it.
            "phone": next(iter(phones), False),
            "second_email": next(iter(mails[-2::-1]), False),
            "second_phone": next(iter(phones[1:]), False),
            "street": contact.street,
            "zip": contact.zip,
            "city": contact.city,
            "country_id": country.id,
            "company_id": company.id,
            **kind_vals,
        }
        rules = self.env["estate.contact.requirement"]
        if rules._find_missing(vals.get("estate_kind"), company.id, vals):
            # Nothing that arrives is lost for want of data: a person adds them.
            vals["estate_kind"] = "draft"
        return vals

    @api.model
    def _make_known(self, result, kind_vals):
        unknown = self.browse({p.id for p in result.values()}).filtered(
            lambda p: not p.estate_kind
        )
        wanted = kind_vals.get("estate_kind", "draft")
        fitting = unknown.grouped(lambda partner: partner._get_fitting_kind(wanted))
        for kind, partners in fitting.items():
            # sudo: res.partner - the contact becomes ours by asking us
            partners.sudo().write({"estate_kind": kind})
