from ast import literal_eval
from random import SystemRandom

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

STEPS = [
    ("first_call", "First call to an owner"),
    ("agent", "Agent for an owner who agreed"),
    ("enquiry", "Enquiry of a seeker"),
]
STRATEGIES = [
    ("even", "Evenly"),
    ("random", "At random"),
    ("least_loaded", "To who has least open leads"),
    ("weighted", "By weight, in expected fee"),
    ("announce", "Announce, first to claim"),
]
# Business minutes until the task of a step is due, unless its rule says otherwise.
DEADLINE_MINUTES = {"first_call": 60, "agent": 240, "enquiry": 60}


class DispatchRule(models.Model):
    """Who gets a lead: rules are tried in order, the first that matches decides."""

    _name = "estate.dispatch.rule"
    _description = "Distribution rule"
    _order = "step, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    step = fields.Selection(STEPS, required=True, default="first_call", index=True)
    domain = fields.Char(
        "Applies to", default="[]", help="Empty: to every lead of the step."
    )
    team_id = fields.Many2one(
        "crm.team",
        required=True,
        check_company=True,
        ondelete="restrict",
        help="The lead goes to a member of this team whom the property suits, who is "
        "there and not paused.",
    )
    strategy = fields.Selection(STRATEGIES, required=True, default="even")
    lease_minutes = fields.Integer(
        "Lease (business minutes)",
        default=30,
        required=True,
        help="Who was given or has claimed a lead keeps it so long without working on "
        "it, in business minutes of the office.",
    )
    only_at_work = fields.Boolean(
        "Only people at work now",
        help="Outside of somebody's working hours the lead goes to the others.",
    )
    deadline_minutes = fields.Integer(
        "Due within (business minutes)",
        compute="_compute_deadline_minutes",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Deadline of the task that comes with the lead, in business minutes.",
    )
    last_resort_id = fields.Many2one(
        "res.users",
        "Last resort",
        check_company=True,
        domain="[('share', '=', False)]",
        help="Gets the lead when no member is there. Empty: it stays in the pool, "
        "unassigned.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )

    _deadline_positive = models.Constraint(
        "CHECK(deadline_minutes > 0)", "A task is due after at least one minute."
    )
    _lease_positive = models.Constraint(
        "CHECK(lease_minutes > 0)", "A lease lasts at least one minute."
    )

    @api.depends("step")
    def _compute_deadline_minutes(self):
        for rule in self:
            rule.deadline_minutes = DEADLINE_MINUTES[rule.step or "first_call"]

    @api.constrains("domain")
    def _check_domain(self):
        for rule in self:
            try:
                self.env["crm.lead"].search_count(rule._get_domain(), limit=1)
            except (ValueError, SyntaxError, KeyError, TypeError) as error:
                raise ValidationError(
                    self.env._(
                        "%(rule)s: its filter cannot be read (%(error)s). Build it "
                        "with the filter editor.",
                        rule=rule.name,
                        error=error,
                    )
                ) from error

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules.team_id.crm_team_member_ids._ensure_resources()
        return rules

    def write(self, vals):
        result = super().write(vals)
        if "team_id" in vals:
            self.team_id.crm_team_member_ids._ensure_resources()
        return result

    # === GATHER ===

    def _get_domain(self):
        """Return the filter of this rule; only literals are read, never code."""
        self.ensure_one()
        return Domain(literal_eval(self.domain or "[]"))

    def _match(self, leads, companies):
        """Return the first of these rules that fits, for each lead.

        :param dict companies: lead id -> `res.company` whose rules count
        :return: dict rule -> leads; leads without a rule are under the empty rule
        """
        rest, matched = leads, {}
        for rule in self:
            mine = rest.filtered(
                lambda lead, company=rule.company_id: companies[lead.id] == company
            )
            domain = rule._get_domain()
            mine = mine if domain.is_true() else mine.filtered_domain(domain)
            if mine:
                matched[rule] = mine
                rest -= mine
        if rest:
            matched[self.browse()] = rest
        return matched

    @api.model
    def _draw_seed(self):
        """Return what the lots of a batch are drawn from; it stands in the reasons."""
        return SystemRandom().getrandbits(31)

    def _lock(self):
        """Make other distributions by these rules wait until this one is done."""
        if self:
            # Raw SQL: a row lock alone is not enough, a rival that waited for it would
            # still see the shares as they were when he began. A changed row makes him
            # fail as a serialization failure, which Odoo answers by trying again.
            self.env.cr.execute(
                SQL(
                    """UPDATE estate_dispatch_rule SET step = step WHERE id IN (
                    SELECT id FROM estate_dispatch_rule WHERE id IN %s
                    ORDER BY id FOR NO KEY UPDATE)""",
                    tuple(self.ids),
                )
            )
