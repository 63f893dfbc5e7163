from odoo import api, fields, models
from odoo.exceptions import UserError

from .estate_property_type import USAGES

STATES = [
    ("draft", "To check"),
    ("acquisition", "Acquisition"),
    ("on_market", "On the market"),
    ("reserved", "Reserved"),
    ("closed", "Sold or let"),
    ("withdrawn", "Withdrawn"),
]
DEAL_TYPES = [("sale", "Sale"), ("rent", "Rent")]

# What must be known before a call about a property is done (row M28).
REQUIRED_AFTER_CALL = (
    "type_id",
    "deal_type",
    "price",
    "living_area",
    "city",
    "owner_ids",
)
# Fields whose changes are told to the other rooms.
WATCHED = ("price", "state", "deal_type", "agent_id")


class Property(models.Model):
    """One property in one deal: what is both for sale and to let is two of them."""

    _name = "estate.property"
    _description = "Property"
    _inherit = [
        "estate.property.identity.mixin",
        "estate.property.place.mixin",
        "estate.property.territory.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "image.mixin",
    ]
    _order = "create_date desc, id desc"
    _check_company_auto = True
    _rec_names_search = ("name", "reference", "street", "city", "zip")

    # Where it stands
    state = fields.Selection(
        STATES,
        required=True,
        default="acquisition",
        index=True,
        tracking=True,
        copy=False,
        group_expand=True,
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )

    # Deal and kind
    deal_type = fields.Selection(DEAL_TYPES, "Deal", index=True, tracking=True)
    type_id = fields.Many2one(
        "estate.property.type",
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    usage = fields.Selection(
        USAGES, compute="_compute_usage", store=True, readonly=False, precompute=True
    )
    segment = fields.Selection(
        [("economy", "Economy"), ("standard", "Standard"), ("premium", "Premium")]
    )
    market = fields.Selection([("new", "New building"), ("resale", "Resale")])
    liquidity = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")]
    )
    price = fields.Monetary(
        tracking=True, help="For a rental the rent a month without costs."
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )

    # Size
    living_area = fields.Float("Living area (m²)", digits=(12, 2))
    plot_area = fields.Float("Plot (m²)", digits=(12, 2))
    room_count = fields.Float("Rooms", digits=(5, 1))
    bedroom_count = fields.Integer("Bedrooms")
    floor = fields.Char()

    # Place
    street = fields.Char()
    zip = fields.Char("ZIP", index="btree_not_null")
    city = fields.Char(index="btree_not_null")
    state_id = fields.Many2one(
        "res.country.state",
        "Federal state",
        domain="[('country_id', '=?', country_id)]",
    )
    country_id = fields.Many2one(
        "res.country", default=lambda self: self.env.company.country_id
    )
    station_ids = fields.Many2many(
        "estate.station", string="Stations", check_company=True
    )
    territory_ids = fields.Many2many(
        "estate.territory",
        string="Territories",
        compute="_compute_territory_ids",
        store=True,
    )

    # People
    owner_ids = fields.Many2many(
        "res.partner",
        "estate_property_owner_rel",
        "property_id",
        "partner_id",
        "Owners",
        tracking=True,
        check_company=True,
    )
    agent_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        domain="[('share', '=', False)]",
    )
    team_id = fields.Many2one(
        "crm.team",
        "Office",
        index="btree_not_null",
        check_company=True,
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
    )

    mandate_ids = fields.One2many("estate.mandate", "property_id", "Mandates")
    mandate_count = fields.Integer(compute="_compute_mandate_count")

    # Texts
    description = fields.Text("Description for seekers")
    internal_note = fields.Text("Note for the agency")

    # What is missing
    missing_data = fields.Char(compute="_compute_missing_data")

    # Index order serves the list: newest first inside a company.
    _company_order_idx = models.Index("(company_id, create_date DESC, id DESC)")
    _reference_uniq = models.Constraint(
        "UNIQUE(reference, company_id)",
        "This reference is already used by another property.",
    )
    _price_not_negative = models.Constraint(
        "CHECK(price >= 0)",
        "A price cannot be negative. Leave it empty when it is unknown.",
    )

    # === COMPUTE ===

    @api.depends("type_id")
    def _compute_usage(self):
        for prop in self:
            if prop.type_id.usage:
                prop.usage = prop.type_id.usage

    @api.depends("mandate_ids")
    def _compute_mandate_count(self):
        for prop in self:
            prop.mandate_count = len(prop.mandate_ids)

    @api.depends("company_id")
    def _compute_currency_id(self):
        for prop in self:
            company = prop.company_id or self.env.company
            prop.currency_id = prop.currency_id or company.currency_id

    @api.depends("agent_id")
    def _compute_team_id(self):
        for prop in self:
            if prop.agent_id and not prop.team_id:
                prop.team_id = prop.agent_id.sale_team_id

    @api.depends(*REQUIRED_AFTER_CALL)
    @api.depends_context("lang")
    def _compute_missing_data(self):
        for prop in self:
            prop.missing_data = prop._get_missing_labels()

    @api.model
    def _get_missing_labels(self, values=None):
        """Return the labels of required data that are not known, separated by commas.

        :param values: what is looked at instead of `self`: anything with the fields
        """
        known = self if values is None else values
        return ", ".join(
            self._fields[name]._description_string(self.env)
            for name in REQUIRED_AFTER_CALL
            if not known[name]
        )

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        properties = super().create(vals_list)
        properties._on_property_created()
        return properties

    def write(self, vals):
        watched = [name for name in WATCHED if name in vals]
        before = {prop: {name: prop[name] for name in watched} for prop in self}
        result = super().write(vals)
        changes = {
            prop: {
                name: (old, prop[name])
                for name, old in values.items()
                if old != prop[name]
            }
            for prop, values in before.items()
        }
        if any(changes.values()):
            self._on_property_changed(
                {prop: told for prop, told in changes.items() if told}
            )
        return result

    def _recompute_field(self, field, ids=None):
        if ids is None and field.name == "territory_ids":
            self._recompute_territories()
        super()._recompute_field(field, ids)

    # === ACTIONS ===

    def action_put_on_market(self):
        """Offer these properties, when all that seekers ask for is known."""
        incomplete = self.filtered("missing_data")
        if incomplete:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(property)s cannot go on the market yet. Fill in: "
                        "%(fields)s.",
                        property=prop.display_name,
                        fields=prop.missing_data,
                    )
                    for prop in incomplete
                )
            )
        self.write({"state": "on_market"})

    # === HOOKS ===

    def _on_property_created(self):
        """These properties are new."""

    def _on_property_changed(self, changes):
        """Values of `WATCHED` changed.

        :param dict changes: property -> {field name: (old value, new value)}; only
            properties and fields that did change
        """
