from odoo import api, models

from . import inner


class CrmTeamMember(models.Model):
    _name = "crm.team.member"
    _inherit = [
        "estate.team.member.dispatch.mixin",
        "estate.team.member.suitability.mixin",
        "crm.team.member",
    ]

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        members.filtered("crm_team_id.is_estate_office")._ensure_resources()
        members.crm_team_id._sync_announcement_channel()
        return members

    def write(self, vals):
        teams = self.crm_team_id
        result = super().write(vals)
        if {"active", "user_id", "crm_team_id"} & set(vals):
            (teams | self.crm_team_id)._sync_announcement_channel()
        return result

    def _synchronize_memberships(self, user_team_ids):
        # Odoo archives the other memberships here, without a word.
        self._check_keeps_memberships(user_team_ids)
        return super()._synchronize_memberships(user_team_ids)

    def _get_lead_from_date(self, date_from, active_test=False):
        # CRM's monthly flow counts what CRM hands out; our capacity counts ours.
        scoped = inner.say(self, scope=False)
        return super(CrmTeamMember, scoped)._get_lead_from_date(date_from, active_test)
