"""The rule that tells agents of opt-outs comes into databases from before it."""

from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file

RULE = "crm_real_estate.automation_opt_out"


def migrate(cr, version):
    """Load what is not made again once an admin has deleted it."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    if not env.ref(RULE, raise_if_not_found=False):
        path = "data/base_automation_opt_out.xml"
        convert_file(env, "crm_real_estate", path, {}, mode="init", noupdate=True)
