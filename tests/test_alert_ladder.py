"""An alert that nobody sees: an SMS, then the next candidate, step by step."""

from datetime import datetime, timedelta

from odoo.tests import freeze_time

from .common import NOW
from .test_alerts import AlertCase

EVENING = datetime(2026, 3, 4, 21, 0)


class TestAlertLadder(AlertCase):
    def setUp(self):
        super().setUp()
        self.rules["enquiry"].active = True
        self.prop.agent_id = self.agent
        self.lead = self._create_free_lead(received_at=NOW)
        self._finish()

    def _get_alert(self):
        """Return the alert of who has the lead now."""
        return self._get_alerts(self.lead).filtered(
            lambda alert: alert.user_id == self.lead.user_id and not alert.over_at
        )

    def _run(self, seconds, start=NOW):
        """Let the job run so long after the assignment."""
        moment = start + timedelta(seconds=seconds)
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("crm_real_estate.ir_cron_alert_ladder").method_direct_trigger()
        self.env.invalidate_all()

    def test_unseen_for_a_minute_an_sms_follows_once(self):
        """M140: 59 seconds nothing, 60 seconds one SMS."""
        self.assertEqual(self.lead.user_id, self.agent)
        self._run(59)
        self.assertFalse(self._texts())
        for _twice in range(2):
            self._run(60)
            self.assertEqual(len(self._texts()), 1)
        self.assertEqual(self.lead.user_id, self.agent)

    def test_unseen_for_three_minutes_the_next_candidate_gets_it(self):
        """M140: with the reason in the decision, and an alert of his own."""
        first = self._get_alert()
        self._run(60)
        self._run(179)
        self.assertEqual(self.lead.user_id, self.agent)
        for _twice in range(2):
            self._run(180)
            self.assertEqual(self.lead.user_id, self.second_agent)
        self.assertEqual(first.state, "passed_on")
        self.assertEqual(self._get_reason(), "alert_unseen")
        self.assertEqual(len(self._get_alert()), 1)

    def _get_reason(self):
        last = self.lead.decision_ids.sorted("id")[-1:]
        return last.reasons["left_out"].get(str(self.agent.id))

    def test_who_did_not_see_it_does_not_get_it_again(self):
        self._run(60)
        self._run(180)
        self._run(180 + 60)
        self._run(180 + 180)
        self.assertFalse(self.lead.user_id)
        self.assertEqual(
            set(self._get_alerts(self.lead).mapped("state")), {"passed_on"}
        )

    def test_who_has_seen_it_is_left_alone(self):
        """M140: shown is not seen; seen, opened and closed are, each with its time."""
        for what, is_left_alone in (
            ("shown", False),
            ("seen", True),
            ("opened", True),
            ("ignored", True),
        ):
            with self.subTest(what):
                alert = self.env["estate.alert"]._send(self.lead)
                alert.with_user(self.agent).tell_receipt(what)
                self.assertEqual(alert.state, what)
                self.assertEqual(alert[f"{what}_at"], NOW)
                self.assertEqual(not alert.step_due_at, is_left_alone)

    def test_nobody_gives_a_receipt_for_a_colleague(self):
        alert = self._get_alert()
        alert.with_user(self.manager).tell_receipt("opened")
        self.assertFalse(alert.opened_at)

    def test_who_acts_has_seen_it(self):
        self._log(self.lead, "letter")
        self.assertTrue(self._get_alert().seen_at)
        self._run(600)
        self.assertEqual(self.lead.user_id, self.agent)

    def test_a_colleagues_choice_is_not_passed_on(self):
        """A person gave it by hand: an SMS, but nobody else gets it."""
        self._assign(self.lead, self.second_agent)
        self.second_agent.partner_id.phone = "+420 777 000 333"
        self._run(60)
        self._run(600)
        self.assertEqual(self.lead.user_id, self.second_agent)
        self.assertTrue(self._get_alert().sms_at)

    def test_at_night_it_waits_for_the_office_to_open(self):
        with freeze_time(EVENING):
            alert = self.env["estate.alert"]._send(self.lead)
        self.assertEqual(alert.step_due_at, datetime(2026, 3, 5, 8, 1))

    def test_a_company_sets_the_delays_or_switches_it_off(self):
        """M141: in its settings, and the job is a scheduled action."""
        self.company.estate_alert_sms_seconds = 120
        alert = self.env["estate.alert"]._send(self.lead)
        self.assertEqual(alert.step_due_at, NOW + timedelta(minutes=2))
        self.company.estate_alert_sms_seconds = 0
        alert = self.env["estate.alert"]._send(self.lead)
        self.assertEqual(alert.step_due_at, NOW + timedelta(minutes=3))
        self.company.estate_alert_ladder = False
        alert = self.env["estate.alert"]._send(self.lead)
        self.assertFalse(alert.step_due_at)

    def test_a_lead_that_has_ended_is_left_alone(self):
        self.lead.action_set_lost()
        self._run(600)
        self.assertFalse(self._texts())
        self.assertEqual(self._get_alerts(self.lead).state, "over")
