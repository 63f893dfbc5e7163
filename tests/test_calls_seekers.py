"""Calls to seekers: an outcome means something else than with owners."""

from odoo.tests import freeze_time

from .calls import CallCase
from .common import NOW


@freeze_time(NOW)
class CallsToSeekers(CallCase):
    """A seeker is rung about his enquiry."""

    def setUp(self):
        super().setUp()
        self.prop = self._create_property(agent_id=self.second_agent.id)
        self.enquiry = self._create_seeker_lead(self.prop)

    def _ring(self, code):
        self.enquiry.with_user(self.agent).action_call_outcome(
            code, seen_count=self.enquiry.call_count
        )

    def test_a_seeker_who_agrees_takes_the_property_from_nobody(self):
        self._ring("agreed")
        self.assertEqual(self.prop.agent_id, self.second_agent)
        self.assertEqual(self.enquiry.user_id, self.agent)
        self.assertFalse(self.enquiry.decision_ids)

    def test_a_seeker_who_refuses_ends_his_enquiry_with_a_reason(self):
        self._ring("refused")
        self.assertTrue(self.enquiry.stage_id.is_cancellation)
        self.assertEqual(self.enquiry.won_status, "lost")
        self.assertEqual(
            self.enquiry.lost_reason_id,
            self.env.ref("crm_real_estate.crm_lost_reason_enquiry_refused"),
        )

    def test_a_wrong_number_leaves_an_enquiry_open_to_be_answered_by_mail(self):
        for code in ("wrong_number", "do_not_call"):
            with self.subTest(code):
                self._ring(code)
                self.assertEqual(self.enquiry.won_status, "pending")
                self.assertFalse(self.enquiry.next_call_at)
