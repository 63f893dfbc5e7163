from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

from .. import inner
from ..groups import MEMBERS
from .contact_ties import Ties

# From the narrowest to the widest; each sees what those before it see.
LEVELS = ("own", "office", "company")
# Where a transaction keeps whether companies that are not ticked have clients.
ELSEWHERE = "estate_business_elsewhere"


class PartnerVisibility(models.AbstractModel):
    """Which contacts a member of the business sees, and so may work with.

    Rooms tell by `_get_side_ties` what puts a contact on a side (owners, seekers) and
    by `_get_visible_ties` through what the user sees one.
    """

    _name = "estate.partner.visibility.mixin"
    _description = "Contact: who sees it"

    is_estate_visible = fields.Boolean(
        "Visible to me",
        compute="_compute_is_estate_visible",
        search="_search_is_estate_visible",
        help="Whether you may see this contact: yours, your office's or your "
        "company's, on the side of owners or of seekers.",
        groups=MEMBERS,
    )

    # Who sees contacts finds them by these.
    _estate_user_idx = models.Index("(user_id) WHERE user_id IS NOT NULL")
    _estate_create_uid_idx = models.Index("(create_uid) WHERE estate_kind IS NOT NULL")

    @api.depends("estate_kind", "user_id", "parent_id", "partner_share")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_estate_visible(self):
        visible = self.browse()
        contacts = self._origin
        domain = self._get_visible_domain()
        if domain.is_true():
            visible = contacts
        elif contacts:
            # sudo: res.partner - only whether the user sees them is found out
            everybody = self.sudo().with_context(active_test=False)
            visible = everybody.search(Domain("id", "in", contacts.ids) & domain)
        ids = set(visible.ids)
        for partner in self:
            partner.is_estate_visible = not partner._origin or partner._origin.id in ids

    @api.model
    def _search_is_estate_visible(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_visible_domain()
        return Domain.OR(domain if wanted else ~domain for wanted in value)

    # === WHO ASKS ===

    @api.model
    def _get_contact_level(self, side):
        """Return how far the user sees a side: "none", "own", "office" or "company".

        :param str side: "offer" (owners) or "demand" (seekers)
        """
        for level in reversed(LEVELS):
            if self.env.user.has_group(f"crm_real_estate.group_{side}_{level}"):
                return level
        return "none"

    @api.model
    def _get_contact_levels(self):
        return {self._get_contact_level(side) for side in ("offer", "demand")}

    @api.model
    def _get_office_ids(self):
        """Return the ids of the teams that the user is a member of.

        Who left a team is an archived member of it: he is none, also where a search or
        a rule looks at archived contacts.
        """
        user = self.env.user.with_context(active_test=True)
        return user.crm_team_member_ids.crm_team_id.ids

    @api.model
    def _sees_both_sides(self):
        return self._get_contact_levels() == {"company"}

    @api.model
    def _works_with_clients(self):
        """Tell whether the user sees other agencies: agents, and who sees a side."""
        return self.env.user.has_group("crm_real_estate.group_agent") or any(
            self._get_contact_level(side) != "none" for side in ("offer", "demand")
        )

    @api.model
    def _get_visible_domain(self):
        """Return which contacts the user sees; all of them, when he is no member."""
        is_bound = self.env.user.has_group("crm_real_estate.group_member")
        if not is_bound or (
            self._sees_both_sides() and not self._has_business_elsewhere()
        ):
            return Domain.TRUE
        return Domain.custom(to_sql=self._visible_to_sql)

    @api.model
    @ormcache()
    def _get_all_company_ids(self):
        # sudo: res.company - only whether there are others
        companies = self.env["res.company"].sudo()
        return tuple(companies.search([]).ids)  # pylint: disable=no-search-all

    @api.model
    def _has_business_elsewhere(self):
        """Tell whether a company that is not ticked has contacts with a side.

        It is asked for each list and form: one query answers for the transaction.
        """
        others = {*self._get_all_company_ids()} - {*self.env.companies.ids}
        if not others:
            return False
        known = self.env.cr.precommit.data.setdefault(ELSEWHERE, {})
        key = frozenset(others)
        if key not in known:
            ties = self._get_side_ties(Domain("company_id", "in", sorted(others)))
            known[key] = bool(ties) and self._has_rows(ties)
        return known[key]

    @api.model
    def _has_rows(self, ties):
        # Raw SQL: one statement stops at the first row of any of them.
        found = SQL(" OR ").join(tie.exists() for tie in ties)
        return self.env.execute_query(SQL("SELECT %s", found))[0][0]

    # === WHAT IS SEEN ===

    @api.model
    def _get_side_ties(self, where=Domain.TRUE):
        """Return the ties that put contacts on a side, in any company.

        :param where: a domain that leaves some of the rows, such as of companies
        """
        return []

    @api.model
    def _get_visible_ties(self):
        """Return the ties through which the user sees contacts."""
        return []

    @api.model
    def _get_level_ties(self):
        """Return the ties to what the user's offices or companies have, no others.

        They are found in an index, all of them, and are enough to be counted.
        """
        return []

    @api.model
    def _list_ties(self):
        """Return the ties through which the user sees contacts, found once for a page.

        It is asked for the contacts, for what is read with them and for their count.
        """
        page = inner.hear(self.env, "page")
        if not page:
            return self._get_visible_ties()
        key = (self.env.uid, *self.env.companies.ids)
        if key not in page.ties:
            page.ties[key] = self._get_visible_ties()
        return page.ties[key]

    @api.model
    def _tie(self, model, domain, column="partner_id", few=False):
        """Return the rows of a model in a domain, each with its contact.

        :param str column: the field that names the contact, or several of them
        :param bool few: whether they are one person's own
        """
        # sudo: any model - that a contact is tied to one's work, nothing of the row
        records = self.env[model].sudo().with_context(active_test=False)
        query = records._search(domain)
        field = records._fields[column]
        if field.type != "many2many":
            named = records._field_to_sql(records._table, column, query)
            return Ties(query, named, few)
        alias = query.join(records._table, "id", field.relation, field.column1, column)
        return Ties(query, SQL.identifier(alias, field.column2), few)

    # === IN SQL ===

    @api.model
    def _visible_to_sql(self, model, alias, query):
        """Return the condition that the user sees a contact.

        What was found out of the contacts that are asked for is not looked up again.
        Contacts without a kind are left to Odoo. Few contacts are looked up one by one
        in the indexes of what ties them; for the list of a user who sees a small part
        of them it is quicker to gather that part first.
        """
        column = model._field_to_sql(alias, "id")
        if known := inner.hear(model.env, "visibility_known"):
            return SQL("%s IN %s", column, known)
        if some := inner.hear(model.env, "visibility_of_some"):
            seen = self._some_to_sql(column, some)
        elif gathered := self._gather_visible(model):
            # An array, not IN: so PostgreSQL takes the few by their ids instead of
            # reading all contacts.
            seen = SQL("%s = ANY(ARRAY(%s))", column, gathered)
        else:
            seen = self._each_to_sql(model, alias)
        if inner.hear(model.env, "visibility_of_kinds"):
            return seen
        kind = model._field_to_sql(alias, "estate_kind")
        return SQL("(%s IS NULL OR %s)", kind, seen)

    @api.model
    def _some_to_sql(self, column, most):
        """Return the condition that a contact is one of some that the user sees.

        :param int most: how many rows suffice
        """
        ties = SQL(" UNION ALL ").join(
            tie.list_contacts(most) for tie in self._get_level_ties()
        )
        some = SQL("SELECT * FROM (%s) AS seen LIMIT %s", ties, most)
        if "company" in self._get_contact_levels():
            # Many of all contacts: going through the list meets enough of them before
            # each is looked up. IS TRUE keeps PostgreSQL from looking them up.
            return SQL("(%s IN (%s)) IS TRUE", column, some)
        return SQL("%s = ANY(ARRAY(%s))", column, some)

    @api.model
    def _each_to_sql(self, model, alias):
        """Return the condition for one contact after the other.

        A person is seen with the contact above. PostgreSQL looks in this order, and no
        further than it must.
        """
        parent, above = model._field_to_sql(alias, "parent_id"), "estate_above"
        either = (model._field_to_sql(alias, "id"), parent)
        ties, few = self._list_ties(), []
        if inner.hear(model.env, "visibility_of_list"):
            # For many contacts one's own few are gathered once, not looked up for each.
            few = [tie for tie in ties if tie.few]
            ties = [tie for tie in ties if not tie.few]
        tied = [tie.has(*either) for tie in ties]
        if few:
            gathered = SQL(" UNION ALL ").join(tie.list_contacts() for tie in few)
            tied += [
                SQL("%s IN (%s)", either[0], gathered),
                SQL("%s IS NOT NULL AND %s IN (%s)", parent, parent, gathered),
            ]
        return SQL(
            """(
                %(seen)s OR NOT %(share)s OR %(tied)s
                OR %(parent)s IS NOT NULL AND EXISTS (
                    SELECT FROM res_partner %(above)s
                    WHERE %(above)s.id = %(parent)s AND %(above_seen)s OFFSET 0
                )
                OR %(unplaced)s
            )""",
            seen=self._seen_to_sql(model, alias),
            share=model._field_to_sql(alias, "partner_share"),
            tied=SQL(" OR ").join(tied) if tied else SQL("FALSE"),
            parent=parent,
            above=SQL.identifier(above),
            above_seen=self._seen_to_sql(model, above),
            unplaced=self._unplaced_to_sql(model, alias),
        )

    @api.model
    def _seen_to_sql(self, model, alias):
        """Return the condition that a contact is seen for what it says itself."""
        mine = SQL("%s = %s", model._field_to_sql(alias, "user_id"), self.env.uid)
        if not self._works_with_clients():
            return mine
        kind = model._field_to_sql(alias, "estate_kind")
        return SQL("(%s OR %s = 'agency')", mine, kind)

    @api.model
    def _unplaced_to_sql(self, model, alias):
        """Return the condition that a contact has no side and is its creator's."""
        contact = model._field_to_sql(alias, "id")
        sides = [tie.has(contact) for tie in self._get_side_ties()]
        sides = SQL(" OR ").join(sides) if sides else SQL("FALSE")
        if self._sees_both_sides():
            return SQL("NOT (%s)", sides)
        creator = model._field_to_sql(alias, "create_uid")
        return SQL("(%s = %s AND NOT (%s))", creator, self.env.uid, sides)

    @api.model
    def _gather_visible(self, model):
        """Return a sub-query of all contacts that the user sees by a kind of theirs.

        Nothing where it is quicker to look at one contact after the other: for a few,
        and for those in an order who sees many of them.
        """
        asked = inner.hear(model.env, "visibility_of_list")
        levels = self._get_contact_levels()
        if not asked or "company" in levels:
            return None
        if asked == "first" and "office" in levels and self._sees_many():
            return None
        own = "estate_own"
        return SQL(
            """
            WITH seen(id) AS MATERIALIZED (%(seen)s)
            SELECT id FROM seen
            UNION ALL SELECT person.id FROM res_partner person
                JOIN seen ON person.parent_id = seen.id
                WHERE person.parent_id IS NOT NULL
            UNION ALL SELECT partner_id FROM res_users WHERE share IS NOT TRUE
            UNION ALL SELECT id FROM res_partner %(own)s
                WHERE %(own)s.estate_kind IS NOT NULL AND %(unplaced)s
            """,
            seen=self._gather_seen(),
            own=SQL.identifier(own),
            unplaced=self._unplaced_to_sql(model, own),
        )

    @api.model
    def _gather_seen(self):
        """Return a sub-query of those seen for their work, some of them repeatedly."""
        agencies = SQL("SELECT id FROM res_partner WHERE estate_kind = 'agency'")
        seen = [
            SQL("SELECT id FROM res_partner WHERE user_id = %s", self.env.uid),
            *([agencies] if self._works_with_clients() else []),
            *(tie.list_contacts() for tie in self._list_ties()),
        ]
        return SQL(" UNION ALL ").join(seen)
