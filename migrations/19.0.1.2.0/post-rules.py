"""Record rules belong to the admins from now on: those of this version are set once."""

from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file

MODULE = "crm_real_estate"


def migrate(cr, version):
    """Give the rules the domains and groups that this version needs."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    path = "security/estate_rules.xml"
    convert_file(env, MODULE, path, {}, mode="init", noupdate=True)
