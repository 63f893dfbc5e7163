from datetime import timedelta

from odoo.tests import Form, freeze_time, tagged

from .common import NOW, EstateCase


@freeze_time(NOW)
@tagged("my_day")
class TestMyDayTasks(EstateCase):
    """Each user sees his own tasks and objectives in the window he chose."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prop = cls._create_property(agent_id=cls.agent.id)
        cls.lead = cls._create_seeker_lead(cls.prop)
        # What the shipped rules plan by themselves is not counted here.
        (cls.prop.activity_ids | cls.lead.activity_ids).unlink()

    def _plan(self, record, days, user=None):
        return record.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=NOW.date() + timedelta(days=days),
            summary=f"In {days} days",
            user_id=(user or self.agent).id,
        )

    def _box(self, code="tasks", user=None):
        screen = self.env["estate.my.day"].with_user(user or self.agent).get_screen()
        return {box["code"]: box for box in screen["boxes"]}.get(code)

    def _choose(self, code="tasks", user=None, **values):
        """Set a box up by the form that its menu opens."""
        user = user or self.agent
        action = self.env["estate.my.day"].with_user(user).set_up_box(code)
        box = self.env[action["res_model"]].with_user(user).browse(action["res_id"])
        with Form(box) as form:
            for name, value in values.items():
                setattr(form, name, value)

    def _open(self, box, user=None):
        action = box["action"]
        model = self.env[action["res_model"]].with_user(user or self.agent)
        return model.search(action["domain"])

    def test_tasks_of_today_on_my_properties_are_counted_and_opened(self):
        """M15, M13: 3 are due today on his properties: the box says 3, opens these."""
        due = [self._plan(self.prop, 0) for _number in range(3)]
        self._plan(self.prop, 1)
        self._plan(self.prop, 0, user=self.second_agent)
        self._plan(self.lead, 0)
        self._choose(about="property")
        box = self._box()
        self.assertEqual(box["count"], 3)
        self.assertEqual(set(self._open(box).ids), {task.id for task in due})

    def test_tasks_of_this_week_on_my_enquiries_are_counted_and_opened(self):
        """M16: the same for the list of prospects, and for the week."""
        # NOW is a Wednesday: Sunday is four days later.
        due = [self._plan(self.lead, days) for days in (-1, 0, 4)]
        self._plan(self.lead, 5)
        self._plan(self.prop, 0)
        self._choose(about="lead", window="week")
        box = self._box()
        self.assertEqual(box["count"], 3)
        self.assertEqual(set(self._open(box).ids), {task.id for task in due})
        self.assertTrue(box["rows"][0]["is_overdue"])

    def test_each_user_has_his_own_window(self):
        """M14: one chose today, the other the week: both see their own."""
        for user in (self.agent, self.second_agent):
            self._plan(self.prop, 0, user)
            self._plan(self.prop, 2, user)
        self._choose(user=self.second_agent, window="week")
        self.assertEqual(self._box()["count"], 1)
        self.assertEqual(self._box(user=self.second_agent)["count"], 2)

    def test_a_task_of_odoos_own_opportunity_is_not_mine_here(self):
        own = self.env["crm.lead"].create(
            {"name": "Own", "type": "opportunity", "user_id": self.agent.id}
        )
        self._plan(own, 0)
        self.assertEqual(self._box()["count"], 0)

    def test_seven_of_ten_calls_of_the_week_are_seventy_percent(self):
        """M10, M13: objective 10 calls a week, 7 noted: the box shows 7 of 10, 70 %."""
        self.env["estate.objective"].create(
            {
                "metric": "calls",
                "period": "week",
                "minimum": 10,
                "user_id": self.operator.id,
            }
        )
        self._choose("objectives", user=self.operator, window="week")
        for _number in range(7):
            lead = self._create_owner_lead()
            lead.user_id = self.operator
            lead.with_user(self.operator).action_call_outcome("no_answer")
        (row,) = self._box("objectives", self.operator)["rows"]
        self.assertEqual((row["figure"], row["minimum"], row["percent"]), (7, 10, 70))
        self.assertFalse(row["is_reached"])

    def test_a_task_done_elsewhere_is_gone_when_the_screen_loads_again(self):
        """M12: an activity completed in another tab has moved the count by itself."""
        task = self._plan(self.prop, 0)
        self.assertEqual(self._box()["count"], 1)
        task.with_user(self.agent).action_feedback("Done in another tab")
        self.assertEqual(self._box()["count"], 0)
