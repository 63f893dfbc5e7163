from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import suitability
from ..groups import MEMBERS
from ..property.estate_property import DEAL_TYPES
from ..property.estate_property_type import USAGES


class TeamMemberSuitability(models.AbstractModel):
    """What a member of an office takes; whatever is empty takes all."""

    _name = "estate.team.member.suitability.mixin"
    _description = "Team member: suitability"

    territory_ids = fields.Many2many(
        "estate.territory",
        "crm_team_member_estate_territory_rel",
        "member_id",
        "territory_id",
        "Territories",
        groups=MEMBERS,
        copy=False,
        help="Properties in one of these or in a part of them. Empty: anywhere.",
    )
    property_type_ids = fields.Many2many(
        "estate.property.type",
        "crm_team_member_estate_type_rel",
        "member_id",
        "type_id",
        "Property types",
        groups=MEMBERS,
        copy=False,
        help="Properties of one of these types or of a kind of them. Empty: any type.",
    )
    deal_type = fields.Selection(DEAL_TYPES, "Deal", groups=MEMBERS, copy=False)
    usage = fields.Selection(USAGES, groups=MEMBERS, copy=False)
    segment = fields.Selection(
        lambda self: self._get_property_words("segment"), groups=MEMBERS, copy=False
    )
    market = fields.Selection(
        lambda self: self._get_property_words("market"), groups=MEMBERS, copy=False
    )
    liquidity = fields.Selection(
        lambda self: self._get_property_words("liquidity"), groups=MEMBERS, copy=False
    )
    price_min = fields.Monetary(
        "Price from",
        groups=MEMBERS,
        copy=False,
        help="This price is taken too. In the company's currency at today's rate; a "
        "property without a price fits only who has no price band.",
    )
    price_max = fields.Monetary(
        "Price below",
        groups=MEMBERS,
        copy=False,
        help="This price is not taken any more: it belongs to the next band.",
    )
    open_lead_max = fields.Integer(
        "Most open leads",
        groups=MEMBERS,
        copy=False,
        help="Who has so many open leads now, of whatever office, gets no more by the "
        "rules. Empty: any number.",
    )
    dispatch_weight = fields.Float(
        "Weight",
        default=1.0,
        groups=MEMBERS,
        copy=False,
        help="His part of the expected fees in rules that distribute by weight: who "
        "has 2 gets twice as much as who has 1.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")

    @api.model
    def _get_property_words(self, name):
        return (
            self.env["estate.property"]._fields[name]._description_selection(self.env)
        )

    @api.depends("crm_team_id.company_id")
    def _compute_currency_id(self):
        for member in self:
            company = member.crm_team_id.company_id or self.env.company
            member.currency_id = company.currency_id

    @api.constrains("price_min", "price_max", "open_lead_max", "dispatch_weight")
    def _check_suitability(self):
        for member in self:
            low, high = member.price_min, member.price_max
            if low < 0 or high < 0 or (high and high <= low):
                problem = self.env._(
                    "his prices end before they begin. Enter a higher 'Price below', "
                    "or leave it empty."
                )
            elif member.open_lead_max < 0:
                problem = self.env._(
                    "the most open leads cannot be below zero. Enter a number, or "
                    "leave it empty."
                )
            elif member.dispatch_weight < 0:
                problem = self.env._(
                    "his weight cannot be below zero. Enter 0 to give him nothing."
                )
            else:
                continue
            raise ValidationError(
                self.env._(
                    "%(member)s in %(team)s: %(problem)s",
                    member=member.user_id.name,
                    team=member.crm_team_id.name,
                    problem=problem,
                )
            )

    # === GATHER ===

    def _gather_criteria(self):
        """Return these memberships as plain values for `tools.suitability`."""
        return [
            suitability.Criteria(
                key=member.user_id.id,
                territories=frozenset(member.territory_ids.ids),
                types=frozenset(member.property_type_ids.ids),
                deal=member.deal_type or "",
                usage=member.usage or "",
                segment=member.segment or "",
                market=member.market or "",
                liquidity=member.liquidity or "",
                price_from=member.price_min,
                price_to=member.price_max,
            )
            for member in self
        ]

    def _gather_limits(self):
        """Return user id -> weight and limit of open leads."""
        return {
            member.user_id.id: {
                "weight": member.dispatch_weight,
                "limit": member.open_lead_max,
            }
            for member in self
        }
