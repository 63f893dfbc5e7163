from odoo import api, fields, models


class TeamMemberDispatch(models.AbstractModel):
    """A member of a team, as somebody who can be given leads."""

    _name = "estate.team.member.dispatch.mixin"
    _description = "Team member: availability"

    @api.model
    def _split_by_availability(self, members, now=None):
        """Return who can be given a lead now, and why the others cannot.

        :param members: `crm.team.member` records, archived ones included
        :return: (available members, dict user id -> code of the reason)
        """
        now = now or fields.Datetime.now()
        on_leave = self._get_users_on_leave(members.user_id, now)
        available, left_out = self.env["crm.team.member"], {}
        for member in members:
            user = member.user_id
            if not (member.active and user.active):
                left_out[user.id] = "archived"
            elif member.assignment_optout:
                left_out[user.id] = "paused"
            elif user.is_out_of_office:
                left_out[user.id] = "out_of_office"
            elif user in on_leave:
                left_out[user.id] = "on_leave"
            else:
                available |= member
        return available, left_out

    @api.model
    def _get_users_on_leave(self, users, now):
        """Return those of `users` whose resource has a leave at this moment."""
        # sudo: resource.calendar.leaves - only whether somebody is away is read
        leaves = self.env["resource.calendar.leaves"].sudo().search(
            [
                ("resource_id.user_id", "in", users.ids),
                ("date_from", "<=", now),
                ("date_to", ">", now),
            ]
        )
        return leaves.resource_id.user_id
