from odoo import fields, models

from .groups import MEMBERS


class CalendarAttendee(models.Model):
    _name = "calendar.attendee"
    _inherit = ["estate.about.contact.mixin", "calendar.attendee"]

    is_contact_visible = fields.Boolean(groups=MEMBERS)
