from odoo import models

from .groups import MEMBERS


class IrHttp(models.AbstractModel):
    _name = "ir.http"
    _inherit = "ir.http"

    def session_info(self):
        info = super().session_info()
        user = self.env.user
        if user.has_groups(MEMBERS):
            # A new tab shows what its person has not seen yet.
            info["estate_alerts"] = {
                "kinds": user._get_alert_kinds(),
                "cards": self.env["estate.alert"]._get_open_cards(user),
            }
            info["estate_map"] = self.env.company._get_estate_map()
            info["estate_my_day"] = {
                "waiting": self.env["estate.my.day"].get_waiting(),
            }
        return info
