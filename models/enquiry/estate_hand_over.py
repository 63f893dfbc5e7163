from odoo import api, models


class HandOver(models.Model):
    """The searches of a contact go along with it."""

    _name = "estate.hand.over"
    _inherit = "estate.hand.over"

    @api.model
    def _get_whose(self):
        return {**super()._get_whose(), "estate.search": ("agent_id",)}
