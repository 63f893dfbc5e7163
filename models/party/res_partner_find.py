from odoo import api, models

from ...tools.phones import to_e164


class PartnerFind(models.AbstractModel):
    """Finds the contacts that arriving data speak of, many at once."""

    _name = "estate.partner.find.mixin"
    _description = "Contact: found by mail and phone"

    @api.model
    def _find_or_create_estate_contacts(self, contacts, company, kind_vals):
        """Return a contact for each of `contacts`, found by mail or phone, else made.

        Several hits: the oldest wins whose name agrees, else the oldest. An existing
        contact is not changed, save that one without a kind gets it.

        :param contacts: list of `tools.neutral.Contact`
        :param company: `res.company` whose contacts and shared ones are looked at
        :param dict kind_vals: values for new contacts, such as the kind
        :return: dict Contact -> `res.partner`
        """
        country = company.country_id.code or ""
        phones = {c: self._get_valid_phones(c, country) for c in contacts}
        mails = {c: [mail.lower() for mail in c.emails] for c in contacts}
        index = self._index_estate_contacts(
            {mail for found in mails.values() for mail in found},
            {phone for found in phones.values() for phone in found},
            company,
        )
        result, missing = {}, []
        for contact in contacts:
            hits = [
                hit
                for key in (*mails[contact], *phones[contact])
                for hit in index.get(key, ())
            ]
            if hits:
                result[contact] = self._choose_estate_contact(contact, hits)
            elif not self._is_told_twice(contact, missing, mails, phones):
                missing.append(contact)
        created = self.create(
            [
                self._prepare_estate_contact_vals(c, company, kind_vals, phones[c])
                for c in missing
            ]
        )
        result.update(zip(missing, created, strict=True))
        for contact in contacts:
            if contact not in result:
                twin = self._is_told_twice(contact, missing, mails, phones)
                result[contact] = result[twin]
        self._make_known(result, kind_vals)
        return result

    @api.model
    def _get_valid_phones(self, contact, country):
        numbers = (to_e164(raw, contact.country or country) for raw in contact.phones)
        return list(dict.fromkeys(filter(None, numbers)))

    @api.model
    def _index_estate_contacts(self, mails, phones, company):
        """Return existing contacts by mail and by phone, in two queries."""
        domain = [
            "|",
            ("email_normalized", "in", list(mails)),
            ("phone_sanitized", "in", list(phones)),
            ("company_id", "in", (False, company.id)),
            ("partner_share", "=", True),
        ]
        index = {}
        # sudo: res.partner - intake finds a contact whoever may see it, or doubles it
        for partner in self.sudo().search(domain, order="id"):
            for key in filter(
                None, (partner.email_normalized, partner.phone_sanitized)
            ):
                index.setdefault(key, []).append(partner)
        return index

    @api.model
    def _choose_estate_contact(self, contact, hits):
        wanted = contact.name.casefold()
        named = [hit for hit in hits if (hit.name or "").casefold() == wanted]
        return min(named or hits, key=lambda hit: hit.id)

    @api.model
    def _is_told_twice(self, contact, missing, mails, phones):
        """Return the earlier one of `missing` that shares a mail or phone, or None."""
        keys = {*mails[contact], *phones[contact]}
        return next((c for c in missing if keys & {*mails[c], *phones[c]}), None)

    @api.model
    def _prepare_estate_contact_vals(self, contact, company, kind_vals, valid_phones):
        country = self.env["res.country"].search(
            [("code", "=", contact.country or "-")], limit=1
        )
        name = contact.name or (contact.emails or contact.phones or ("?",))[0]
        return {
            "name": name,
            "is_company": bool(contact.company and not contact.last_name),
            "company_name": contact.company if contact.last_name else False,
            "email": contact.emails[0] if contact.emails else False,
            # A number nobody can dial is kept as it came: a person can read it.
            "phone": (valid_phones or contact.phones or (False,))[0],
            "street": contact.street,
            "zip": contact.zip,
            "city": contact.city,
            "country_id": country.id,
            "company_id": company.id,
            **kind_vals,
        }

    @api.model
    def _make_known(self, result, kind_vals):
        unknown = self.browse({p.id for p in result.values()}).filtered(
            lambda p: not p.estate_kind
        )
        if unknown:
            # sudo: res.partner - the contact becomes ours by asking us
            unknown.sudo().write({"estate_kind": kind_vals.get("estate_kind", "draft")})
