"""Response times in a browser: the box of My day, the report."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .response import ResponseCase


@tagged("response_tour")
class TestResponseTour(ResponseCase, HttpCase):
    def test_a_user_adds_and_sets_up_the_box_and_reads_the_report(self):
        """M66, M74, M76: by clicks alone."""
        now = fields.Datetime.now().replace(second=0, microsecond=0)
        # A person for whom it is noon now: the day and the month are no other.
        self.agent.tz = f"Etc/GMT{now.hour - 12:+d}"
        lead = self._receive(now - timedelta(minutes=30))
        self._answer(lead, now - timedelta(minutes=10))
        self.env.flush_all()
        self.start_tour("/odoo/my-day", "estate_response", login=self.agent.login)
        box = self.env["estate.my.day.box"].search([("user_id", "=", self.agent.id)])
        self.assertEqual((box.code, box.is_shown, box.hours), ("response", True, 48))
