"""Each phase has its next task: set by itself, one at a time, for the right person."""

from ast import literal_eval
from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..models import inner
from .common import NOW, EstateCase


@freeze_time(NOW)
@tagged("next_tasks")
class NextTaskCase(EstateCase):
    def _task(self, lead):
        """Return the one open task of a lead."""
        self.assertEqual(len(lead.activity_ids), 1, lead.activity_ids.mapped("summary"))
        return lead.activity_ids

    def _drag(self, lead, number, user=None):
        """Move a lead by hand, as on the board."""
        lead.with_user(user or lead.user_id).write(
            {"stage_id": self._phase(lead.pipeline, number).id}
        )

    def _list_without_task(self):
        """Return what the menu "Without next task" shows to a manager."""
        action = self.env.ref("crm_real_estate.crm_lead_action_without_task")
        leads = self.env["crm.lead"].with_user(self.manager)
        return leads.search(literal_eval(action.domain))


class EnteringAPhase(NextTaskCase):
    def test_from_intake_to_mandate_and_from_enquiry_to_contract_each_phase_has_one(
        self,
    ):
        """M46: one object walked through all phases, by hand and by the machine."""
        owner = self._create_owner_lead()
        self._task(owner)
        owner.with_user(owner.user_id).action_call_outcome("no_answer")
        self._task(owner)
        owner.with_user(owner.user_id).action_call_outcome("agreed")
        self.assertEqual(self._task(owner).user_id, owner.user_id)
        for number in (5, 6):
            self._drag(owner, number)
            self._task(owner)
        self._drag(owner, 7)
        self.assertFalse(owner.activity_ids)
        owner.property_id.state = "on_market"
        seeker = self._create_seeker_lead(owner.property_id)
        for number in range(2, 13):
            self._drag(seeker, number)
            self.assertEqual(self._task(seeker).user_id, seeker.user_id)
            self.assertFalse(self._list_without_task())
        self._drag(seeker, 13)
        self.assertFalse(seeker.activity_ids)
        self.assertFalse(self._list_without_task())

    def test_every_open_phase_but_the_waiting_ones_has_a_task_as_data(self):
        """M46: no open phase without a next task."""
        open_phases = self.env["crm.stage"].search(
            [
                ("pipeline", "!=", False),
                ("is_won", "=", False),
                ("is_cancellation", "=", False),
            ]
        )
        without = open_phases.filtered(lambda phase: not phase.next_task_type_id)
        self.assertEqual(without, self._phase("sale", 1) | self._phase("rent", 1))

    def test_the_task_is_due_within_the_business_hours_of_the_phase(self):
        """M46: 16 business hours from Wednesday 10:00 are Friday."""
        lead = self._create_seeker_lead()
        self._drag(lead, 4)
        self.assertEqual(str(self._task(lead).date_deadline), "2026-03-06")

    def test_another_deadline_of_the_phase_is_followed(self):
        self._phase("sale", 4).next_task_hours = 2
        lead = self._create_seeker_lead()
        self._drag(lead, 4)
        self.assertEqual(str(self._task(lead).date_deadline), "2026-03-04")

    def test_a_phase_without_a_task_sets_none_and_the_list_tells(self):
        """M46: the capability switched off, and who sees it."""
        self._phase("sale", 4).next_task_type_id = False
        lead = self._create_seeker_lead()
        self._drag(lead, 4)
        self.assertFalse(lead.activity_ids)
        self.assertEqual(self._list_without_task(), lead)

    def test_a_task_that_was_done_leaves_the_lead_on_the_list(self):
        lead = self._create_seeker_lead()
        self._drag(lead, 7)
        self._task(lead).with_user(self.agent).action_feedback()
        self.assertEqual(self._list_without_task(), lead)
        self.assertTrue(lead.is_without_task)

    def test_the_answer_that_is_done_brings_the_next_phase_and_its_task(self):
        lead = self._create_seeker_lead()
        self._task(lead).with_user(self.agent).action_feedback()
        self.assertEqual(self._task(lead).estate_stage_id, self._phase("sale", 3))

    def test_the_old_task_counts_as_done(self):
        lead = self._create_seeker_lead()
        old = self._task(lead)
        self._drag(lead, 3)
        self.assertFalse(old.active)
        self.assertNotEqual(self._task(lead), old)

    def test_what_a_person_planned_himself_stays(self):
        lead = self._create_seeker_lead()
        own = lead.with_user(self.agent).activity_schedule(
            "mail.mail_activity_data_todo", summary="Bring flowers"
        )
        own.automated = False
        self._drag(lead, 3)
        self.assertIn(own, lead.activity_ids)
        self.assertEqual(len(lead.activity_ids), 2)

    def test_a_cancelled_lead_has_no_task(self):
        lead = self._create_seeker_lead()
        self._drag(lead, 14)
        self.assertFalse(lead.activity_ids)
        lead.with_user(self.agent).action_restore()
        self._task(lead)

    def test_moves_of_the_machine_set_the_task_too(self):
        lead = self._create_seeker_lead()
        self._log(lead, "documentation_sent")
        self.assertEqual(self._task(lead).estate_stage_id, self._phase("sale", 4))

    def test_leads_made_by_a_mailing_stay_quiet(self):
        leads = inner.say(self.env["crm.lead"], matching=True)
        prop = self._create_property(state="on_market")
        lead = leads.create(
            {
                "name": "Match",
                "lead_role": "seeker",
                "property_id": prop.id,
                "user_id": self.agent.id,
                "partner_id": self._create_contact("Sam").id,
            }
        )
        self.assertFalse(lead.activity_ids)
        self.assertFalse(self._list_without_task())

    def test_a_distributed_lead_has_the_task_of_the_step_and_no_second_one(self):
        """M46: the task of the distribution is the next task of its phase."""
        lead = self._create_seeker_lead(user_id=False, received_at=NOW)
        task = self._task(lead)
        self.assertEqual(task.user_id, lead.user_id)
        self.assertEqual(task.estate_stage_id, self._phase("sale", 2))

    def test_many_leads_move_in_one_batch(self):
        prop = self._create_property(state="on_market")
        leads = self.env["crm.lead"].union(
            *(self._create_seeker_lead(prop) for _number in range(12))
        )

        def count(some, number):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.write({"stage_id": self._phase("sale", number).id})
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(leads[:2], 3)
        few, many = count(leads[:2], 4), count(leads[2:], 4)
        # Odoo itself reads and writes some rows one by one.
        self.assertLessEqual(many - few, 8 * 3)

    def test_leads_of_odoo_get_no_task(self):
        own = self.env["crm.lead"].create({"name": "Own", "type": "opportunity"})
        own.stage_id = self.env["crm.stage"].search([("pipeline", "=", False)])[-1]
        self.assertFalse(own.activity_ids)


