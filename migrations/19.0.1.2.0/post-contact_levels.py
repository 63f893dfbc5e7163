"""Who saw all contacts before there were levels goes on seeing them."""

from odoo import SUPERUSER_ID, api
from odoo.fields import Command

LEVELS = ("group_offer_company", "group_demand_company")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    members = env.ref("crm_real_estate.group_member").all_user_ids
    for name in LEVELS:
        # On the side of the group: no user is written, none gets another write date.
        group = env.ref(f"crm_real_estate.{name}")
        group.user_ids = [
            Command.link(user.id) for user in members - group.all_user_ids
        ]
