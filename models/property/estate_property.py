from odoo import _, api, fields, models
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
REQUIRED_AFTER_CALL = ("type_id", "deal_type", "price", "living_area", "city", "owner_ids")


class Property(models.Model):
    """One property in one deal: what is both for sale and to let is two of them."""

    _name = "estate.property"
    _description = "Property"
    _inherit = ["mail.thread", "mail.activity.mixin", "image.mixin"]
    _order = "create_date desc, id desc"
    _check_company_auto = True
    _rec_names_search = ("name", "reference", "street", "city", "zip")

    # Identity
    name = fields.Char(
        compute="_compute_name", store=True, readonly=False, required=True, precompute=True,
        index="trigram", tracking=True,
    )
    reference = fields.Char(
        required=True, readonly=True, copy=False, index=True,
        default=lambda self: self.env._("New"),
    )
    state = fields.Selection(
        STATES, required=True, default="acquisition", index=True, tracking=True, copy=False,
        group_expand=True,
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )

    # Deal and kind
    deal_type = fields.Selection(DEAL_TYPES, "Deal", index=True, tracking=True)
    type_id = fields.Many2one("estate.property.type", "Type", index=True, ondelete="restrict")
    usage = fields.Selection(
        USAGES, compute="_compute_usage", store=True, readonly=False, precompute=True
    )
    segment = fields.Selection(
        [("economy", "Economy"), ("standard", "Standard"), ("premium", "Premium")]
    )
    market = fields.Selection([("new", "New building"), ("resale", "Resale")])
    liquidity = fields.Selection([("low", "Low"), ("medium", "Medium"), ("high", "High")])
    price = fields.Monetary(tracking=True, help="For a rental the rent a month without costs.")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
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
        "res.country.state", "Federal state", domain="[('country_id', '=?', country_id)]"
    )
    country_id = fields.Many2one(
        "res.country", default=lambda self: self.env.company.country_id
    )
    latitude = fields.Float(digits=(10, 7))
    longitude = fields.Float(digits=(10, 7))
    station_ids = fields.Many2many("estate.station", string="Stations")
    territory_ids = fields.Many2many(
        "estate.territory", string="Territories", compute="_compute_territory_ids", store=True
    )

    # People
    owner_ids = fields.Many2many(
        "res.partner", "estate_property_owner_rel", "property_id", "partner_id", "Owners",
        tracking=True,
    )
    agent_id = fields.Many2one(
        "res.users", "Agent", index="btree_not_null", tracking=True, check_company=True,
        domain="[('share', '=', False)]",
    )
    team_id = fields.Many2one(
        "crm.team", "Office", index="btree_not_null", check_company=True,
        compute="_compute_team_id", store=True, readonly=False, precompute=True,
    )

    # Texts
    description = fields.Text("Description for seekers")
    internal_note = fields.Text("Note for the agency")

    # What is missing
    missing_data = fields.Char(compute="_compute_missing_data")

    # Index order serves the list: newest first inside a company.
    _company_order_idx = models.Index("(company_id, create_date DESC, id DESC)")
    _reference_uniq = models.Constraint(
        "UNIQUE(reference, company_id)", "This reference is already used by another property."
    )
    _price_not_negative = models.Constraint(
        "CHECK(price >= 0)", "A price cannot be negative. Leave it empty when it is unknown."
    )

    # === COMPUTE ===

    @api.depends("type_id", "city", "street", "room_count")
    def _compute_name(self):
        for prop in self:
            if not prop.name:
                prop.name = prop._get_default_name()

    def _get_default_name(self):
        place = ", ".join(part for part in (self.street, self.city) if part)
        kind = self.type_id.name or _("Property")
        return f"{kind}, {place}" if place else kind

    @api.depends("type_id")
    def _compute_usage(self):
        for prop in self:
            if prop.type_id.usage:
                prop.usage = prop.type_id.usage

    @api.depends("agent_id")
    def _compute_team_id(self):
        for prop in self:
            if prop.agent_id and not prop.team_id:
                prop.team_id = prop.agent_id.sale_team_id

    @api.depends("zip", "city", "station_ids")
    def _compute_territory_ids(self):
        index = self.env["estate.territory"]._get_place_index()
        for prop in self:
            ids = index.find(prop.zip or "", prop.city or "", prop.station_ids.ids)
            prop.territory_ids = [fields.Command.set(ids)]

    @api.depends(*REQUIRED_AFTER_CALL)
    def _compute_missing_data(self):
        for prop in self:
            labels = [
                prop._fields[name]._description_string(prop.env)
                for name in REQUIRED_AFTER_CALL
                if not prop[name]
            ]
            prop.missing_data = ", ".join(labels)

    @api.depends("name", "reference")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for prop in self:
            prop.display_name = f"[{prop.reference}] {prop.name}" if prop.reference else prop.name

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        self._number(vals_list)
        properties = super().create(vals_list)
        properties._on_property_created()
        return properties

    def _number(self, vals_list):
        """Give each new property its reference; numbers are drawn per company at once."""
        new = _("New")
        by_company = {}
        for vals in vals_list:
            if vals.get("reference", new) == new:
                company = vals.get("company_id") or self.env.company.id
                by_company.setdefault(company, []).append(vals)
        for company, values in by_company.items():
            # sudo: ir.sequence - everybody who may add a property may draw a number
            sequence = self.env["ir.sequence"].sudo().with_company(company)
            for vals in values:
                vals["reference"] = sequence.next_by_code("estate.property")
                if not vals["reference"]:
                    raise UserError(
                        _("There is no sequence for properties. Update the module to restore it.")
                    )

    def write(self, vals):
        before = {prop.id: prop._get_watched_values() for prop in self}
        result = super().write(vals)
        self._on_property_changed(
            {
                prop: {
                    name: (old, new)
                    for name, old in before[prop.id].items()
                    if (new := prop[name]) != old
                }
                for prop in self
            }
        )
        return result

    def _get_watched_values(self):
        return {name: self[name] for name in ("price", "state", "deal_type", "agent_id")}

    # === ACTIONS ===

    def action_put_on_market(self):
        for prop in self:
            if prop.missing_data:
                raise UserError(
                    _(
                        "%(property)s cannot go on the market yet. Fill in: %(fields)s.",
                        property=prop.display_name,
                        fields=prop.missing_data,
                    )
                )
        self.write({"state": "on_market"})

    # === HOOKS ===

    def _on_property_created(self):
        """These properties are new."""

    def _on_property_changed(self, changes):
        """Watched values changed.

        :param dict changes: property -> {field name: (old value, new value)}
        """
