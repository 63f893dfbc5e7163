from odoo import api, models

from . import inner


class CalendarAlarmManager(models.AbstractModel):
    _name = "calendar.alarm_manager"
    _inherit = "calendar.alarm_manager"

    @api.model
    def _send_reminder(self):
        # A reminder is sent by a job: it passes the gate.
        reminders = inner.say(self, automatic=True, purpose="reminder")
        return super(CalendarAlarmManager, reminders)._send_reminder()
