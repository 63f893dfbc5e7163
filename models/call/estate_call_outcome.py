from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

CODES = [
    ("no_answer", "No answer"),
    ("busy", "Busy"),
    ("reached", "Reached"),
    ("agreed", "Agreed"),
    ("refused", "Refused"),
    ("wrong_number", "Wrong number"),
    ("do_not_call", "Do not call"),
]


class CallOutcome(models.Model):
    """How a call attempt can end, and what follows from it."""

    _name = "estate.call.outcome"
    _description = "Call outcome"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Selection(CODES, required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    retry_minutes = fields.Char(
        "Call again after (minutes)",
        help="One delay for each time this outcome comes up, such as 15,30,60. After "
        "the last one the lead is given up. Empty: no further call is planned.",
    )
    is_terminal = fields.Boolean("Ends the calls", help="No further call is made.")
    is_conversation = fields.Boolean(
        "Somebody was spoken to", help="Counts as an answer."
    )
    needs_card = fields.Boolean(
        "Needs the property card",
        help="The call can only be closed when the property's required data are filled "
        "in.",
    )
    company_id = fields.Many2one("res.company", index="btree_not_null")

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "There is already an outcome with this code."
    )

    @api.constrains("retry_minutes", "is_terminal")
    def _check_retry_minutes(self):
        for outcome in self:
            try:
                delays = outcome._get_delays()
            except ValueError:
                delays = [0]
            if any(delay <= 0 for delay in delays):
                raise ValidationError(
                    self.env._(
                        "%(outcome)s: the delays must be minutes separated by commas, "
                        "for example 15,30,60.",
                        outcome=outcome.name,
                    )
                )
            if delays and outcome.is_terminal:
                raise ValidationError(
                    self.env._(
                        "%s ends the calls, so it cannot have a delay.", outcome.name
                    )
                )

    def _get_delays(self):
        """Return the delays of this outcome in minutes, the first one first."""
        self.ensure_one()
        parts = (part.strip() for part in (self.retry_minutes or "").split(","))
        return [int(part) for part in parts if part]

    @api.model
    def _get(self, code, company=None):
        """Return the outcome with this code: the company's own, else the common one.

        :param company: `res.company`, else the current one
        :raises UserError: when it was archived or deleted
        """
        found = self.search(
            [
                ("code", "=", code),
                ("company_id", "in", ((company or self.env.company).id, False)),
            ],
            limit=1,
            order="company_id",
        )
        if not found:
            raise UserError(
                self.env._(
                    "There is no call outcome %s any more. Add it under call outcomes "
                    "in the configuration, or choose another one.",
                    code,
                )
            )
        return found
