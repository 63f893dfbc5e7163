from odoo import api, fields, models
from odoo.tools import SQL

# Columns that tell of two contacts that they are one, by what they are.
SAME = {
    "phone": ("phone_sanitized", "second_phone_sanitized"),
    "mail": ("email_normalized", "second_email_normalized"),
}
# What each of them weighs; 100 is certain. A family shares a phone, so that the name
# has to agree as well.
PHONE, MAIL, NAME, ADDRESS = 50, 50, 30, 80


class ContactDuplicate(models.Model):
    """Two contacts that may be one person, and why; each pair stands twice."""

    _name = "estate.contact.duplicate"
    _description = "Possible duplicate"
    _auto = False
    _order = "score desc, partner_id, other_id"
    _rec_name = "partner_id"
    _depends = {
        "res.partner": [
            *("active", "company_id", "estate_identity_key", "estate_kind"),
            *("parent_id", "partner_share", *SAME["phone"], *SAME["mail"]),
        ]
    }

    partner_id = fields.Many2one("res.partner", "Contact", readonly=True)
    other_id = fields.Many2one("res.partner", "Possibly the same", readonly=True)
    is_first = fields.Boolean("Each pair once", readonly=True)
    same_phone = fields.Boolean(readonly=True)
    same_mail = fields.Boolean(readonly=True)
    same_name = fields.Boolean(readonly=True)
    same_address = fields.Boolean("Same name and address", readonly=True)
    score = fields.Integer(
        readonly=True, aggregator="max", help="100 is certain, 50 may be a family."
    )
    reasons = fields.Char(compute="_compute_reasons")
    company_id = fields.Many2one("res.company", readonly=True)

    @property
    def _table_query(self):
        """One row for each ordered pair; a filter on a contact reaches its keys."""
        return SQL(
            """
            SELECT partner_id * 2147483648 + other_id AS id,
                partner_id::int, other_id::int, partner_id < other_id AS is_first,
                company_id, bool_or(reason = 'phone') AS same_phone,
                bool_or(reason = 'mail') AS same_mail, bool_or(same_name) AS same_name,
                bool_or(reason = 'address') AS same_address,
                LEAST(100, max(CASE reason WHEN 'phone' THEN %(phone)s ELSE 0 END)
                    + max(CASE reason WHEN 'mail' THEN %(mail)s ELSE 0 END)
                    + max(CASE reason WHEN 'address' THEN %(address)s ELSE 0 END)
                    + max(CASE WHEN same_name THEN %(name)s ELSE 0 END)) AS score
            FROM (%(pairs)s) AS pairs
            GROUP BY partner_id, other_id, company_id
            """,
            phone=PHONE,
            mail=MAIL,
            name=NAME,
            address=ADDRESS,
            pairs=SQL(" UNION ALL ").join(self._iter_pairs()),
        )

    @api.model
    def _iter_pairs(self):
        for reason, columns in SAME.items():
            for one in columns:
                for other in columns:
                    yield self._get_pairs_sql(reason, one, other)
        key = "estate_identity_key"
        yield self._get_pairs_sql("address", key, key)

    @api.model
    def _get_pairs_sql(self, reason, one, other):
        one = SQL("a.%s", SQL.identifier(one))
        # An identity key without an address ends with its bar: a name alone is not one.
        is_key = (
            SQL("right(%s, 1) <> '|'", one)
            if reason == "address"
            else SQL("%s IS NOT NULL", one)
        )
        return SQL(
            """
            SELECT a.id::bigint AS partner_id, b.id AS other_id,
                COALESCE(a.company_id, b.company_id) AS company_id,
                %(reason)s AS reason,
                split_part(a.estate_identity_key, '|', 1)
                    = split_part(b.estate_identity_key, '|', 1) AS same_name
            FROM res_partner a JOIN res_partner b ON %(one)s = %(other)s
            WHERE a.id <> b.id AND %(is_key)s AND a.active AND b.active
            AND a.partner_share AND b.partner_share
            AND (a.estate_kind IS NOT NULL OR b.estate_kind IS NOT NULL)
            AND (a.company_id = b.company_id
                OR a.company_id IS NULL OR b.company_id IS NULL)
            AND a.parent_id IS DISTINCT FROM b.id AND b.parent_id IS DISTINCT FROM a.id
            """,
            reason=reason,
            one=one,
            other=SQL("b.%s", SQL.identifier(other)),
            is_key=is_key,
        )

    @api.depends("same_phone", "same_mail", "same_name", "same_address")
    @api.depends_context("lang")
    def _compute_reasons(self):
        for pair in self:
            told = (
                (pair.same_phone, self.env._("same phone")),
                (pair.same_mail, self.env._("same mail")),
                (pair.same_address, self.env._("same name and address")),
                (
                    pair.same_name and not pair.same_address,
                    self.env._("same name"),
                ),
            )
            pair.reasons = ", ".join(text for holds, text in told if holds)

    def action_compare(self):
        """Open both contacts side by side, to see whether they are one."""
        self.check_access("read")
        self.ensure_one()
        both = self.partner_id | self.other_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_real_estate.res_partner_action_estate"
        )
        name = self.env._("Compare")
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": [("id", "in", both.ids)],
            "context": {"create": False},
        }

    def action_merge(self):
        """Open Odoo's own merge with both contacts."""
        self.check_access("read")
        self.ensure_one()
        both = self.partner_id | self.other_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge"),
            "res_model": "base.partner.merge.automatic.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"active_model": "res.partner", "active_ids": both.ids},
        }
