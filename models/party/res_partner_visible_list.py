import itertools
from collections.abc import Collection

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

from .. import inner

# More contacts than a list counts.
MOST_COUNTED = 10_001
# Of so many ties, in times of what is asked for, enough contacts come to be counted:
# some are of the same contact, some of one that is archived.
TIES_COUNTED = 1.25
# Conditions that leave few contacts, whatever else is asked.
NARROW = {"id", "parent_id", "phone_sanitized", "email_normalized"}


class Page:
    """What one request for a page of a list has found out, such as for its count.

    :param domain: what is listed
    """

    def __init__(self, domain):
        self.domain = domain
        self.env = self.found = None
        self.ties = {}


class PartnerVisibleList(models.AbstractModel):
    """Lists of contacts that a member sees: how they are asked for quickly."""

    _name = "estate.partner.visible.list.mixin"
    _description = "Contact: lists of those seen"

    def _shape_visibility(self, domain, offset, limit, order):
        """Return `self` that knows how the condition of visibility is best put.

        :param domain: what is searched
        :param offset: of the search
        :param limit: of the search
        :param order: of the search; a count and a grouping have none
        :return: `self`, and the domain
        """
        every = self._get_parts(domain)
        known = ()
        if not self.env.su:
            every = [self._find_below(leaf) for leaf in every]
            known = self._get_known_visible(every)
        domain = Domain.AND(every)
        is_list = (limit or not order) and self._is_wide(domain)
        part = "first" if order and not offset else "all"
        words = {
            "visibility_known": known,
            "visibility_of_list": part if is_list else None,
            "visibility_of_some": inner.hear(self.env, "visibility_to_count"),
            "visibility_to_count": None,
            "visibility_of_kinds": any(self._asks_kind(leaf) for leaf in every),
        }
        return inner.say(self, **words), domain

    @api.model
    def _get_parts(self, domain):
        """Return the parts of a domain that must all hold."""
        domain = Domain(domain)
        return domain.children if getattr(domain, "OPERATOR", "") == "&" else (domain,)

    @api.model
    def _is_wide(self, domain):
        """Tell whether many contacts may be in a domain."""
        return not any(
            leaf.field_expr in NARROW or "like" in leaf.operator
            for leaf in domain.iter_conditions()
        )

    @api.model
    def _find_below(self, leaf):
        """Return a part of a domain; contacts and those below them by their ids."""
        if getattr(leaf, "field_expr", None) == "id" and leaf.operator == "child_of":
            return leaf.optimize_full(self)
        return leaf

    @api.model
    def _get_known_visible(self, every, name="id"):
        """Return the ids that a domain leaves, if the user is known to see them all.

        :param every: the parts of the domain that must all hold
        :param str name: the field that names the contact
        """
        # sudo: res.partner - nothing is read but what the check found for this user
        cache = self._fields["is_estate_visible"]._get_cache(self.sudo().env)
        for leaf in every if cache else ():
            if getattr(leaf, "field_expr", None) == name and leaf.operator == "in":
                # Not of a sub-query, which is left to the search.
                ids = tuple(leaf.value) if isinstance(leaf.value, Collection) else ()
                return ids if all(cache.get(id_) is True for id_ in ids) else ()
        return ()

    @api.model
    def _asks_kind(self, leaf):
        """Tell whether a part of a domain leaves only contacts with a kind."""
        if getattr(leaf, "field_expr", None) != "estate_kind":
            return False
        if leaf.operator in ("=", "!="):
            return (leaf.operator == "=") == bool(leaf.value)
        if leaf.operator in ("in", "not in"):
            return (leaf.operator == "in") != (False in leaf.value)
        return False

    def _remember_visible(self):
        """Keep of contacts that were just found that the user sees them.

        Odoo checks the rules again when it reads what it found. It is kept where the
        field is computed to, so that it is forgotten when what it depends on changes.
        """
        if self and not self.env.su and self._is_found_by_visibility():
            field = self._fields["is_estate_visible"]
            # sudo: res.partner - these were found under the rules of this user
            field._insert_cache(self.sudo(), itertools.repeat(True))

    @api.model
    def _is_found_by_visibility(self):
        """Tell whether the rules let nobody through whom the user does not see.

        With a rule of another module that opens further contacts they may.
        """
        rules = self.env["ir.rule"]._compute_domain(self._name, "read")
        return any(
            getattr(leaf, "field_expr", None) == "is_estate_visible"
            and leaf.operator == "in"
            and [*leaf.value] == [True]
            for leaf in self._get_parts(rules)
        )

    # === FEW ===

    @api.model
    def _find_page(self, domain, offset, limit, order):
        """Return a page of the contacts of a list, nothing where it is quicker apart.

        Who sees few gathers them all for a page: then they are counted with it.
        """
        page = inner.hear(self.env, "page")
        if not page or page.env or page.domain is not domain or not limit:
            return None
        if self.env.su or not self._is_page_gathered(Domain(domain)):
            return None
        ids = self._search(
            domain, limit=MOST_COUNTED, order=order or self._order
        ).get_result_ids()
        if len(ids) == MOST_COUNTED:
            return None
        page.env, page.found = self.env, len(ids)
        return self.browse(ids[offset or 0 :][:limit])

    @api.model
    def _is_page_gathered(self, domain):
        levels = self._get_contact_levels()
        return (
            "company" not in levels
            and not self._get_visible_domain().is_true()
            and self._is_found_by_visibility()
            and self._is_wide(domain)
            and any(self._asks_kind(leaf) for leaf in self._get_parts(domain))
            and not ("office" in levels and self._sees_many())
        )

    @api.model
    def _get_page_count(self, domain, limit):
        """Return how many contacts a list has, if it was found out with its page."""
        page = inner.hear(self.env, "page")
        if not page or page.domain is not domain or page.env is not self.env:
            return None
        return min(page.found, limit or page.found)

    # === MANY ===

    @api.model
    def _has_visible(self, domain, limit):
        """Tell whether some of what the user sees are as many contacts as are counted.

        Who sees his whole company has far more contacts than a list counts: some of
        them are gathered quicker than all are looked at.
        """
        if not limit or self.env.su or not self._is_countable(Domain(domain)):
            return False
        most = int(limit * TIES_COUNTED)
        if self._is_of_all_kinds(domain) and self._has_listed(most, limit):
            return True
        some = inner.say(self, visibility_to_count=most)
        return len(some._search(domain, limit=limit)) >= limit

    @api.model
    def _is_of_all_kinds(self, domain):
        """Tell whether a list shows all that the user sees but for `_has_listed`.

        It asks for any kind, and no rule hides whom he sees and who is of no company.
        """
        rules = self.env["ir.rule"]._compute_domain(self._name, "read")
        return all(
            getattr(leaf, "field_expr", None) == "estate_kind"
            and (leaf.operator, leaf.value) == ("!=", False)
            for leaf in self._get_parts(domain)
        ) and all(self._passes(part) for part in self._get_parts(rules))

    @api.model
    def _passes(self, rule):
        """Tell whether a part of the rules lets through who is seen and of no company.

        :param rule: a domain
        """
        either = rule.children if getattr(rule, "OPERATOR", "") == "|" else (rule,)
        enough = {"is_estate_visible": True, "company_id": False}
        return any(
            getattr(leaf, "field_expr", None) in enough
            and leaf.operator == "in"
            and isinstance(leaf.value, Collection)
            and enough[leaf.field_expr] in leaf.value
            for leaf in either
        )

    @api.model
    def _has_listed(self, most, limit):
        """Tell whether some that the user sees are enough on the list of all kinds.

        Who is not on it is found in a small index of them: so nobody is looked up.

        :param int most: so many rows that tie contacts suffice
        """
        ties = SQL(" UNION ALL ").join(
            tie.list_contacts(most) for tie in self._get_level_ties()
        )
        other = "estate_unlisted"
        # sudo: res.partner - safe, nothing but whether there are enough is told
        contacts = self.sudo()
        # Raw SQL: the ORM would look each of them up.
        query = SQL(
            """
            SELECT count(DISTINCT seen.id) >= %(limit)s
            FROM (SELECT * FROM (%(ties)s) AS ties LIMIT %(most)s) AS seen(id)
            WHERE NOT EXISTS (
                SELECT FROM res_partner %(other)s WHERE %(other)s.id = seen.id
                AND (%(active)s IS NOT TRUE OR %(kind)s IS NULL
                    OR %(company)s IS NOT NULL)
            )
            """,
            limit=limit,
            ties=ties,
            most=most,
            other=SQL.identifier(other),
            active=contacts._field_to_sql(other, "active"),
            kind=contacts._field_to_sql(other, "estate_kind"),
            company=contacts._field_to_sql(other, "company_id"),
        )
        return self.env.execute_query(query)[0][0]

    @api.model
    def _is_countable(self, domain):
        levels = self._get_contact_levels()
        return (
            bool(levels & {"office", "company"})
            and not self._get_visible_domain().is_true()
            and self._is_found_by_visibility()
            # Who is not among some is not therefore hidden.
            and not any(
                "is_estate_visible" in leaf.field_expr
                for leaf in domain.iter_conditions()
            )
            and ("company" in levels or self._sees_many())
        )

    @api.model
    def _sees_many(self):
        """Tell whether the first of the contacts in an order are soon found.

        Of n contacts, m of them seen, a page of 80 takes 80 * n / m look-ups, or m to
        gather and to sort. It is found out once a day in each process: the list is the
        same either way, only its way there is not.
        """
        companies = tuple(self.env.companies.ids)
        return self._has_many_ties(self.env.uid, companies, fields.Date.today())

    @api.model
    @ormcache("uid", "company_ids", "day")
    def _has_many_ties(self, uid, company_ids, day):
        """Tell it by what the user's offices have: that is most of what he sees.

        :param uid, company_ids, day: what it is remembered for
        """
        ties = [tie.list_contacts() for tie in self._get_level_ties()]
        # Raw SQL: counted in an index, no further than needed; how many contacts there
        # are is told by the statistics of PostgreSQL.
        enough = SQL(
            "SELECT (10 * sqrt(greatest(reltuples, 1)))::bigint"
            " FROM pg_class WHERE oid = 'res_partner'::regclass"
        )
        query = SQL(
            "SELECT count(*) >= (%s) FROM (%s LIMIT (%s)) AS seen",
            enough,
            SQL(" UNION ALL ").join(ties),
            enough,
        )
        return self.env.execute_query(query)[0][0]
