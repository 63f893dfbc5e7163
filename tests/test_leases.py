"""Who does nothing with a lead loses it to the next one; at night the clock stands."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from ..models import inner
from .common import NOW, EstateCase

# A Wednesday, 17:45 in Prague: the office closes in a quarter of an hour.
EVENING = datetime(2026, 3, 4, 16, 45)


class LeaseCase(EstateCase):
    """Owner leads go to two operators by turns, each for 30 business minutes."""

    def setUp(self):
        super().setUp()
        self._set_time(NOW)
        self.rules["first_call"].lease_minutes = 30
        self.cron = self.env.ref("crm_real_estate.ir_cron_take_back")

    def _set_time(self, moment):
        self.startPatcher(freeze_time(moment))

    def _run(self, moment=None):
        """Let the job run at a moment."""
        if moment:
            self._set_time(moment)
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def _after(self, minutes):
        return NOW + timedelta(minutes=minutes)

    def _other(self, user):
        return (self.operator | self.second_operator) - user

    def _last_decision(self, lead):
        return lead.decision_ids.sorted("id")[-1:]


class TestTakingBack(LeaseCase):
    def test_after_31_minutes_the_next_one_gets_it_and_the_decision_says_why(self):
        """M115: nothing done for 31 business minutes, next candidate."""
        lead = self._create_owner_lead()
        first = lead.user_id
        self.assertTrue(first)
        self._run(self._after(31))
        self.assertEqual(lead.user_id, self._other(first))
        decision = self._last_decision(lead)
        self.assertEqual(decision.user_id, lead.user_id)
        self.assertEqual(decision.reasons["left_out"][str(first.id)], "lease_over")
        self.assertIn("taken back", decision.explanation)

    def test_within_30_minutes_nothing_happens(self):
        lead = self._create_owner_lead()
        first = lead.user_id
        self._run(self._after(30))
        self.assertEqual(lead.user_id, first)
        self.assertEqual(len(lead.decision_ids), 1)

    def test_a_second_run_does_nothing(self):
        lead = self._create_owner_lead()
        self._run(self._after(31))
        decisions = lead.decision_ids
        self._run()
        self.assertEqual(lead.decision_ids, decisions)

    def test_it_never_goes_to_the_same_person_twice_running(self):
        """M115: by turns, however often nobody works on it."""
        lead = self._create_owner_lead()
        holders = [lead.user_id]
        for number in range(1, 4):
            self._run(self._after(31 * number))
            holders.append(lead.user_id)
        for before, after in zip(holders, holders[1:], strict=False):
            self.assertTrue(after)
            self.assertNotEqual(before, after)

    def test_the_only_one_there_loses_it_to_the_pool(self):
        """M115: not even where there is nobody else."""
        self.env["crm.team.member"].search(
            [("user_id", "=", self.second_operator.id)]
        ).assignment_optout = True
        lead = self._create_owner_lead()
        self.assertEqual(lead.user_id, self.operator)
        self._run(self._after(31))
        self.assertFalse(lead.user_id)
        self.assertTrue(lead.announcement_id)

    def test_outside_business_hours_the_clock_stands(self):
        """M115: given 15 minutes before closing, it is due 15 after opening."""
        self._set_time(EVENING)
        lead = self._create_owner_lead()
        first = lead.user_id
        morning = datetime(2026, 3, 5, 8, 0)
        self.assertEqual(lead.lease_until, morning + timedelta(minutes=15))
        self._run(morning + timedelta(minutes=14))
        self.assertEqual(lead.user_id, first)
        self._run(morning + timedelta(minutes=16))
        self.assertEqual(lead.user_id, self._other(first))

    def test_a_holiday_of_the_office_does_not_count(self):
        """M115: business minutes are those of the office's calendar."""
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": datetime(2026, 3, 4, 17, 0),
                "date_to": datetime(2026, 3, 5, 22, 59),
            }
        )
        self._set_time(EVENING)
        lead = self._create_owner_lead()
        self.assertEqual(lead.lease_until, datetime(2026, 3, 6, 8, 15))

    def test_business_minutes_are_those_that_odoo_itself_counts(self):
        """M115: in the evening, at night, at the week-end, for minutes and for days."""
        for moment in (
            EVENING,
            datetime(2026, 3, 6, 2, 7),
            datetime(2026, 3, 7, 12, 0),
        ):
            for minutes in (0, 15, 20, 481, 3000):
                with self.subTest(moment=moment, minutes=minutes):
                    self.assertEqual(
                        self.call_centre._add_business_minutes(moment, minutes),
                        self.calendar.plan_hours(
                            minutes / 60, moment, compute_leaves=True
                        ),
                    )

    def test_each_rule_has_its_own_lease(self):
        self.rules["first_call"].lease_minutes = 120
        lead = self._create_owner_lead()
        self.assertEqual(lead.lease_until, self._after(120))

    def test_the_former_person_is_told_and_his_task_goes_on(self):
        lead = self._create_owner_lead()
        first = lead.user_id
        self._run(self._after(31))
        self.assertEqual(lead.activity_ids.user_id, lead.user_id)
        notified = self.env["mail.notification"].search(
            [("res_partner_id", "=", first.partner_id.id)]
        )
        told = notified.mail_message_id.filtered(
            lambda message: "Taken back" in (message.subject or "")
        )
        self.assertEqual(len(told), 1)
        self.assertIn(lead.user_id.name, told.body)
        notes = lead.message_ids.filtered(lambda m: first.name in (m.body or ""))
        self.assertTrue(notes)

    def test_a_lead_of_the_propertys_own_agent_stays_with_him(self):
        prop = self._create_property(state="on_market", agent_id=self.agent.id)
        lead = self._create_seeker_lead(prop, user_id=False, received_at=NOW)
        self.assertEqual(lead.user_id, self.agent)
        self.assertFalse(lead.lease_until)

    def test_an_agent_who_does_nothing_is_no_longer_the_agent_of_the_property(self):
        lead = self._create_owner_lead()
        lead.with_user(lead.user_id).action_call_outcome("agreed")
        first = lead.user_id
        self.assertIn(first, self.agent | self.second_agent)
        self._run(self._after(31))
        self.assertEqual(lead.user_id, (self.agent | self.second_agent) - first)
        self.assertEqual(lead.property_id.agent_id, lead.user_id)

    def test_a_lead_that_has_ended_is_left_alone(self):
        lead = self._create_owner_lead()
        inner.say(lead, automatic=True).action_set_lost()
        self._run(self._after(31))
        self.assertEqual(len(lead.decision_ids), 1)


