from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import NOW, EstateCase
from .response import ResponseCase, local, minutes


@freeze_time(NOW)
@tagged("my_day")
class TestMyDay(EstateCase):
    """The first screen of the day tells what waits for its user and opens it."""

    def _boxes(self, user=None):
        boxes = self.env["estate.my.day"].with_user(user or self.agent).get_boxes()
        return {box["code"]: box for box in boxes}

    def _codes_in_order(self, user):
        return [
            box["code"] for box in self.env["estate.my.day"].with_user(user).get_boxes()
        ]

    def _open(self, box, user=None):
        """Return the records that a click on the number of a box opens."""
        action = box["action"]
        return (
            self.env[action["res_model"]]
            .with_user(user or self.agent)
            .search(action["domain"])
        )

    def _due_lead(self, minutes=0, user=None):
        lead = self._create_owner_lead()
        lead.write(
            {
                "user_id": (user or self.operator).id,
                "next_call_at": NOW + timedelta(minutes=minutes),
            }
        )
        return lead

    def test_an_operator_sees_calls_first_an_agent_viewings_first(self):
        self.assertEqual(self._codes_in_order(self.operator)[0], "calls")
        self.assertEqual(self._codes_in_order(self.agent)[0], "viewings")

    def test_a_manager_has_all_boxes(self):
        self.assertEqual(
            set(self._codes_in_order(self.manager)),
            {"calls", "viewings", "tasks", "enquiries"},
        )

    def test_somebody_outside_the_app_gets_nothing(self):
        with self.assertRaises(AccessError):
            self._boxes(self._create_user("stranger"))

    # === CALLS ===

    def test_the_number_of_calls_opens_exactly_the_due_calls(self):
        due = sum(
            (self._due_lead(-minute) for minute in range(1, 8)), self.env["crm.lead"]
        )
        self._due_lead(60)
        self._due_lead(-10, user=self.second_operator)
        box = self._boxes(self.operator)["calls"]
        self.assertEqual(box["count"], 7)
        self.assertEqual(self._open(box, self.operator), due.sorted("next_call_at"))

    def test_the_next_five_calls_are_listed(self):
        leads = [self._due_lead(-minute) for minute in (60, 50, 40, 30, 20, 10)]
        rows = self._boxes(self.operator)["calls"]["rows"]
        self.assertEqual([row["id"] for row in rows], [lead.id for lead in leads[:5]])
        self.assertEqual(rows[0]["contact"], "Olga Owner")
        self.assertEqual(rows[0]["title"], leads[0].property_id.name)
        self.assertEqual(rows[0]["at"], NOW - timedelta(minutes=60))

    def test_without_a_due_call_the_next_moment_is_told(self):
        self._due_lead(90)
        box = self._boxes(self.operator)["calls"]
        self.assertEqual((box["count"], box["rows"]), (0, []))
        self.assertEqual(box["next_at"], NOW + timedelta(minutes=90))

    # === VIEWINGS ===

    def test_my_viewings_of_the_day_stand_in_their_order(self):
        afternoon = self._create_viewing(start=NOW + timedelta(hours=5))
        morning = self._create_viewing(start=NOW - timedelta(hours=1))
        self._create_viewing(start=NOW, agent_id=self.second_agent.id)
        self._create_viewing(start=NOW, state="cancelled", cancelled_by="seeker")
        box = self._boxes()["viewings"]
        self.assertEqual([row["id"] for row in box["rows"]], [morning.id, afternoon.id])
        self.assertEqual([row["is_past"] for row in box["rows"]], [True, False])
        self.assertEqual(self._open(box), morning | afternoon)

    def test_the_day_begins_and_ends_at_midnight_of_the_user(self):
        # The agent lives in Prague: 00:30 on the 4th is 23:30 UTC on the 3rd.
        first = self._create_viewing(start=NOW.replace(day=3, hour=23, minute=30))
        last = self._create_viewing(start=NOW.replace(hour=22, minute=30))
        self._create_viewing(start=NOW.replace(day=3, hour=22, minute=30), state="done")
        self._create_viewing(start=NOW.replace(hour=23, minute=30))
        rows = self._boxes()["viewings"]["rows"]
        self.assertEqual([row["id"] for row in rows], [first.id, last.id])

    def test_a_viewing_with_an_outcome_stays_on_the_list_of_the_day(self):
        viewing = self._create_viewing(start=NOW - timedelta(hours=1))
        viewing.with_user(self.agent).action_no_show()
        row = self._boxes()["viewings"]["rows"][0]
        self.assertEqual((row["state"], row["state_name"]), ("no_show", "No-show"))

    def test_earlier_viewings_without_an_outcome_are_not_forgotten(self):
        forgotten = self._create_viewing(start=NOW - timedelta(days=2))
        self._create_viewing(start=NOW - timedelta(days=2), state="done")
        box = self._boxes()["viewings"]
        self.assertEqual(box["count"], 0)
        self.assertEqual(box["overdue"]["count"], 1)
        self.assertEqual(self._open(box["overdue"]), forgotten)

    # === ENQUIRIES ===

    def test_enquiries_without_an_answer_are_counted_until_they_are_answered(self):
        lead = self._create_seeker_lead()
        self._create_seeker_lead(user_id=self.second_agent.id)
        box = self._boxes()["enquiries"]
        self.assertEqual((box["count"], self._open(box)), (1, lead))
        lead.stage_id = self._phase("sale", 3)
        self.assertEqual(self._boxes()["enquiries"]["count"], 0)

    # === OBJECTIVES ===

    def _ask_for(self, minimum, **values):
        values = {"metric": "calls", "team_id": self.call_centre.id, **values}
        return self.env["estate.objective"].create({"minimum": minimum, **values})

    def test_an_operator_reads_how_many_calls_of_today_are_left(self):
        self._ask_for(2)
        self._ask_for(1, metric="positive_calls")
        lead = self._due_lead()
        lead.with_user(self.operator).action_call_outcome("no_answer")
        box = self._boxes(self.operator)["objectives"]
        self.assertEqual(
            [(row["metric"], row["figure"], row["minimum"]) for row in box["rows"]],
            [("calls", 1, 2), ("positive_calls", 0, 1)],
        )
        self.assertEqual(box["count"], 2)

    def test_whom_nothing_is_asked_of_has_no_box_of_objectives(self):
        self._ask_for(2)
        self.assertNotIn("objectives", self._boxes(self.agent))
        with freeze_time("2026-03-07 09:00:00"):
            self.assertNotIn("objectives", self._boxes(self.operator), "Saturday")

    def test_the_figure_of_an_objective_opens_exactly_what_it_counts(self):
        self._ask_for(5)
        self._ask_for(1, metric="positive_calls")
        for outcome in ("no_answer", "agreed"):
            self._due_lead().with_user(self.operator).action_call_outcome(outcome)
        with freeze_time(NOW - timedelta(days=1)):
            self._due_lead().with_user(self.operator).action_call_outcome("agreed")
        rows = self._boxes(self.operator)["objectives"]["rows"]
        for row, count in zip(rows, (2, 1), strict=True):
            found = self._open(row, self.operator)
            self.assertEqual((row["figure"], len(found)), (count, count))
        self.assertEqual(found.outcome_code, "agreed")

    # === EVERYWHERE ===

    def test_the_badge_of_every_screen_is_what_waits_on_my_day(self):
        self._due_lead(user=self.agent)
        self._create_seeker_lead()
        self._create_viewing(start=NOW)
        day = self.env["estate.my.day"].with_user(self.agent)
        screen = day.get_screen()
        numbers = {box["code"]: box["count"] for box in screen["boxes"]}
        self.assertEqual(screen["waiting"], numbers["calls"] + numbers["enquiries"])
        self.assertGreater(numbers["calls"], 0)
        self.assertEqual(day.get_waiting(), screen["waiting"])
        day.remove_box("calls")
        self.assertEqual(day.get_waiting(), numbers["enquiries"])

    # === LOAD ===

    def test_the_screen_opens_in_at_most_fifteen_queries(self):
        for minute in range(8):
            self._due_lead(-minute, user=self.agent)
            self._create_viewing(start=NOW + timedelta(minutes=10 * minute))
        self.env.invalidate_all()
        self._boxes()
        self.env.invalidate_all()
        with self.assertQueryCount(15):
            boxes = self._boxes()
        self.assertEqual(
            [boxes[code]["count"] for code in ("calls", "viewings")], [8, 8]
        )


