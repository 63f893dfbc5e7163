from odoo import fields, models


class TeamDispatch(models.AbstractModel):
    """An office and the channel in which its free leads are announced."""

    _name = "estate.team.dispatch.mixin"
    _description = "Office: announcements"

    announcement_channel_id = fields.Many2one(
        "discuss.channel",
        "Channel for free leads",
        domain=[("channel_type", "=", "channel")],
        copy=False,
        ondelete="set null",
        help="Where the robot tells the team of leads that anybody may claim. Empty: a "
        "channel of the team is made with the first one.",
    )

    def _get_announcement_channel(self, company):
        """Return the channel of this office, with its people; made where it lacks.

        :param company: `res.company` of the leads, for an office of all companies
        """
        self.ensure_one()
        if not self.announcement_channel_id:
            # Only members of the business see it, and only those of its company.
            channels = self.env["discuss.channel"].with_context(tracking_disable=True)
            self.announcement_channel_id = channels.create(
                {
                    "name": self.env._("%s: free leads", self.name),
                    "channel_type": "channel",
                    "group_public_id": self.env.ref("crm_real_estate.group_member").id,
                    "estate_company_id": (self.company_id or company).id,
                }
            )
        self._sync_announcement_channel()
        return self.announcement_channel_id

    def _sync_announcement_channel(self):
        """Let the members of the channels be those of the teams.

        Who joined a channel without ever having been in its team stays.
        """
        # sudo: discuss.channel - who sets up a team sets up who hears of its leads
        for team in self.sudo().filtered("announcement_channel_id"):
            channel = team.announcement_channel_id
            memberships = team.with_context(active_test=False).crm_team_member_all_ids
            present = memberships.filtered(lambda m: m.active and m.user_id.active)
            members = present.user_id.partner_id
            joined = channel.channel_partner_ids
            channel._add_members(partners=members - joined, post_joined_message=False)
            for partner in (memberships.user_id.partner_id - members) & joined:
                channel._action_unfollow(partner=partner, post_leave_message=False)

    def _get_announced_people(self, step, company, now):
        """Return the users of this office who are told of a lead of `step` now."""
        members = self.crm_team_member_all_ids
        left_out = members._get_pauses() | members._get_obstacles(
            members.user_id, step, company, now
        )
        return members.user_id.filtered(lambda user: user.id not in left_out)
