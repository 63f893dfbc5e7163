from odoo import models


class DiscussChannel(models.Model):
    _name = "discuss.channel"
    _inherit = ["estate.channel.dispatch.mixin", "discuss.channel"]
