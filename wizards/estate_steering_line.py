from odoo import api, fields, models

from ..models.measure.estate_objective import METRICS


def _make_told(label):
    return fields.Char(label, compute="_compute_told")


class SteeringLine(models.TransientModel):
    """An office, or one of its people, over some days."""

    _name = "estate.steering.line"
    _description = "Steering: office or person"
    _inherit = "estate.call.figures.line"
    _rec_name = "name"

    figures_id = fields.Many2one(required=False)
    steering_id = fields.Many2one(
        "estate.steering", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(readonly=True)
    team_id = fields.Many2one("crm.team", "Office", readonly=True, ondelete="cascade")
    actions = fields.Integer(readonly=True)
    outside = fields.Integer(
        "Outside own sector",
        readonly=True,
        help="On properties in none of the territories that the distribution gives "
        "to the person.",
    )

    # What was done of what was asked for, as the board tells it.
    calls_told = _make_told("Calls: done of asked")
    processed_calls_told = _make_told("Processed calls: done of asked")
    positive_calls_told = _make_told("Positive calls: done of asked")
    viewings_told = _make_told("Viewings: done of asked")
    mandates_told = _make_told("Mandates: done of asked")

    @api.depends(*(metric for metric, _label in METRICS))
    def _compute_told(self):
        for line in self:
            for metric, _label in METRICS:
                told = f"{line[metric]}"
                if minimum := line[f"{metric}_minimum"]:
                    told += f" / {minimum:g}"
                line[f"{metric}_told"] = told

    def _get_users(self):
        """Return the person of a line, or all people of an office."""
        if self.user_id:
            return self.user_id
        lines = self.steering_id.line_ids
        return lines.filtered(lambda line: line.team_id == self.team_id).user_id

    def action_open(self):
        """Open exactly what is counted in this line."""
        self.ensure_one()
        self.check_access("read")
        return self.steering_id._open_actions(
            self._get_users(), self.name, ("list", "kanban", "pivot", "graph")
        )
