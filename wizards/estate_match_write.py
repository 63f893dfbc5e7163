from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class MatchWrite(models.TransientModel):
    """Write to the seekers a property fits: who gets the mail, who does not and why."""

    _name = "estate.match.write"
    _description = "Write to fitting seekers"

    property_id = fields.Many2one(
        "estate.property", required=True, readonly=True, ondelete="cascade"
    )
    line_ids = fields.One2many(
        "estate.match.write.line",
        "wizard_id",
        "Fitting seekers",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    chosen_count = fields.Integer("Mails", compute="_compute_chosen_count")

    @api.depends("property_id")
    def _compute_line_ids(self):
        for wizard in self:
            now, left_out = wizard.property_id.pair_ids._sort_out()
            lines = [{"pair_id": pair.id, "is_chosen": True} for pair in now]
            lines += [
                {"pair_id": pair.id, "left_out": why}
                for pair, why in sorted(left_out.items(), key=lambda item: item[1])
            ]
            wizard.line_ids = [Command.clear(), *map(Command.create, lines)]

    @api.depends("line_ids.is_chosen")
    def _compute_chosen_count(self):
        for wizard in self:
            wizard.chosen_count = len(wizard._get_chosen())

    def _get_chosen(self):
        return self.line_ids.filtered(lambda line: line.is_chosen and not line.left_out)

    def action_send(self):
        """Write to the chosen seekers."""
        self.ensure_one()
        pairs = self._get_chosen().pair_id
        if not pairs:
            raise UserError(
                self.env._("Nobody is chosen. Tick who gets the property offered.")
            )
        pairs.check_access("read")
        self.property_id.check_access("read")
        if self.property_id.state != "on_market":
            raise UserError(
                self.env._(
                    "%s is not on the market. Put it there, then write to seekers.",
                    self.property_id.display_name,
                )
            )
        sent = pairs._queue()
        if sent is None:
            message = self.env._(
                "%s seekers are written to in the next minutes.", len(pairs)
            )
        elif sent:
            message = self.env._("%s seekers were written to.", sent)
        else:
            message = self.env._("None of them may be written to any more.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if sent == 0 else "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class MatchWriteLine(models.TransientModel):
    """A seeker whom the property fits."""

    _name = "estate.match.write.line"
    _description = "Fitting seeker to write to"
    _order = "id"

    wizard_id = fields.Many2one("estate.match.write", index=True, ondelete="cascade")
    is_chosen = fields.Boolean("Write")
    pair_id = fields.Many2one("estate.pair", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="pair_id.partner_id")
    score = fields.Integer(related="pair_id.score")
    reasons_text = fields.Char(related="pair_id.reasons_text")
    search_id = fields.Many2one(related="pair_id.search_id")
    is_again = fields.Boolean("Once more", related="pair_id.is_resendable")
    left_out = fields.Char("Left out because")
