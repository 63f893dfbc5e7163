"""What is offered to members only has grown: the rules that say so are read anew."""

from odoo.api import SUPERUSER_ID, Environment
from odoo.tools import convert_file


def migrate(cr, version):
    """Write the domains of the rules as the module ships them."""
    env = Environment(cr, SUPERUSER_ID, {})
    convert_file(
        env,
        "crm_real_estate",
        "security/estate_members.xml",
        {},
        mode="init",
        noupdate=True,
    )
