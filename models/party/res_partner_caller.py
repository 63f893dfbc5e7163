from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import caller
from ..groups import MEMBERS

# Contacts that get their key in one step of the job that fills an old database.
FILL_BATCH = 2_000


class PartnerCaller(models.AbstractModel):
    """The key that who calls is found by, and what he may ask about."""

    _name = "estate.partner.caller.mixin"
    _description = "Contact: who calls"

    estate_search_key = fields.Char(
        compute="_compute_estate_search_key",
        store=True,
        groups=MEMBERS,
        help="The words of all names in every spelling, mails and phones, as searched.",
    )

    # === THE SEARCH KEY ===

    @api.depends(
        *("name", "company_name", "email", "second_email"),
        *("phone", "second_phone", "country_id"),
    )
    def _compute_estate_search_key(self):
        for partner in self:
            partner.estate_search_key = partner._prepare_search_key()

    def _prepare_search_key(self):
        country = self._get_phone_country()
        numbers = (self.phone, self.second_phone)
        return caller.contact_key(
            filter(None, (self.name, self.company_name)),
            filter(None, (self.email, self.second_email)),
            [(number, country) for number in numbers if number],
        )

    @api.model
    def _cron_fill_search_keys(self):
        """Give contacts that were there before us their key, batch by batch."""
        cron = self.env["ir.cron"]
        partners = self._find_without_key()
        while partners:
            partners._fill_search_keys()
            done, partners = len(partners), self._find_without_key()
            if not cron._commit_progress(done, remaining=len(partners)):
                break

    @api.model
    def _find_without_key(self):
        """Return the next contacts that were there before us."""
        # Raw SQL: a contact always has a key, be it a blank, so that none at all means
        # "not filled yet"; the index on these alone answers at once.
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE estate_search_key IS NULL"
                " ORDER BY id LIMIT %s",
                FILL_BATCH,
            )
        )
        return self.browse(row[0] for row in rows)

    def _fill_search_keys(self):
        self.fetch([*self._get_key_sources(), "company_id", "create_uid"])
        makers = self._get_key_makers()
        columns = [SQL.identifier(column) for column in makers]
        rows = [
            SQL("(%s)", SQL(", ").join([p.id, *(make(p) for make in makers.values())]))
            for p in self
        ]
        # Raw SQL: columns of ours alone; who looks after a contact sees no new date.
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET %s FROM (VALUES %s) AS told (id, %s)"
                " WHERE res_partner.id = told.id",
                SQL(", ").join(SQL("%s = told.%s", one, one) for one in columns),
                SQL(", ").join(rows),
                SQL(", ").join(columns),
            )
        )
        self.invalidate_recordset(list(makers), flush=False)

    @api.model
    def _get_key_sources(self):
        """Return the fields that keys are made of."""
        return ["name", "company_name", "email", "phone", "country_id"]

    @api.model
    def _get_key_makers(self):
        """Return column -> function that makes its text from a contact."""
        return {"estate_search_key": lambda partner: partner._prepare_search_key()}

    # === FACTS ===

    def _get_caller_facts(self):
        """Return what is told of these contacts while they are on the phone.

        Later rooms fill in what they know, in a number of queries that does not grow
        with the contacts, and with the rights of the user.

        :return: dict id -> dict; `searches`, `viewings`, `earlier_viewings`, `leads`,
            `promises` are lists
        """
        kinds = dict(self._fields["estate_kind"]._description_selection(self.env))
        promises = self._get_caller_promises()
        return {
            partner.id: {
                "id": partner.id,
                "name": partner.display_name,
                "place": partner.city or "",
                "kind": partner.estate_kind,
                "kind_name": kinds.get(partner.estate_kind, ""),
                "is_agency": partner._is_of_agency(),
                "phones": partner._prepare_caller_phones(),
                "mails": [m for m in (partner.email, partner.second_email) if m],
                "responsible": partner.user_id.name or "",
                "automatic_messages_allowed": partner.automatic_messages_allowed,
                "last_contact": False,
                "leads": [],
                "searches": [],
                "viewings": [],
                "earlier_viewings": [],
                "viewing_count": 0,
                "promises": promises.get(partner.id, []),
            }
            for partner in self
        }

    def _is_of_agency(self):
        """Return whether this is another agency, or somebody who works for one."""
        self.ensure_one()
        # sudo: res.partner - only whether his firm is another agency leaves this method
        firm = self.sudo().commercial_partner_id
        return "agency" in (self.estate_kind, firm.estate_kind)

    def _prepare_caller_phones(self):
        """Return text and number to dial of each phone of this contact."""
        numbers = (
            (self.phone, self.phone_sanitized),
            (self.second_phone, self.second_phone_sanitized),
        )
        return [{"text": text, "dial": dial or text} for text, dial in numbers if text]

    def _get_caller_promises(self):
        """Return id -> planned tasks about each contact and what belongs to him."""
        owners = self._get_caller_documents()
        domain = Domain.OR(
            Domain("res_model", "=", model) & Domain("res_id", "in", list(records))
            for model, records in owners.items()
        )
        promises = {}
        for task in self.env["mail.activity"].search(domain, order="date_deadline, id"):
            partner_id = owners[task.res_model][task.res_id]
            promises.setdefault(partner_id, []).append(
                {
                    "id": task.id,
                    "name": task.summary or task.activity_type_id.name or "",
                    "date": task.date_deadline,
                    "user": task.user_id.name,
                    "about": task.res_name or "",
                }
            )
        return promises

    # === HOOKS ===

    def _get_caller_documents(self):
        """Return what tasks may be planned on: model -> {id: contact id}."""
        return {self._name: {partner.id: partner.id for partner in self}}
