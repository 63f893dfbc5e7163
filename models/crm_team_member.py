from odoo import models


class CrmTeamMember(models.Model):
    _name = "crm.team.member"
    _inherit = ["estate.team.member.dispatch.mixin", "crm.team.member"]
