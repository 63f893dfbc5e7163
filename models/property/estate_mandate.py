from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class Mandate(models.Model):
    """What an owner entrusted to the agency, and what he was promised for it."""

    _name = "estate.mandate"
    _description = "Mandate"
    _inherit = "mail.thread"
    _order = "date_start desc, id desc"
    _rec_name = "property_id"
    _check_company_auto = True

    property_id = fields.Many2one(
        "estate.property",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    owner_ids = fields.Many2many(
        "res.partner",
        "estate_mandate_owner_rel",
        "mandate_id",
        "partner_id",
        "Owners",
        compute="_compute_from_property",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    agent_id = fields.Many2one(
        "res.users",
        compute="_compute_from_property",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        domain="[('share', '=', False)]",
        tracking=True,
    )
    exclusive = fields.Boolean(tracking=True)
    date_start = fields.Date(
        "Runs from", required=True, default=fields.Date.context_today, tracking=True
    )
    date_end = fields.Date("Runs until", tracking=True, help="Empty: until it ends.")
    fee_percent = fields.Float("Fee (%)", digits=(5, 2), tracking=True)
    fee_amount = fields.Monetary(
        "Fee", tracking=True, help="A fixed fee; empty: the percentage of the price."
    )
    currency_id = fields.Many2one(related="property_id.currency_id")
    news_every_days = fields.Integer(
        "News every (days)",
        required=True,
        default=lambda self: self.env.company.estate_news_every_days,
        tracking=True,
        help="What the owner was promised: he hears something new at least so often.",
    )
    note = fields.Text("Note for the agency")
    state = fields.Selection(
        [("planned", "Planned"), ("running", "Running"), ("ended", "Ended")],
        compute="_compute_state",
        search="_search_state",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        related="property_id.company_id", store=True, precompute=True, index=True
    )

    _ends_after_start = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start)",
        "A mandate must end on or after the day it starts.",
    )
    _news_every_days_positive = models.Constraint(
        "CHECK(news_every_days > 1)",
        "An owner can be promised news every second day at most.",
    )
    _fee_not_negative = models.Constraint(
        "CHECK(fee_percent >= 0 AND fee_amount >= 0)", "A fee cannot be negative."
    )

    @api.depends("property_id")
    def _compute_from_property(self):
        for mandate in self:
            mandate.owner_ids = mandate.owner_ids or mandate.property_id.owner_ids
            mandate.agent_id = mandate.agent_id or mandate.property_id.agent_id

    @api.depends("date_start", "date_end")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for mandate in self:
            if mandate.date_end and mandate.date_end < today:
                mandate.state = "ended"
            elif mandate.date_start and mandate.date_start > today:
                mandate.state = "planned"
            else:
                mandate.state = "running"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        ended = Domain("date_end", "!=", False) & Domain("date_end", "<", today)
        domains = {
            "ended": ended,
            "planned": ~ended & Domain("date_start", ">", today),
            "running": ~ended & Domain("date_start", "<=", today),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    def write(self, vals):
        result = super().write(vals)
        if "property_id" in vals:
            # Rules are asked before: nobody moves a mandate to a property of others.
            self.check_access("write")
        return result

    @api.constrains("property_id", "date_start", "date_end", "exclusive", "active")
    def _check_one_exclusive(self):
        """An exclusive mandate stands alone: no other of its property at the time."""
        for mandate in self.filtered(lambda one: one.exclusive and one.active):
            others = self.search(
                [
                    ("property_id", "=", mandate.property_id.id),
                    ("id", "!=", mandate.id),
                    ("exclusive", "=", True),
                    "|",
                    ("date_end", "=", False),
                    ("date_end", ">=", mandate.date_start),
                ]
            ).filtered(
                lambda other, end=mandate.date_end: not end or other.date_start <= end
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "%(property)s already has an exclusive mandate from %(start)s. "
                        "End that one first.",
                        property=mandate.property_id.display_name,
                        start=others[0].date_start,
                    )
                )
