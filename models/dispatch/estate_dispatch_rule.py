from ast import literal_eval

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

STEPS = [
    ("first_call", "First call to an owner"),
    ("agent", "Agent for an owner who agreed"),
    ("enquiry", "Enquiry of a seeker"),
]


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
    domain = fields.Char("Applies to", default="[]", help="Empty: to every lead of the step.")
    team_id = fields.Many2one(
        "crm.team", "Team", required=True, check_company=True, ondelete="restrict",
        help="The lead goes to a member of this team who is there and not paused.",
    )
    strategy = fields.Selection([("even", "Evenly")], required=True, default="even")
    deadline_minutes = fields.Integer(
        "Due within (business minutes)", default=60,
        help="Deadline of the task that comes with the lead, in business minutes.",
    )
    last_resort_id = fields.Many2one(
        "res.users", "Last resort", domain="[('share', '=', False)]",
        help="Gets the lead when no member is there. Empty: it stays in the pool, unassigned.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )

    _deadline_positive = models.Constraint(
        "CHECK(deadline_minutes > 0)", "A task is due after at least one minute."
    )

    @api.constrains("domain")
    def _check_domain(self):
        for rule in self:
            try:
                self.env["crm.lead"].search_count(rule._get_domain(), limit=1)
            except (ValueError, SyntaxError, KeyError) as error:
                raise ValidationError(
                    _(
                        "%(rule)s: its filter cannot be read (%(error)s). Build it with the "
                        "filter editor.",
                        rule=rule.name,
                        error=error,
                    )
                ) from error

    def _get_domain(self):
        """Return the filter of this rule; only literals are read, never code."""
        self.ensure_one()
        return Domain(literal_eval(self.domain or "[]"))

    @api.model
    def _match(self, leads, step):
        """Return the first fitting rule for each lead.

        :return: dict rule -> leads; leads without a rule are under the empty rule
        """
        rest, matched = leads, {}
        for rule in self.search([("step", "=", step)]):
            mine = rest.filtered(lambda lead, r=rule: (lead.company_id or r.company_id) == r.company_id)
            mine = mine.filtered_domain(rule._get_domain())
            if mine:
                matched[rule] = mine
                rest -= mine
        if rest:
            matched[self.browse()] = rest
        return matched

    def _lock(self):
        """Make other distributions by these rules wait until this one is done."""
        if self:
            # Raw SQL: a waiting row lock; a rival that committed meanwhile makes this
            # transaction fail as a serialization failure, which Odoo retries.
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM estate_dispatch_rule WHERE id IN %s ORDER BY id FOR UPDATE",
                    tuple(self.ids),
                )
            )