class TestWorking(LeaseCase):
    """What counts as work, and what does not."""

    def _is_kept(self, lead, first):
        self._run(self._after(31))
        return lead.user_id == first

    def test_a_call_attempt_counts(self):
        """M115: an attempt is work, also when nobody answers."""
        lead = self._create_owner_lead()
        first = lead.user_id
        lead.with_user(first).action_call_outcome("no_answer")
        self.assertFalse(lead.lease_until)
        self.assertTrue(self._is_kept(lead, first))

    def test_an_action_that_was_logged_counts(self):
        lead = self._create_owner_lead()
        first = lead.user_id
        self._log(lead, "letter", user=first)
        self.assertTrue(self._is_kept(lead, first))

    def test_what_the_system_does_does_not_count(self):
        """M115: only human interaction keeps a lead."""
        lead = self._create_owner_lead()
        first = lead.user_id
        self.env["estate.interaction"]._write_journal(
            [
                {
                    "type": "letter",
                    "lead_id": lead.id,
                    "user_id": first.id,
                    "is_automatic": True,
                }
            ]
        )
        self.assertFalse(self._is_kept(lead, first))

    def test_a_mail_of_the_customer_does_not_count(self):
        lead = self._create_owner_lead()
        first = lead.user_id
        lead.message_post(
            author_id=lead.partner_id.id,
            body="Please call me",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertIn("mail_received", lead.interaction_ids.mapped("type_code"))
        self.assertFalse(self._is_kept(lead, first))

    def test_a_lead_that_a_manager_gives_away_is_no_longer_leased(self):
        lead = self._create_owner_lead()
        lead.with_user(self.manager).user_id = self._other(lead.user_id)
        second = lead.user_id
        self.assertFalse(lead.lease_until)
        self.assertTrue(self._is_kept(lead, second))


class TestTheJob(LeaseCase):
    def test_switched_off_it_takes_nothing_back(self):
        """M141: archive the shipped job, it stops."""
        self.cron.active = False
        lead = self._create_owner_lead()
        first = lead.user_id
        self._set_time(self._after(31))
        due = self.env["ir.cron"].search([("id", "=", self.cron.id)])
        self.assertFalse(due)
        self.assertEqual(lead.user_id, first)

    def test_with_another_filter_it_follows_that(self):
        """M141: change the filter of the shipped job, it follows."""
        self.cron.ir_actions_server_id.estate_lead_domain = (
            "[('deal_type', '=', 'rent')]"
        )
        sold = self._create_owner_lead()
        rented = self._create_owner_lead(self._create_property(deal_type="rent"))
        before = sold.user_id, rented.user_id
        self._run(self._after(31))
        self.assertEqual(sold.user_id, before[0])
        self.assertNotEqual(rented.user_id, before[1])

    def test_a_lead_that_fails_does_not_stop_the_others(self):
        leads = self._create_owner_lead() | self._create_owner_lead()
        users = {lead: lead.user_id for lead in leads}
        model = type(self.env["crm.lead"])
        leave = model._leave_properties

        def fail(records):
            if leads[0] in records:
                raise ValueError("Broken")
            leave(records)

        with (
            patch.object(model, "_leave_properties", fail),
            patch.object(self.env.cr, "commit", lambda: None),
            patch.object(self.env.cr, "rollback", self._undo),
            mute_logger("odoo.addons.crm_real_estate.models.dispatch.crm_lead_lease"),
        ):
            self._set_time(self._after(31))
            self.cron.ir_actions_server_id.run()
        self.assertEqual(leads[0].user_id, users[leads[0]])
        self.assertNotEqual(leads[1].user_id, users[leads[1]])

    def _undo(self):
        # Nothing was written before the failure that the test provokes.
        self.env.invalidate_all()

    def test_the_job_looks_at_what_is_due_by_its_index(self):
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'crm_lead'"
            " AND indexdef LIKE '%(lease_until)%'"
        )
        self.assertTrue(self.env.cr.fetchone())


