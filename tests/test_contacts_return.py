"""Clients do not vanish when their enquiry ends, and who comes back is known."""

from odoo.tests import freeze_time

from .common import NOW
from .intake_enquiries import EnquiryCase


@freeze_time(NOW)
class TestWhoComesBack(EnquiryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = cls._create_contact(
            "Sam Seeker", email="sam@example.com", phone="+420 777 555 111"
        )
        old = cls._create_property(state="on_market", agent_id=cls.second_agent.id)
        cls.old_lead = cls._create_seeker_lead(
            old, cls.client, user_id=cls.second_agent.id
        )

    def _close_all(self):
        self._log(self.old_lead, "note", self.second_agent, summary="Too dear for him")
        self.old_lead.with_user(self.second_agent).action_set_lost()

    def _get_tasks(self, user):
        return self.env["mail.activity"].search(
            [("user_id", "=", user.id), ("summary", "ilike", "asks again")]
        )

    def _ask_again(self):
        self._deliver(self._write_feedback())
        self._run_cron()
        return self.client.estate_lead_ids.filtered(
            lambda lead: lead.won_status == "pending"
        )

    def test_a_client_and_his_history_are_found_when_all_is_closed(self):
        """M78: all leads closed; contact, journal and enquiry are still there."""
        self._close_all()
        desk = self.env["estate.caller"].with_user(self.second_agent)
        (hit,) = desk.get_hits("777 555 111")["hits"]
        self.assertEqual(hit["id"], self.client.id)
        self.assertEqual(hit["last_contact"]["user"], self.second_agent.name)
        self.assertEqual([lead["is_open"] for lead in hit["leads"]], [False])
        rows = self.client.with_user(self.second_agent).interaction_ids
        self.assertIn("Too dear for him", rows.mapped("summary"))

    def test_his_new_enquiry_is_linked_and_his_former_agent_is_told(self):
        """M78: the same contact, another agent: the former one gets a task."""
        self._close_all()
        lead = self._ask_again()
        self.assertEqual((lead.partner_id, lead.user_id), (self.client, self.agent))
        task = self._get_tasks(self.second_agent)
        self.assertEqual(len(task), 1)
        self.assertIn(task.res_model, ("crm.lead", "res.partner"))
        self.assertIn(task.res_id, (lead.id, self.client.id))
        self.assertIn("Sam Seeker", task.summary)
        self.assertIn(self.agent.name, task.note)
        self.assertFalse(self._get_tasks(self.agent))

    def test_a_repeated_mail_tells_him_once(self):
        self._close_all()
        self._ask_again()
        self._ask_again()
        self.assertEqual(len(self._get_tasks(self.second_agent)), 1)

    def test_who_gets_him_back_himself_is_not_told_twice(self):
        self._close_all()
        self.prop.agent_id = self.second_agent
        self.assertEqual(self._ask_again().user_id, self.second_agent)
        self.assertFalse(self._get_tasks(self.second_agent))

    def test_an_enquiry_entered_by_hand_tells_him_as_well(self):
        self._close_all()
        self._create_seeker_lead(self.prop, self.client, user_id=self.agent.id)
        self.assertEqual(len(self._get_tasks(self.second_agent)), 1)

    def test_who_left_the_agency_is_not_told(self):
        self._close_all()
        self.second_agent.active = False
        self._ask_again()
        self.assertFalse(self._get_tasks(self.second_agent))

    def test_while_the_old_enquiry_is_open_nobody_is_a_former_agent(self):
        self._ask_again()
        self.assertFalse(self._get_tasks(self.second_agent))
