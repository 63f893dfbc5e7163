"""A viewing for many: places, who gets one, who sees whom."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Datetime
from odoo.tests import HttpCase, tagged

from odoo.addons.mail.tests.common import MailCase

from .common import EstateCase


@tagged("post_install", "-at_install", "crm_real_estate")
class TestGroupViewing(MailCase, EstateCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prop = cls._create_property(state="on_market", agent_id=cls.agent.id)
        cls.leads = cls.env["crm.lead"].union(
            *(
                cls._create_seeker_lead(
                    cls.prop,
                    cls._create_contact(f"Seeker {n}", email=f"seeker{n}@example.com"),
                )
                for n in range(4)
            )
        )
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

    def test_all_came_with_one_click(self):
        self._book(self.leads[0])
        with self.mock_mail_gateway():
            self.group.action_all_came()
        self.assertEqual(self.leads[0].phase_number, 5)
