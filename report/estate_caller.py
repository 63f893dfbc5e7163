from odoo import api, models
from odoo.fields import Domain

from ..models.party.res_partner_caller_search import MOST_HITS
from ..tools import caller, phones

# A contact of nobody's business: shown when the user may see it anyway.
_OURS = Domain("estate_kind", "!=", False)


class Caller(models.AbstractModel):
    """What the desk "Client calls" shows: who may be on the phone."""

    _name = "estate.caller"
    _description = "Client calls"

    @api.model
    @api.readonly
    def get_hits(self, text):
        """Return the contacts that a line may mean, and how to make a new one of it.

        :param str text: phone in any spelling, part of a name, a mail, the last digits
        :return: dict of `hits` (with all that is known if the user may read them, else
            `name`, `kind`, `is_agency` and `responsible` alone, `is_hidden`),
            `has_more`, `is_searched` and `new_contact` (default values for its form)
        """
        partners = self.env["res.partner"]
        # Outsiders are refused before anything is looked for.
        partners.check_access("read")
        self.env["estate.interaction"].check_access("read")
        country = self.env.company.country_id.code or ""
        typed = caller.read(text or "", country)
        found = partners._search_caller(typed, self.env.companies)
        # Who finds a contact may not read it for that: back to the rights of the user.
        readable = found.with_env(self.env)._filtered_access("read")
        hidden = (found - readable).filtered_domain(_OURS)
        shown = [p for p in found if p.id in readable.ids or p in hidden]
        facts = readable._get_caller_facts()
        hits = [
            facts.get(partner.id) or self._prepare_hidden(partner) for partner in shown
        ]
        return {
            "hits": hits,
            "has_more": len(found) >= MOST_HITS,
            "is_searched": typed.is_searchable,
            "new_contact": self._prepare_new_contact(typed),
        }

    @api.model
    def _prepare_hidden(self, partner):
        """Return what everybody in the business may know: whose client he is."""
        return {
            "id": -partner.id,
            "is_hidden": True,
            "name": partner.name,
            "kind": partner.estate_kind,
            "is_agency": partner._is_of_agency(),
            "responsible": partner.user_id.name or "",
        }

    @api.model
    def _prepare_new_contact(self, typed):
        """Return the context of a form with everything typed in the right fields."""
        values = {
            "name": typed.name,
            "phone": phones.readable(typed.phone),
            "email": typed.mail,
        }
        context = {f"default_{name}": value for name, value in values.items() if value}
        return {
            **context,
            "default_estate_kind": "standard",
            "default_is_company": False,
        }
