from odoo import api, models

from . import inner

# What moves an appointment; a program that keeps calendars equal writes any of them.
MOVING = {"start", "stop", "start_date", "stop_date", "duration", "allday"}


class CalendarEvent(models.Model):
    _name = "calendar.event"
    _inherit = "calendar.event"

    def _get_estate_viewings(self):
        """Return the viewings that follow these appointments, none when they lead."""
        # sudo: estate.viewing - an appointment that changes changes its viewing
        viewings = self.env["estate.viewing"].sudo()
        if inner.hear(self.env, "viewing_sync"):
            return viewings
        return viewings.search([("calendar_event_id", "in", self.ids)])

    @api.model
    def _get_contact_details_description(self, organizer, partners):
        # Every employee reads a description: it tells no phone and mail of our clients.
        # sudo: res.partner - only whether they are clients
        others = partners.filtered(lambda partner: not partner.sudo().estate_kind)
        return super()._get_contact_details_description(organizer, others)

    def write(self, vals):
        is_gone = not vals.get("active", True)
        result = super().write(vals)
        if is_gone or MOVING & set(vals):
            viewings = self._get_estate_viewings()
            if is_gone:
                viewings._follow_lost_appointment()
            else:
                viewings._follow_calendar()
        return result

    def unlink(self):
        viewings = self._get_estate_viewings()
        result = super().unlink()
        viewings._follow_lost_appointment()
        return result
