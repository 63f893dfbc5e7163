from odoo import models

from . import inner


class CalendarEvent(models.Model):
    _name = "calendar.event"
    _inherit = "calendar.event"

    def write(self, vals):
        moved = {"start", "stop"} & set(vals)
        result = super().write(vals)
        if moved and not inner.hear(self.env, "viewing_sync"):
            # sudo: estate.viewing - an appointment that is moved moves its viewing
            viewings = self.env["estate.viewing"].sudo()
            viewings.search([("calendar_event_id", "in", self.ids)])._follow_calendar()
        return result