class TestRulesOfAnAdmin(LeaseCase):
    """M142: rules with the types Announce and Take back, without code."""

    def _create_automation(self, model, state, **values):
        admin = self.env.ref("base.user_admin")
        return (
            self.env["base.automation"]
            .with_user(admin)
            .create(
                {
                    "name": "Rule of an admin",
                    "model_id": self.env["ir.model"]._get(model).id,
                    "action_server_ids": [
                        Command.create(
                            {
                                "name": "Own",
                                "model_id": self.env["ir.model"]._get(model).id,
                                "state": state,
                                "usage": "base_automation",
                            }
                        )
                    ],
                    **values,
                }
            )
        )

    def test_announce_fires_for_a_lead_set_free_by_hand(self):
        """M142: announce."""
        self._create_automation(
            "crm.lead",
            "estate_announce",
            trigger="on_create_or_write",
            trigger_field_ids=[
                Command.set(self.env["ir.model.fields"]._get("crm.lead", "user_id").ids)
            ],
            filter_domain="[('lead_role', '=', 'owner'), ('user_id', '=', False)]",
        )
        lead = self._create_owner_lead()
        old = lead.announcement_id
        lead.with_user(self.manager).user_id = False
        self.assertTrue(lead.announcement_id)
        self.assertNotEqual(lead.announcement_id, old)

    def test_take_back_fires_for_a_lead_with_a_tag(self):
        """M142: take back."""
        tag = self.env["crm.tag"].create({"name": "Take it"})
        self._create_automation(
            "crm.lead",
            "estate_take_back",
            trigger="on_create_or_write",
            trigger_field_ids=[
                Command.set(self.env["ir.model.fields"]._get("crm.lead", "tag_ids").ids)
            ],
            filter_domain=f"[('tag_ids', 'in', [{tag.id}])]",
        )
        lead = self._create_owner_lead()
        first = lead.user_id
        lead.with_user(self.manager).tag_ids = tag
        self.assertEqual(lead.user_id, self._other(first))
