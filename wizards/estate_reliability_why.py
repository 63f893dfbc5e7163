from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ReliabilityWhy(models.TransientModel):
    """Shows the facts behind the stars of a contact, each with date and weight."""

    _name = "estate.reliability.why"
    _description = "Reasons of the index"

    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, readonly=True, ondelete="cascade"
    )
    reliability_score = fields.Float(related="partner_id.reliability_score")
    formula = fields.Char("How it is reckoned", readonly=True)
    basis = fields.Char("Where everybody begins", readonly=True)
    fact_ids = fields.One2many(
        "estate.reliability.fact", "why_id", "Facts", readonly=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards:
            partner = wizard.partner_id
            partner.check_access("read")
            if not partner.estate_kind:
                raise UserError(
                    self.env._("%s is no contact of the agency.", partner.display_name)
                )
            sheet = partner._get_reliability_sheet()
            wizard.write(
                {
                    "formula": sheet["formula"],
                    "basis": sheet["basis"],
                    "fact_ids": [
                        Command.create(wizard._prepare_fact_vals(fact))
                        for fact in sheet["facts"]
                    ],
                }
            )
        return wizards

    def _prepare_fact_vals(self, fact):
        row = fact["row"]
        mine = row.company_id in self.env.companies
        return {
            "interaction_id": row.id,
            "name": fact["kind"],
            "occurred_at": fact["occurred_at"],
            # What another company wrote counts, but is read there alone.
            "told": mine and (row.property_id.name or row.summary),
            "weight": fact["weight"],
            "left": fact["left"],
            "counted": fact["counted"],
            "may_correct": mine and row._may_be_corrected(),
        }

    def action_print(self):
        """Print the sheet for the person: every fact and its weight."""
        self.ensure_one()
        report = self.env.ref("crm_real_estate.action_report_reliability")
        return report.report_action(self.partner_id)


class ReliabilityFact(models.TransientModel):
    """One fact behind the stars of a contact."""

    _name = "estate.reliability.fact"
    _description = "Fact of the index"
    _order = "occurred_at desc, id"

    why_id = fields.Many2one(
        "estate.reliability.why", required=True, ondelete="cascade", index=True
    )
    interaction_id = fields.Many2one(
        "estate.interaction", "Entry", required=True, ondelete="cascade"
    )
    occurred_at = fields.Datetime("When")
    name = fields.Char("Fact")
    told = fields.Char("About")
    weight = fields.Float(digits=(6, 2))
    left = fields.Float("Still counts", help="Facts fade: half is left after a year.")
    counted = fields.Float(digits=(6, 2))
    may_correct = fields.Boolean()

    def action_correct(self):
        """Open the form that takes this fact out; a further fact, nothing is lost."""
        self.ensure_one()
        return self.interaction_id.action_correct()