class WhoGetsTheTask(NextTaskCase):
    def _move_with(self, role, lead=None, **values):
        self._phase("sale", 4).next_task_for = role
        lead = lead or self._create_seeker_lead(**values)
        lead.write({"stage_id": self._phase("sale", 4).id})
        return self._task(lead).user_id

    def test_the_responsible(self):
        self.assertEqual(self._move_with("responsible"), self.agent)

    def test_the_agent_of_the_property(self):
        prop = self._create_property(state="on_market", agent_id=self.second_agent.id)
        lead = self._create_seeker_lead(prop)
        self.assertEqual(self._move_with("property_agent", lead), self.second_agent)

    def test_who_called_last(self):
        lead = self._create_seeker_lead()
        lead.with_user(self.manager).action_call_outcome("reached")
        self.assertEqual(self._move_with("operator", lead), self.manager)

    def test_the_leader_of_the_office(self):
        self.office.user_id = self.director
        self.assertEqual(self._move_with("office_manager"), self.director)

    def test_the_responsible_where_there_is_no_such_person(self):
        self.office.user_id = False
        self.assertEqual(self._move_with("office_manager"), self.agent)

    def test_the_pool_has_no_task_until_somebody_takes_the_lead(self):
        self.rules["enquiry"].active = False
        lead = self._create_seeker_lead(user_id=False, received_at=NOW)
        self.assertFalse(lead.activity_ids)
        lead.with_user(self.manager).user_id = self.manager
        self.assertEqual(self._task(lead).user_id, self.manager)

    def test_the_task_follows_the_responsible(self):
        lead = self._create_seeker_lead()
        task = self._task(lead)
        lead.with_user(self.manager).user_id = self.second_agent
        self.assertEqual(self._task(lead), task)
        self.assertEqual(task.user_id, self.second_agent)


class ThePlannedCallIsTheTask(NextTaskCase):
    def test_a_seeker_who_is_rung_again_has_one_task(self):
        lead = self._create_seeker_lead()
        lead.with_user(self.agent).action_call_outcome("busy")
        self.assertEqual(
            self._task(lead).activity_type_id,
            self.env.ref("mail.mail_activity_data_call"),
        )

    def test_after_the_conversation_the_task_of_the_phase_is_back(self):
        lead = self._create_seeker_lead()
        lead.with_user(self.agent).action_call_outcome("busy")
        lead.with_user(self.agent).action_call_outcome("reached")
        self.assertEqual(self._task(lead).estate_stage_id, lead.stage_id)
        self.assertFalse(lead.next_call_at)

    def test_who_moves_on_by_hand_leaves_the_call_queue(self):
        lead = self._create_owner_lead()
        lead.with_user(lead.user_id).action_call_outcome("busy")
        self._drag(lead, 5, self.manager)
        self.assertFalse(lead.next_call_at)
        self._task(lead)

    def test_a_seeker_given_up_has_the_task_of_his_phase(self):
        lead = self._create_seeker_lead()
        for _time in range(4):
            lead.with_user(self.agent).action_call_outcome("busy")
        self.assertEqual(self._task(lead).estate_stage_id, lead.stage_id)


class TheForm(NextTaskCase):
    def test_a_lead_entered_by_hand_has_its_task_at_once(self):
        """M46: in the transaction that makes the lead."""
        with Form(
            self.env["crm.lead"]
            .with_user(self.agent)
            .with_context(default_lead_role="seeker", default_type="opportunity"),
            view="crm_real_estate.crm_lead_view_form_estate",
        ) as form:
            form.name = "Walk-in"
            form.partner_id = self._create_contact("Wanda Walkin")
            form.property_id = self._create_property(state="on_market")
        task = self._task(form.record)
        self.assertEqual(task.summary, "Answer the enquiry")
        self.assertLessEqual(task.date_deadline, (NOW + timedelta(days=1)).date())

    def test_an_admin_changes_what_a_phase_asks_for(self):
        settings = self._create_user("settings", "group_settings")
        with Form(
            self._phase("sale", 3).with_user(settings),
            view="crm_real_estate.crm_stage_view_form_estate",
        ) as form:
            form.next_task_summary = "Send brochure and floor plan"
            form.next_task_hours = 1
        lead = self._create_seeker_lead()
        self._drag(lead, 3)
        self.assertEqual(self._task(lead).summary, "Send brochure and floor plan")

    def test_a_deadline_before_the_beginning_is_refused(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self._phase("sale", 3).next_task_hours = -1
            self.env.flush_all()
