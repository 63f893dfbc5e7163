from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .common import NOW, EstateCase


@freeze_time(NOW)
@tagged("call_queue")
class TestCallQueue(EstateCase):
    """The operator's desktop shows who is rung next, and only to who may know."""

    def _lead(self, minutes=0, user=None, **values):
        """An owner lead of the operator whose call is planned `minutes` from now."""
        lead = self._create_owner_lead()
        lead.write(
            {
                "user_id": (user or self.operator).id,
                "next_call_at": NOW + timedelta(minutes=minutes),
                **values,
            }
        )
        return lead

    def _queue(self, user=None, **kwargs):
        return (
            self.env["estate.call.queue"]
            .with_user(user or self.operator)
            .get_queue(**kwargs)
        )

    def _ids(self, queue):
        return [card["id"] for card in queue["cards"]]

    def test_due_calls_come_first_in_the_order_of_their_moment(self):
        later = self._lead(60)
        due = self._lead(-5)
        overdue = self._lead(-90)
        queue = self._queue()
        self.assertEqual(self._ids(queue), [overdue.id, due.id, later.id])
        self.assertEqual(
            [card["is_due"] for card in queue["cards"]], [True, True, False]
        )

    def test_calls_of_other_days_are_left_to_those_days(self):
        # 23:30 and 00:30 in Prague, where the operator is.
        today = self._lead(13 * 60 + 30)
        self._lead(14 * 60 + 30)
        self.assertEqual(self._ids(self._queue()), [today.id])

    def test_counts_and_next_moment_tell_the_truth(self):
        self._lead(-5)
        self._lead(0)
        self._lead(60)
        self._lead(48 * 60)
        queue = self._queue()
        self.assertEqual((queue["due_count"], queue["today_count"]), (2, 3))
        self.assertEqual(queue["next_at"], NOW + timedelta(minutes=60))

    def test_pages_follow_one_another_without_gap_or_repetition(self):
        leads = [self._lead(-minute) for minute in (30, 20, 10)]
        first = self._ids(self._queue(limit=2))
        second = self._ids(self._queue(limit=2, offset=2))
        self.assertEqual(first + second, [lead.id for lead in leads])

    def test_a_page_is_never_larger_than_a_hundred_cards(self):
        queue = self.env["estate.call.queue"].with_user(self.operator)
        self._lead()
        for limit in (-1, 0, 10**9):
            self.assertEqual(len(queue.get_queue(limit=limit)["cards"]), 1)

    def test_a_card_shows_property_owner_and_last_calls(self):
        lead = self._lead(-5)
        lead.property_id.intake_problems = "Not a valid phone number: 0800"
        lead.with_user(self.operator).action_call_outcome("busy", "engaged tone")
        lead.next_call_at = NOW
        card = self._queue()["cards"][0]
        self.assertEqual(card["property"]["price"], 5_000_000)
        self.assertEqual(card["property"]["place"], "110 00 Praha")
        self.assertEqual(
            card["property"]["intake_problems"], "Not a valid phone number: 0800"
        )
        self.assertEqual(card["contact"]["name"], "Olga Owner")
        self.assertEqual(card["contact"]["dial"], lead.partner_id.phone_sanitized)
        self.assertTrue(card["contact"]["automatic_messages_allowed"])
        self.assertEqual((card["call_count"], card["last_outcome"]), (1, "Busy"))
        self.assertEqual(card["calls"][0]["note"], "engaged tone")
        self.assertEqual(card["calls"][0]["user"], "Operator")

    def test_a_card_names_what_the_property_still_lacks(self):
        lead = self._lead()
        lead.property_id.living_area = 0
        card = self._queue()["cards"][0]
        self.assertEqual(card["property"]["missing_data"], "Living area (m²)")

    def test_a_card_shows_the_five_latest_calls_only(self):
        lead = self._lead()
        outcome = self.env["estate.call.outcome"]._get("reached")
        calls = self.env["estate.call"].create(
            [
                {
                    "lead_id": lead.id,
                    "outcome_id": outcome.id,
                    "started_at": NOW - timedelta(days=day),
                }
                for day in range(1, 8)
            ]
        )
        lead.next_call_at = NOW
        shown = [call["id"] for call in self._queue()["cards"][0]["calls"]]
        self.assertEqual(shown, calls[:5].ids)

    def test_a_picture_is_named_only_where_there_is_one(self):
        pixel = (
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA"
            "60e6kgAAAABJRU5ErkJggg=="
        )
        with_picture, without = self._lead(-2), self._lead(-1)
        with_picture.property_id.image_1920 = pixel
        self.env.flush_all()
        cards = self._queue()["cards"]
        prop = with_picture.property_id
        self.assertIn(
            f"/estate.property/{prop.id}/image_512", cards[0]["property"]["picture"]
        )
        self.assertFalse(cards[1]["property"]["picture"])
        self.assertEqual(cards[1]["id"], without.id)

    def test_outcomes_are_those_the_admin_left_active_in_his_order(self):
        outcomes = self.env["estate.call.outcome"].search([])
        outcomes.filtered(lambda o: o.code == "busy").active = False
        outcomes.filtered(lambda o: o.code == "agreed").sequence = 1
        codes = [outcome["code"] for outcome in self._queue()["outcomes"]]
        self.assertEqual(
            codes,
            [
                "agreed",
                "no_answer",
                "reached",
                "refused",
                "wrong_number",
                "do_not_call",
            ],
        )

    def test_an_outcome_of_the_company_replaces_the_common_one(self):
        self.env["estate.call.outcome"]._get("busy").copy(
            {"name": "Line busy", "company_id": self.company.id, "sequence": 15}
        )
        names = [outcome["name"] for outcome in self._queue()["outcomes"]]
        self.assertIn("Line busy", names)
        self.assertNotIn("Busy", names)

    # === WHO SEES WHAT ===

    def test_an_operator_sees_only_his_own_calls(self):
        self._lead(user=self.second_operator)
        mine = self._lead()
        self.assertEqual(self._ids(self._queue()), [mine.id])
        self.assertEqual(self._ids(self._queue(scope="all")), [mine.id])

    def test_a_manager_may_look_at_all_calls(self):
        leads = self._lead(-2, user=self.second_operator) + self._lead(-1)
        self.assertEqual(self._ids(self._queue(self.manager, scope="all")), leads.ids)
        self.assertEqual(self._ids(self._queue(self.manager)), [])
        self.assertTrue(self._queue(self.manager)["can_see_all"])
        self.assertFalse(self._queue()["can_see_all"])

    def test_an_agent_opens_his_own_queue(self):
        lead = self._lead(user=self.agent)
        self.assertEqual(self._ids(self._queue(self.agent)), [lead.id])

    def test_somebody_outside_the_app_gets_nothing(self):
        with self.assertRaises(AccessError):
            self._queue(self._create_user("stranger"))

    # === WHAT FOLLOWS ===

    def test_after_a_call_the_plan_is_told(self):
        lead = self._lead()
        lead.with_user(self.operator).action_call_outcome("busy", seen_count=0)
        queue = self.env["estate.call.queue"].with_user(self.operator)
        plan = queue.get_plan(lead.id, 0)
        self.assertEqual(plan["outcome"], "Busy")
        self.assertEqual(plan["next_call_at"], NOW + timedelta(minutes=15))
        self.assertFalse(plan["is_over"])

    def test_without_a_new_call_there_is_no_plan(self):
        lead = self._lead()
        queue = self.env["estate.call.queue"].with_user(self.operator)
        self.assertFalse(queue.get_plan(lead.id, 0))
        lead.with_user(self.operator).action_call_outcome("busy", seen_count=0)
        self.assertFalse(queue.get_plan(lead.id, 1))

    def test_the_plan_names_the_agent_who_takes_over(self):
        lead = self._lead()
        lead.with_user(self.operator).action_call_outcome("agreed", seen_count=0)
        plan = (
            self.env["estate.call.queue"].with_user(self.operator).get_plan(lead.id, 0)
        )
        self.assertIn(plan["user"], (self.agent.name, self.second_agent.name))

    def test_the_plan_of_a_colleagues_call_is_not_told(self):
        lead = self._lead(user=self.second_operator)
        lead.with_user(self.second_operator).action_call_outcome("busy", seen_count=0)
        self.assertFalse(
            self.env["estate.call.queue"].with_user(self.operator).get_plan(lead.id, 0)
        )

    def test_a_call_noted_in_another_tab_is_refused_with_a_sentence(self):
        lead = self._lead().with_user(self.operator)
        lead.action_call_outcome("no_answer", seen_count=0)
        with self.assertRaisesRegex(UserError, "already noted: No answer by Operator"):
            lead.action_call_outcome("busy", seen_count=0)
        self.assertEqual(lead.call_count, 1)

    # === LOAD ===

    def _fill(self, count):
        """Put `count` owner leads with a history into the operator's queue, by SQL."""
        template = self._lead(-1)
        template.with_user(self.operator).action_call_outcome("busy")
        template.next_call_at = NOW - timedelta(minutes=1)
        self.env.flush_all()
        columns = SQL(", ").join(
            SQL.identifier(name)
            for name, field in template._fields.items()
            if field.store and field.column_type and name not in ("id", "next_call_at")
        )
        # Raw SQL: ten thousand leads by the ORM would take minutes.
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_lead (%(columns)s, next_call_at)
                SELECT %(columns)s, next_call_at - n * interval '1 minute'
                  FROM crm_lead, generate_series(1, %(count)s) n
                 WHERE id = %(id)s
                """,
                columns=columns,
                count=count,
                id=template.id,
            )
        )
        self.env.cr.execute("ANALYZE crm_lead")
        self.env.invalidate_all()

    def test_ten_thousand_leads_open_in_at_most_thirty_queries(self):
        """M47: a large volume opens at once, in the order of the calls."""
        self._fill(10_000)
        self._queue()
        self.env.invalidate_all()
        with self.assertQueryCount(30):
            queue = self._queue()
        self.assertEqual(queue["due_count"], 10_001)
        self.assertEqual(len(queue["cards"]), 20)

    def test_the_number_of_queries_does_not_grow_with_the_page(self):
        self._fill(200)
        self._queue()

        def count_queries(limit):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._queue(limit=limit)
            return self.env.cr.sql_log_count - before

        self.assertEqual(count_queries(10), count_queries(80))
