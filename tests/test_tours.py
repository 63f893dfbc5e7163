from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import EstateCase


class TourCase(EstateCase, HttpCase):
    """A browser on the screens of the app; two owners wait to be called."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        # A tour runs at any hour: nothing forbids its calls.
        cls.env["estate.calling.rule"].search([]).active = False
        # People for whom it is noon now: a tour never runs across midnight.
        noon_zone = f"Etc/GMT{cls.now.hour - 12:+d}"
        (cls.operator | cls.agent | cls.manager).tz = noon_zone
        cls.first = cls._create_due_lead("Olga First", minutes=-20)
        cls.second = cls._create_due_lead("Otto Second", minutes=-10)

    @classmethod
    def _create_due_lead(cls, name, minutes, **values):
        prop = cls._create_property(owner_ids=cls._create_contact(name), **values)
        return cls._create_owner_lead(
            prop,
            user_id=cls.operator.id,
            next_call_at=cls.now + timedelta(minutes=minutes),
        )

    def _tour(self, name, user, path):
        self.start_tour(f"/odoo/{path}", name, login=user.login)
        self.env.invalidate_all()


class DailyJobs:
    """What people do every day, at a desk and on a phone alike."""

    # === CALLS ===

    def test_no_answer_is_one_click(self):
        """M27, M29: one click stores the attempt and plans the next call by itself."""
        self._tour("estate_call_no_answer", self.operator, "call-queue")
        call = self.first.call_ids
        self.assertEqual(
            (call.outcome_code, call.user_id), ("no_answer", self.operator)
        )
        self.assertGreaterEqual(self.first.next_call_at, self.now + timedelta(hours=2))
        self.assertEqual(self.second.call_count, 0)

    def test_agreed_asks_for_missing_data_then_hands_over(self):
        """M28, M30: a talk fills in the property card, then an agent takes over."""
        self.first.property_id.living_area = 0
        self._tour("estate_call_agreed", self.operator, "call-queue")
        self.assertEqual(self.first.property_id.living_area, 62)
        self.assertEqual(self.first.call_ids.outcome_code, "agreed")
        self.assertEqual(self.first.call_ids.note, "Wants to sell by summer")
        self.assertIn(self.first.user_id, self.agent | self.second_agent)

    def test_a_card_kept_open_keeps_its_call_in_the_queue(self):
        self.first.property_id.living_area = 0
        self._tour("estate_call_card_kept_open", self.operator, "call-queue")
        self.assertFalse(self.first.call_ids)
        self.assertEqual(self.first.user_id, self.operator)

    def test_a_call_noted_in_another_tab_is_not_counted_twice(self):
        self._tour("estate_call_noted_elsewhere", self.operator, "call-queue")
        self.assertEqual(self.first.call_ids.outcome_code, "no_answer")

    def test_a_card_is_chosen_from_the_list(self):
        self._tour("estate_call_queue_list", self.operator, "call-queue")

    def test_an_empty_queue_tells_the_next_call(self):
        (self.first | self.second).next_call_at = self.now + timedelta(days=1)
        self._tour("estate_call_queue_empty", self.operator, "call-queue")

    # === MY DAY ===

    def test_my_day_of_an_operator_begins_with_calling(self):
        self._tour("estate_my_day_operator", self.operator, "my-day")

    def test_the_number_of_a_box_opens_its_records(self):
        self._tour("estate_my_day_number", self.operator, "my-day")

    def test_my_day_of_an_agent_notes_outcomes_of_viewings(self):
        viewings = {
            name: self._create_viewing(
                self._create_seeker_lead(partner=self._create_contact(name)),
                start=self.now + timedelta(hours=hours),
            )
            for name, hours in (
                ("Sam Seeker", -3),
                ("Nora Noshow", -2),
                ("Vera Visitor", 2),
            )
        }
        self._tour("estate_my_day_agent", self.agent, "my-day")
        self.assertEqual(
            [viewing.state for viewing in viewings.values()],
            ["done", "no_show", "planned"],
        )
        self.assertEqual(viewings["Sam Seeker"].feedback, "They liked the light")

    # === REPORTS ===

    def test_the_call_centre_in_figures_fits_every_screen(self):
        """M41, M42: the funnel and pass or fail of each operator, on one screen."""
        self.env["estate.objective"].create(
            {"metric": "calls", "minimum": 20, "team_id": self.call_centre.id}
        )
        self.first.with_user(self.operator).action_call_outcome("refused")
        self._tour("estate_call_figures", self.manager, "call-centre")

    # === ENQUIRIES ===

    def _enquiry(self):
        prop = self._create_property(state="on_market", agent_id=self.agent.id)
        return self._create_seeker_lead(prop, self._create_contact("Sam Seeker"))

    def test_an_enquiry_is_answered_from_my_day(self):
        lead = self._enquiry()
        self._tour("estate_enquiry_answer", self.agent, "my-day")
        self.assertEqual(lead.phase_number, 3)

    def test_a_viewing_is_planned_from_its_enquiry(self):
        lead = self._enquiry()
        self._tour("estate_plan_viewing", self.agent, "my-day")
        viewing = lead.viewing_ids
        self.assertEqual((viewing.agent_id, viewing.state), (self.agent, "planned"))
        self.assertEqual(viewing.start.date().isoformat(), "2035-12-24")


@tagged("tours")
class TestDesktopTours(DailyJobs, TourCase):
    """The daily jobs at a desk of 1400 x 900."""

    browser_size = "1400x900"

    def test_the_queue_is_worked_off_by_keys(self):
        self._tour("estate_call_keys", self.operator, "call-queue")
        self.assertFalse(self.first.call_ids)
        self.assertEqual(self.second.call_ids.outcome_code, "busy")
        self.assertEqual(self.second.call_ids.note, "Rings back at 2")


@tagged("tours")
class TestPhoneTours(DailyJobs, TourCase):
    """The daily jobs by touch at 390 x 844."""

    browser_size = "390x844"
    touch_enabled = True


@tagged("tours")
class TestComponents(HttpCase):
    """The components of the screens by themselves, without a server."""

    def test_components_pass_their_unit_tests(self):
        # Hoot addresses a suite by the hash of its name.
        number = 0
        for char in "@crm_real_estate":
            number = (number * 31 + ord(char)) & 0xFFFFFFFF
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={number:08x}",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
