from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_amount

from ..property.estate_property import DEAL_TYPES
from ..property.estate_property_type import USAGES

SEGMENTS = [("economy", "Economy"), ("standard", "Standard"), ("premium", "Premium")]
MARKETS = [("new", "New building"), ("resale", "Resale")]
# Pairs of limits: what is below, what is above.
RANGES = (
    ("price_min", "price_max"),
    ("area_min", "area_max"),
    ("room_min", "room_max"),
)
TEXTS = ("name", "note")


class Search(models.Model):
    """What a contact searches for; all that it says must hold, the rest is open."""

    _name = "estate.search"
    _description = "Search"
    _inherit = ["estate.about.contact.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "create_date desc, id desc"
    _check_company_auto = True
    _rec_names_search = ("name", "partner_id")

    name = fields.Char(
        "Called", help="Empty: named after the contact and what is searched for."
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        tracking=True,
    )
    agent_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        default=lambda self: self._get_default_agent(),
        domain="[('share', '=', False)]",
        check_company=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True, tracking=True)
    expires_on = fields.Date(
        "Valid until",
        default=lambda self: self._get_default_expiry(),
        index="btree_not_null",
        tracking=True,
        help="Nothing is offered for this search after that day. Empty: it never ends.",
    )
    state = fields.Selection(
        [("open", "Open"), ("expired", "Expired"), ("stopped", "Stopped")],
        compute="_compute_state",
        search="_search_state",
    )

    # What must hold
    deal_type = fields.Selection(DEAL_TYPES, "Deal", required=True, default="sale")
    type_ids = fields.Many2many(
        "estate.property.type", string="Types", help="Their sub-kinds are included."
    )
    usage = fields.Selection(USAGES)
    segment = fields.Selection(SEGMENTS)
    market = fields.Selection(MARKETS)
    price_min = fields.Monetary("Price from")
    price_max = fields.Monetary("Price to", tracking=True)
    area_min = fields.Float("Area from (m²)", digits=(12, 2))
    area_max = fields.Float("Area to (m²)", digits=(12, 2))
    room_min = fields.Float("Rooms from", digits=(5, 1))
    room_max = fields.Float("Rooms to", digits=(5, 1))
    tolerance_percent = fields.Integer(
        "Tolerance (%)",
        required=True,
        default=0,
        help="By how much price and area may miss their limits.",
    )
    territory_ids = fields.Many2many(
        "estate.territory",
        "estate_search_territory_rel",
        "search_id",
        "territory_id",
        "Places",
        check_company=True,
        help="One of them, or a part of one.",
    )
    excluded_territory_ids = fields.Many2many(
        "estate.territory",
        "estate_search_excluded_territory_rel",
        "search_id",
        "territory_id",
        "Not there",
        check_company=True,
    )
    must_sell_first = fields.Boolean(
        "Must sell first",
        help="The contact has to sell a property of his own before he can buy.",
    )
    note = fields.Text("What else matters")
    lead_ids = fields.One2many("crm.lead", "search_id", "Leads")
    lead_count = fields.Integer(compute="_compute_lead_count")

    _tolerance_range = models.Constraint(
        "CHECK(tolerance_percent BETWEEN 0 AND 50)",
        "A tolerance lies between 0 and 50 percent.",
    )

    @api.model
    def _get_default_agent(self):
        return self.env.user if not self.env.user._is_superuser() else False

    @api.model
    def _get_default_expiry(self):
        days = self.env.company.estate_search_days
        return fields.Date.add(fields.Date.context_today(self), days=days)

    # === COMPUTE ===

    @api.depends("active", "expires_on")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for search in self:
            if not search.active:
                search.state = "stopped"
            else:
                is_over = search.expires_on and search.expires_on < today
                search.state = "expired" if is_over else "open"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = {
            "open": self._get_open_domain(),
            "expired": Domain("active", "=", True)
            & Domain("expires_on", "<", fields.Date.context_today(self)),
            "stopped": Domain("active", "=", False),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _get_open_domain(self):
        """Return the domain of searches for which something may be offered today."""
        today = fields.Date.context_today(self)
        return Domain("active", "=", True) & (
            Domain("expires_on", "=", False) | Domain("expires_on", ">=", today)
        )

    @api.depends("name", "partner_id", "deal_type", "type_ids", "price_max")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for search in self:
            called = search.name or search._get_summary(is_short=True)
            who = search.partner_id.name
            search.display_name = f"{who}: {called}" if who else called

    def _compute_lead_count(self):
        # The button opens cancelled ones, too.
        leads = self.env["crm.lead"].with_context(active_test=False)
        groups = leads._read_group(
            [("search_id", "in", self.ids)], ["search_id"], ["__count"]
        )
        counts = {search.id: count for search, count in groups}
        for search in self:
            search.lead_count = counts.get(search.id, 0)

    def _get_summary(self, is_short=False):
        """Return in one line what is searched for, in the language of the context."""
        if not self:
            # Odoo tries a template on the first lead there is, which may have none.
            return ""
        self.ensure_one()
        deals = dict(self._fields["deal_type"]._description_selection(self.env))
        parts = [
            deals.get(self.deal_type, ""),
            ", ".join(self.type_ids.mapped("name")),
            ", ".join(self.territory_ids.mapped("name")),
            self._get_range_text(
                "price",
                lambda value: format_amount(
                    self.env, value, self.currency_id, trailing_zeroes=False
                ),
            ),
        ]
        if not is_short:
            parts += [
                self._get_range_text("area", lambda value: f"{value:g} m²"),
                self._get_range_text(
                    "room",
                    lambda value: self.env._("%(count)s rooms", count=f"{value:g}"),
                ),
            ]
        return " · ".join(filter(None, parts))

    def _get_range_text(self, name, write):
        """Return a range in words, "" when it is open on both sides.

        :param write: function from a value to its text
        """
        low, high = self[f"{name}_min"], self[f"{name}_max"]
        if low and high:
            return f"{write(low)} – {write(high)}"
        if low:
            return self.env._("from %s", write(low))
        return self.env._("up to %s", write(high)) if high else ""

    @api.constrains(*[name for pair in RANGES for name in pair])
    def _check_ranges(self):
        for search in self:
            for low, high in RANGES:
                if search[low] < 0 or search[high] < 0:
                    raise ValidationError(
                        self.env._(
                            "%s: a limit cannot be negative. Leave it empty when it "
                            "does not matter.",
                            search.display_name,
                        )
                    )
                if search[high] and search[low] > search[high]:
                    raise ValidationError(
                        self.env._(
                            "%(search)s: %(low)s is above %(high)s. Exchange them.",
                            search=search.display_name,
                            low=self._fields[low]._description_string(self.env),
                            high=self._fields[high]._description_string(self.env),
                        )
                    )

    # === ACTIONS ===

    def action_stop(self):
        """Offer nothing any more for these searches; they stay with their history."""
        self.write({"active": False})

    def action_renew(self):
        """Search on: from today for as long as a new search is valid."""
        for company, searches in self.grouped("company_id").items():
            expiry = searches.with_company(company)._get_default_expiry()
            searches.write({"active": True, "expires_on": expiry})

    def action_open_leads(self):
        self.ensure_one()
        leads = self.with_context(active_test=False).lead_ids
        return leads._get_records_action(
            name=self.env._("Enquiries of %s", self.partner_id.name),
            context={"active_test": False},
        )

    def _erase(self):
        """Stop these searches of persons who are forgotten, and empty their texts."""
        self.write({"active": False, **dict.fromkeys(TEXTS, False)})
