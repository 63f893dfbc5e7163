from odoo import api, fields, models

from ..models import inner


class LeadReassign(models.TransientModel):
    """Gives leads to somebody else and keeps why in the journal."""

    _name = "estate.lead.reassign"
    _description = "Reassign leads"

    lead_ids = fields.Many2many(
        "crm.lead", string="Leads", required=True, domain=[("lead_role", "!=", False)]
    )
    user_id = fields.Many2one(
        "res.users", "Give to", domain=[("share", "=", False)], required=True
    )
    team_id = fields.Many2one(
        "crm.team",
        "Office",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        help="Empty: the leads stay with their office.",
    )
    reason = fields.Char(help="Stands in the journal.")

    @api.depends("user_id")
    def _compute_team_id(self):
        for wizard in self:
            wizard.team_id = wizard.user_id.sale_team_id

    def action_apply(self):
        """Write the new people; their open tasks follow."""
        self.ensure_one()
        leads = inner.say(self.lead_ids, reassign_reason=self.reason)
        values = {"user_id": self.user_id.id}
        if self.team_id:
            values["team_id"] = self.team_id.id
        leads.write(values)
        return {"type": "ir.actions.act_window_close"}
