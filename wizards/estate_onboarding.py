from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

ROLES = [
    ("operator", "Operator"),
    ("agent", "Agent"),
    ("office_manager", "Office manager"),
    ("director", "Director"),
]
# role -> groups that it needs beside its own: how far it sees contacts
LEVELS = {
    "operator": ("group_offer_own",),
    "agent": ("group_offer_office", "group_demand_office"),
}
# A role of Odoo's CRM, and the one that we propose for it.
PROPOSALS = [
    ("sales_team.group_sale_salesman_all_leads", "office_manager"),
    ("sales_team.group_sale_salesman", "agent"),
]


class Onboarding(models.TransientModel):
    """Proposes roles for the people of a company; nobody gets one before a click."""

    _name = "estate.onboarding"
    _description = "People and their roles"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    line_ids = fields.One2many(
        "estate.onboarding.line",
        "onboarding_id",
        "People",
        default=lambda self: self._get_proposals(),
    )
    may_apply = fields.Boolean("May give roles", compute="_compute_may_apply")

    @api.depends("company_id")
    def _compute_display_name(self):
        for onboarding in self:
            onboarding.display_name = self.env._("People and their roles")

    @api.depends_context("uid")
    def _compute_may_apply(self):
        self.may_apply = self._may_give_roles()

    @api.model
    def _may_give_roles(self):
        return self.env.user.has_group("base.group_erp_manager")

    @api.model
    def _get_proposals(self):
        """Return commands that create a line for each person without a role."""
        member = self.env.ref("crm_real_estate.group_member")
        users = self.env["res.users"]
        people = users.search(
            Domain("share", "=", False)
            & Domain("company_ids", "in", self.env.company.ids)
        ) - users.search(Domain("all_group_ids", "in", member.ids))
        offices = self.env["crm.team"].search(
            Domain("is_estate_office", "=", True)
            & Domain("company_id", "in", (False, self.env.company.id)),
            limit=2,
        )
        office = offices if len(offices) == 1 else offices.browse()
        return [
            Command.create(
                {
                    "user_id": user.id,
                    "role": self._propose_role(user),
                    "team_id": office.id
                    if self._propose_role(user) and not user.crm_team_ids
                    else False,
                }
            )
            for user in people
        ]

    @api.model
    def _propose_role(self, user):
        """Return the role that fits what somebody does in CRM; False: none."""
        for group, role in PROPOSALS:
            if user.has_group(group):
                return role
        return False

    def action_apply(self):
        """Give the roles that are chosen, and enter people in the offices."""
        self.ensure_one()
        self.check_access("write")
        if not self._may_give_roles():
            raise UserError(
                self.env._("Only who manages access rights gives roles. Ask him.")
            )
        for line in self.line_ids.filtered("role"):
            names = (f"group_{line.role}", *LEVELS.get(line.role, ()))
            groups = [self.env.ref(f"crm_real_estate.{name}").id for name in names]
            line.user_id.group_ids = [Command.link(group) for group in groups]
            if line.team_id and line.team_id not in line.user_id.crm_team_ids:
                self.env["crm.team.member"].create(
                    {"crm_team_id": line.team_id.id, "user_id": line.user_id.id}
                )
        return self.env["ir.actions.actions"]._for_xml_id(
            "crm_real_estate.action_my_day"
        )


class OnboardingLine(models.TransientModel):
    """What is proposed for one person."""

    _name = "estate.onboarding.line"
    _description = "Proposed role of a person"

    onboarding_id = fields.Many2one(
        "estate.onboarding", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "Person", required=True, readonly=True, ondelete="cascade"
    )
    role = fields.Selection(ROLES, help="Empty: nothing is changed.")
    team_id = fields.Many2one(
        "crm.team",
        "Office",
        domain=[("is_estate_office", "=", True)],
        help="He becomes a member of it.",
    )
