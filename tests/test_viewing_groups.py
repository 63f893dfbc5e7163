"""A viewing for many: places, who gets one, who sees whom."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Datetime
from odoo.sql_db import db_connect
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import SQL

from odoo.addons.mail.tests.common import MailCase

from ..models.journal import estate_viewing_place
from .common import EstateCase


@tagged("post_install", "-at_install", "crm_real_estate")
class TestGroupViewing(MailCase, EstateCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prop = cls._create_property(state="on_market", agent_id=cls.agent.id)
        cls.leads = cls._create_seeker_leads(cls.prop, 4)
        cls.group = (
            cls.env["estate.viewing.group"]
            .with_user(cls.agent)
            .create(
                {
                    "property_id": cls.prop.id,
                    "start": Datetime.now() + timedelta(days=3),
                    "places": 2,
                }
            )
        )

    def _book(self, lead):
        url = self.group._get_booking_url(lead)
        path = url[url.index("/real_estate") :]
        self.assertEqual(self.url_open(path).status_code, 200)
        page = self.url_open(path, data={"go": "1"}).text
        self.env.invalidate_all()
        return page

    def test_seekers_book_by_their_links_until_all_places_are_taken(self):
        """M118: as many as there are places, each once, without login."""
        with self.mock_mail_gateway():
            self.group.action_invite()
        mails = self._new_mails.filtered(lambda m: m.state == "outgoing")
        self.assertEqual(mails.recipient_ids, self.leads.partner_id)
        mine = mails.filtered(lambda m: m.recipient_ids == self.leads[0].partner_id)
        path = self.group._get_booking_url(self.leads[0]).rpartition("/")[2]
        self.assertIn(path, mine.body_html)
        for lead in self.leads[:2]:
            self.assertIn("You have a place", self._book(lead))
        self.assertIn("You have a place", self._book(self.leads[0]))
        self.assertIn("All places are taken", self._book(self.leads[2]))
        self.assertEqual(self.group.viewing_ids.lead_id, self.leads[:2])
        self.assertEqual((self.group.booked_count, self.group.free_count), (2, 0))
        seen = self.group.with_user(self.operator).read()[0]
        self.assertEqual((seen["booked_count"], "place_ids" in seen), (2, False))
        # Who cancels frees his place.
        viewing = self.group.viewing_ids.filtered(lambda v: v.lead_id == self.leads[0])
        viewing.with_user(self.agent).action_cancelled_by_seeker()
        self.assertIn("You have a place", self._book(self.leads[2]))

    def test_the_appointment_holds_no_seeker(self):
        """M118: who comes stands in no colleague's and no seeker's calendar."""
        self._book(self.leads[0])
        event = self.group.calendar_event_id
        self.assertEqual(event.partner_ids, self.agent.partner_id)
        self.assertFalse(self.group.viewing_ids.calendar_event_id)

    def test_who_opted_out_is_named_and_not_invited(self):
        self.leads[0].partner_id.automatic_messages_allowed = False
        with self.mock_mail_gateway():
            action = self.group.action_invite()
        self.assertIn("Seeker 0", action["params"]["message"])
        self.assertNotIn(self.leads[0].partner_id, self._new_mails.recipient_ids)
        with self.mock_mail_gateway():
            self.group.action_invite()
        self.assertFalse(self._new_mails)

    def test_a_place_by_hand_is_a_place(self):
        action = self.group.action_add_seeker()
        viewings = self.env["estate.viewing"].with_user(self.agent)
        viewings = viewings.with_context(**action["context"])
        with self.enter_registry_test_mode():
            for lead in self.leads[:2]:
                viewings.create({"lead_id": lead.id})
            with self.assertRaises(UserError):
                viewings.create({"lead_id": self.leads[2].id})

    def test_calling_off_cancels_the_viewings(self):
        self._book(self.leads[0])
        with self.mock_mail_gateway():
            self.group.action_cancel()
        self.assertEqual(self.group.viewing_ids.state, "cancelled")
        self.assertFalse(self.group.calendar_event_id.active)
        self.assertIn("does not take place", self._book(self.leads[1]))

    def test_moved_to_another_time_it_lasts_as_long_for_all(self):
        self._book(self.leads[0])
        length = timedelta(minutes=50)
        self.group.stop = self.group.start + length
        for days in (1, 9):
            start = Datetime.now() + timedelta(days=days)
            with Form(self.group) as form:
                form.start = start
            for one in (self.group, self.group.viewing_ids):
                self.assertEqual((one.start, one.stop - one.start), (start, length))

    def test_another_agent_shows_it_to_those_who_have_a_place(self):
        """Whatever seekers the one sees who gives it away."""
        for lead in self.leads[:2]:
            self._book(lead)
        gone = self.group.viewing_ids.filtered(lambda v: v.lead_id == self.leads[1])
        gone.action_cancelled_by_seeker()
        self.group.with_user(self.agent).agent_id = self.second_agent
        self.assertEqual((self.group.viewing_ids - gone).agent_id, self.second_agent)
        self.assertEqual(gone.agent_id, self.agent)
        # The agent of the property still moves it, for all.
        start = self.group.start + timedelta(days=1)
        self.group.with_user(self.agent).start = start
        self.assertEqual((self.group.viewing_ids - gone).start, start)

    def test_a_viewing_called_off_before_frees_no_place_again(self):
        self._book(self.leads[0])
        first = self.group.viewing_ids
        first.with_user(self.agent).action_cancelled_by_seeker()
        self.assertEqual(self.group.booked_count, 0)
        self._book(self.leads[0])
        first.write({"state": "cancelled", "cancelled_by": "agency"})
        self.assertEqual(self.group.booked_count, 1)
        first.sudo().unlink()
        self.assertEqual(self.group.booked_count, 1)
        self.group.sudo().viewing_ids.unlink()
        self.env.invalidate_all()
        self.assertEqual(self.group.booked_count, 0)

    def test_enquiries_that_are_merged_keep_one_place(self):
        twins = self.leads[:3]
        self._book(twins[0])
        self._book(twins[1])
        other = self.group.copy()
        place = {"group_id": other.id, "lead_id": twins[2].id}
        place["company_id"] = other.company_id.id
        self.env["estate.viewing.place"].create(place)
        viewing = self.group.viewing_ids[0]
        wizard = self.env["crm.merge.opportunity"].with_context(active_ids=twins.ids)
        with self.mock_mail_gateway():
            result = wizard.create({"user_id": self.agent.id}).action_merge()
        self.assertFalse(self._new_mails)
        self.env.invalidate_all()
        for group in (self.group, other):
            holders = group.sudo().place_ids.lead_id
            self.assertEqual(holders.ids, [result["res_id"]])
        states = sorted(self.group.viewing_ids.mapped("state"))
        self.assertEqual(states, ["cancelled", "planned"])
        self.assertEqual(viewing.lead_id.id, result["res_id"])
        self.assertEqual(self.group.booked_count, 1)

    def test_a_place_is_given_back_when_the_rest_fails(self):
        """The place is taken in a transaction of its own: a rollback gives it back."""
        given_back = self.env.cr.postrollback
        given_back.clear()
        with self.enter_registry_test_mode():
            self.assertTrue(self.group._take_place(self.leads[0]))
            given_back.run()
            self.assertEqual(self.group.booked_count, 0)
            # Pressed twice: the other press brought the viewing.
            self.assertTrue(self.group._book(self.leads[0]))
            self.env.flush_all()
            given_back.run()
            self.env.invalidate_all()
            self.assertEqual(self.group.booked_count, 1)

    def test_nobody_waits_for_ever_for_his_place(self):
        places = self.env["estate.viewing.place"]
        key = (self.group._table, self.group.id)
        # Another connection, as another worker has it.
        with db_connect(self.env.cr.dbname).cursor() as rival:
            rival.execute(SQL("SELECT pg_advisory_lock(hashtext(%s), %s)", *key))
            with (
                self.enter_registry_test_mode(),
                patch.object(estate_viewing_place, "PATIENCE", 50),
                self.assertRaisesRegex(UserError, "Try again"),
            ):
                places._take(self.group, self.leads[0])
            rival.execute(SQL("SELECT pg_advisory_unlock(hashtext(%s), %s)", *key))
        with self.enter_registry_test_mode():
            self.assertTrue(places._take(self.group, self.leads[0]))

    def test_all_came_with_one_click(self):
        self._book(self.leads[0])
        with self.mock_mail_gateway():
            self.group.action_all_came()
        self.assertEqual(self.leads[0].phase_number, 5)
