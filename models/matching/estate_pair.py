from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

STATES = [
    ("new", "New"),
    ("sent", "Sent"),
    ("interested", "Interested"),
    ("refused", "Refused"),
    ("excluded", "Left out"),
]


def _is_changed_sql(model, alias, _query):
    """Return the condition of `Pair._is_changed_since_told` for pairs `alias`."""
    model.env["estate.property"].flush_model(["price", "offered_since"])
    return SQL(
        """EXISTS (
            SELECT FROM estate_property prop
            LEFT JOIN estate_refusal_reason reason
                ON reason.id = %(pair)s.refusal_reason_id
            WHERE prop.id = %(pair)s.property_id
            AND CASE %(pair)s.state
                WHEN 'refused' THEN reason.offer_again = 'cheaper' AND prop.price > 0
                    AND prop.price < %(pair)s.refused_price
                WHEN 'sent' THEN prop.offered_since > %(pair)s.sent_at
                    OR COALESCE(prop.price, 0) <> COALESCE(%(pair)s.sent_price, 0)
                ELSE FALSE END
        )""",
        pair=SQL.identifier(alias),
    )


class Pair(models.Model):
    """A search and a property that fits it, and what has become of the two."""

    _name = "estate.pair"
    _description = "Match"
    _inherit = "estate.about.contact.mixin"
    _order = "score desc, reliability_score desc, id"
    _rec_name = "property_id"
    # Written by one statement for all at once; each column less is time.
    _log_access = False

    search_id = fields.Many2one(
        "estate.search", required=True, readonly=True, index=True, ondelete="cascade"
    )
    property_id = fields.Many2one(
        "estate.property", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="property_id.company_id")
    score = fields.Integer(readonly=True, aggregator="avg", help="0 to 100.")
    reasons = fields.Char(readonly=True, help="As the machine keeps them.")
    reasons_text = fields.Char("Why", compute="_compute_reasons_text")
    is_fitting = fields.Boolean(
        "Fits now", readonly=True, help="Off: it fitted once, and is remembered."
    )

    # What has become of it
    state = fields.Selection(STATES, required=True, default="new", readonly=True)
    is_remembered = fields.Boolean(readonly=True)
    refusal_reason_id = fields.Many2one(
        "estate.refusal.reason", readonly=True, ondelete="restrict"
    )
    refused_price = fields.Float(readonly=True, digits=(16, 2))
    sent_at = fields.Datetime("Sent", readonly=True)
    sent_price = fields.Float(readonly=True, digits=(16, 2))
    answered_at = fields.Datetime("Answered", readonly=True)
    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="set null"
    )
    is_resendable = fields.Boolean(
        "May be sent again",
        compute="_compute_is_resendable",
        search="_search_is_resendable",
        help="Price or state of the property changed since it was sent.",
    )

    # Of the seeker and the property
    partner_id = fields.Many2one(related="search_id.partner_id", string="Contact")
    phone = fields.Char(related="search_id.partner_id.phone")
    reliability_score = fields.Float(
        related="search_id.partner_id.reliability_score", aggregator="avg"
    )
    agent_id = fields.Many2one(related="search_id.agent_id")
    deal_type = fields.Selection(related="property_id.deal_type")
    price = fields.Monetary(related="property_id.price")
    currency_id = fields.Many2one(related="property_id.currency_id")

    _pair_uniq = models.Constraint(
        "UNIQUE(property_id, search_id)", "A search and a property make one match."
    )

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reasons_text(self):
        words = self._get_reason_words()
        for pair in self:
            met = (pair.reasons or "").split()
            pair.reasons_text = ", ".join(words[code] for code in met if code in words)

    @api.model
    def _get_reason_words(self):
        """Return packed reason -> words; what is left open is not told."""
        env = self.env
        return {
            "price:within": env._("price fits"),
            "price:tolerated": env._("price within the tolerance"),
            "area:within": env._("area fits"),
            "area:tolerated": env._("area within the tolerance"),
            "rooms:within": env._("rooms fit"),
            "place:within": env._("place fits"),
            "type:within": env._("type fits"),
        }

    @api.depends("search_id", "property_id")
    def _compute_display_name(self):
        for pair in self:
            pair.display_name = (
                f"{pair.partner_id.name} – {pair.property_id.display_name}"
            )

    # === WHAT MAY BE SENT (ONCE MORE) ===

    @api.depends("state", "sent_at", "sent_price", "property_id.price")
    def _compute_is_resendable(self):
        for pair in self:
            pair.is_resendable = pair._is_changed_since_told()

    def _is_changed_since_told(self):
        """Return whether the property changed in what the answer was about."""
        self.ensure_one()
        prop = self.property_id
        if self.state == "refused":
            return self.refusal_reason_id.offer_again == "cheaper" and (
                0 < prop.price < self.refused_price
            )
        if self.state != "sent":
            return False
        is_back = (prop.offered_since or self.sent_at) > self.sent_at
        return is_back or prop.price != self.sent_price

    @api.model
    def _search_is_resendable(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain.custom(
            to_sql=_is_changed_sql, predicate=lambda pair: pair.is_resendable
        )
        return domain if True in value else ~domain

    @api.model
    def _get_sendable_domain(self):
        """Return the domain of pairs that nothing remembered keeps from being sent."""
        return Domain("is_fitting", "=", True) & (
            Domain("state", "=", "new")
            | Domain("state", "in", ("sent", "refused"))
            & Domain("is_resendable", "=", True)
        )