@tagged("my_day")
class TestResponseBox(ResponseCase):
    """The box of response times: whose it is, what it counts, what it is set up for."""

    NOW = local("2026-03-04 16:00")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Received and answered in minutes before now; the agent's unless said.
        for received, answered, deal, person in (
            (60, 40, "sale", cls.agent),
            (120, 90, "rent", cls.agent),
            (30, None, "sale", cls.agent),
            # Received the day before, answered this morning.
            (24 * 60, 6 * 60, "sale", cls.agent),
            (24 * 60, None, "sale", cls.agent),
            (50, 45, "sale", cls.second_agent),
        ):
            lead = cls._receive(cls.NOW - minutes(received), deal, user_id=person.id)
            if answered is not None:
                moment = cls.NOW - minutes(answered)
                cls.env["estate.interaction"].with_user(person)._write_journal(
                    [{"type": "letter", "lead_id": lead.id, "occurred_at": moment}]
                )
        cls.env.flush_all()

    def _screen(self, user=None):
        with self._at(self.NOW):
            return self.env["estate.my.day"].with_user(user or self.agent).get_screen()

    def _get_box(self, user=None):
        boxes = {box["code"]: box for box in self._screen(user)["boxes"]}
        return boxes.get("response")

    def _add(self, user=None):
        self.env["estate.my.day"].with_user(user or self.agent).add_box("response")

    def _set_up(self, **values):
        """Choose criteria in the form that the box opens."""
        day = self.env["estate.my.day"].with_user(self.agent)
        action = day.set_up_box("response")
        box = self.env[action["res_model"]].with_user(self.agent)
        with Form(box.browse(action["res_id"])) as form:
            for name, value in values.items():
                setattr(form, name, value)

    def test_received_answered_and_the_mean_are_those_of_a_hand_made_sheet(self):
        """M75: three received in 12 hours, three answered; (20 + 30 + 18 h) / 3."""
        self._add()
        box = self._get_box()
        self.assertEqual((box["count"], box["answered"]), (3, 3))
        # Received 16:00 the day before, in opening hours: 18 hours to 10:00.
        self.assertEqual((20 + 30 + 18 * 60) // 3, 376)
        self.assertEqual(box["mean"], "6 h 17 min")

    def test_the_numbers_open_exactly_what_they_count(self):
        self._add()
        box = self._get_box()
        for name, count in (("action", 3), ("answered_action", 3)):
            action = box[name]
            model = self.env[action["res_model"]].with_user(self.agent)
            self.assertEqual(model.search_count(action["domain"]), count)

    def test_a_user_adds_the_box_and_removes_it_and_nobody_else_notices(self):
        """M76: add, see, remove, gone."""
        self.assertFalse(self._get_box())
        self.assertEqual(
            self._screen()["addable"], [{"code": "response", "title": "Response times"}]
        )
        self._add()
        self.assertTrue(self._get_box()["is_removable"])
        self.assertFalse(self._screen()["addable"])
        self.assertFalse(self._get_box(self.second_agent))
        self._add(self.second_agent)
        self.env["estate.my.day"].with_user(self.agent).remove_box("response")
        self.assertFalse(self._get_box())
        self.assertTrue(self._get_box(self.second_agent))

    def test_each_box_may_be_removed_and_comes_back_where_it_was(self):
        """M14: each user has the boxes he wants."""
        day = self.env["estate.my.day"].with_user(self.agent)
        before = [box["code"] for box in self._screen()["boxes"]]
        for code in before:
            day.remove_box(code)
        self.assertFalse(self._screen()["boxes"])
        addable = {box["code"] for box in self._screen()["addable"]}
        self.assertLessEqual(set(before), addable)
        for code in before:
            day.add_box(code)
        self.assertEqual([box["code"] for box in self._screen()["boxes"]], before)

    def test_with_sale_only_rentals_count_no_longer(self):
        """M77: two received and two answered are left."""
        self._add()
        self._set_up(pipeline="sale")
        box = self._get_box()
        self.assertEqual((box["count"], box["answered"]), (2, 2))
        self.assertIn("Sale", box["criteria"])
        self._set_up(hours=48)
        self.assertEqual(self._get_box()["count"], 4)

    def test_what_was_set_up_is_kept_when_the_box_is_removed(self):
        self._add()
        self._set_up(hours=1)
        self.env["estate.my.day"].with_user(self.agent).remove_box("response")
        self._add()
        self.assertEqual(self._get_box()["hours"], 1)

    def test_nobody_changes_the_boxes_of_somebody_else(self):
        self._add()
        box = self.env["estate.my.day.box"].search([("user_id", "=", self.agent.id)])
        with self.assertRaises(AccessError):
            box.with_user(self.director).is_shown = False

    def test_a_box_that_does_not_exist_is_refused(self):
        with self.assertRaises(UserError):
            self.env["estate.my.day"].with_user(self.agent).add_box("weather")
