"""Enquiries answered before there was a response clock get their figures."""

from odoo import SUPERUSER_ID, api
from odoo.tools import split_every

BATCH = 1000


def migrate(cr, version):
    """Find the first answer to each enquiry in the journal."""
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    leads = env["crm.lead"].with_context(active_test=False)
    received = leads.search([("received_at", "!=", False)], order="id")
    for ids in split_every(BATCH, received.ids):
        leads.browse(ids)._renew_response()
        env.flush_all()
        env.invalidate_all()
