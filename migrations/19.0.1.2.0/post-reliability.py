"""Shipped kinds of facts get their weights, and every contact its index."""

from odoo import SUPERUSER_ID, api

WEIGHTS = {"viewing_done": 1, "viewing_no_show": -2, "reservation": 2}


def migrate(cr, version):
    """Weigh what was shipped before; what an admin already weighed stays."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    kinds = env["estate.interaction.type"].with_context(active_test=False)
    for code, weight in WEIGHTS.items():
        found = kinds.search([("code", "=", code), ("reliability_weight", "=", 0)])
        found.reliability_weight = weight
    env["res.partner"]._cron_rate_contacts()
