"""The call centre in figures: the funnel of its leads, and who reached his minimum."""

from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time

from .call_figures import FiguresCase
from .common import NOW


@freeze_time(NOW)
class TestFunnel(FiguresCase):
    def _create_ten(self):
        """Ten leads of one day: 2 agreed, 3 spoken to, 1 given up, 4 open."""
        leads = self.env["crm.lead"]
        for _number in range(10):
            leads |= self._create_lead()
        for lead, code in zip(
            leads,
            ("agreed", "agreed", "refused", "wrong_number", "reached"),
            strict=False,
        ):
            self._call(lead, code)
        for _attempt in range(4):
            self._call(leads[5], "no_answer")
        for lead, code in zip(leads[6:], ("no_answer", "busy"), strict=False):
            self._call(lead, code)
        self.assertTrue(leads[5].stage_id.is_cancellation, "it was given up")
        return leads

    def test_ten_in_six_processed_two_agreed_are_sixty_and_thirty_three_percent(self):
        """M41: 10 in, 6 processed, 2 agreed: 10/6/2 and 60 % / 33 % for the period."""
        self._create_ten()
        for period in ("today", "week", "month"):
            figures = self._open_figures(period=period, team_id=self.call_centre)
            with self.subTest(period):
                self.assertEqual(
                    (figures.received, figures.called, figures.processed),
                    (10, 8, 6),
                )
                self.assertEqual((figures.positive, figures.mandate), (2, 0))
                self.assertEqual(round(100 * figures.processed_share), 60)
                self.assertEqual(round(100 * figures.positive_share), 33)

    def test_the_pivot_adds_up_and_its_shares_are_those_of_the_whole(self):
        """M41: in the pivot too, by operator and in total."""
        self._create_ten()
        other = self._create_lead(user=self.second_operator)
        self._call(other, "agreed", self.second_operator)
        self.env.flush_all()
        report = self.env["estate.funnel.report"].with_user(self.manager)
        measures = ["received:sum", "processed:sum", "positive:sum"]
        measures += ["processed_share:avg", "positive_share:avg"]
        domain = [("team_id", "=", self.call_centre.id)]
        rows = dict(
            (row[0], row[1:])
            for row in report._read_group(domain, ["operator_id"], measures)
        )
        self.assertEqual(rows[self.operator][:3], (10, 6, 2))
        self.assertEqual(rows[self.second_operator], (1, 1, 1, 1.0, 1.0))
        total = report._read_group(domain, [], measures)[0]
        self.assertEqual(total[:3], (11, 7, 3))
        self.assertAlmostEqual(total[3], 7 / 11)
        self.assertAlmostEqual(total[4], 3 / 7)

    def test_a_lead_counts_in_the_days_in_which_it_was_received(self):
        self._create_lead(received=NOW - timedelta(days=40))
        late = self._create_lead(received=NOW - timedelta(days=1))
        self._call(late, "agreed")
        figures = self._open_figures(period="today", team_id=self.call_centre)
        self.assertEqual(figures.received, 0)
        figures = self._open_figures(period="yesterday", team_id=self.call_centre)
        self.assertEqual((figures.received, figures.positive), (1, 1))

    def test_the_day_begins_at_midnight_of_who_looks(self):
        # 23:30 UTC on the 3rd is half past midnight on the 4th in Prague.
        self._create_lead(received=datetime(2026, 3, 3, 23, 30))
        self._create_lead(received=datetime(2026, 3, 4, 23, 30))
        figures = self._open_figures(period="today", team_id=self.call_centre)
        self.assertEqual(figures.received, 1)

    def test_who_got_the_agreement_keeps_it_when_an_agent_calls_later(self):
        lead = self._create_lead(user=self.second_operator)
        self._call(lead, "no_answer", self.second_operator)
        lead.user_id = self.operator
        self._call(lead, "agreed")
        self.env.flush_all()
        agent = lead.user_id
        self.assertNotEqual(agent, self.operator, "it was handed over")
        lead.with_user(agent).action_call_outcome("reached")
        self.env.flush_all()
        row = self.env["estate.funnel.report"].browse(lead.id)
        self.assertEqual(
            (row.operator_id, row.team_id), (self.operator, self.call_centre)
        )

    def test_a_lead_cancelled_without_a_call_is_not_processed(self):
        lead = self._create_lead()
        lead.action_set_lost()
        self.env.flush_all()
        row = self.env["estate.funnel.report"].browse(lead.id)
        self.assertEqual((row.called, row.processed), (0, 0))

    def test_a_mandate_counts_when_its_phase_is_reached(self):
        lead = self._create_lead()
        lead.stage_id = self._phase("acquisition", 7)
        self.env.flush_all()
        row = self.env["estate.funnel.report"].browse(lead.id)
        self.assertEqual((row.mandate, row.mandate_at), (1, lead.date_closed))

    def test_a_number_opens_the_leads_it_counts(self):
        leads = self._create_ten()
        figures = self._open_figures(period="today", team_id=self.call_centre)
        action = figures.with_context(estate_step="positive").action_open_funnel()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(rows.lead_id, leads[:2])
        opened = rows[0].with_user(self.manager).action_open_lead()
        self.assertEqual(
            (opened["res_model"], opened["res_id"]), ("crm.lead", rows[0].lead_id.id)
        )

    def test_everybody_sees_his_own_leads_and_a_manager_all(self):
        mine = self._create_lead()
        other = self._create_lead(user=self.second_operator)
        self.env.flush_all()
        report = self.env["estate.funnel.report"]
        among = [("lead_id", "in", (mine | other).ids)]
        for user, seen in (
            (self.operator, mine),
            (self.agent, mine.browse()),
            (self.manager, mine | other),
        ):
            with self.subTest(user.login):
                found = report.with_user(user).search(among)
                self.assertEqual(set(found.ids), set(seen.ids))
        with self.assertRaises(AccessError):
            report.browse(other.id).with_user(self.operator).action_open_lead()

    def test_an_operator_has_his_own_funnel_on_the_screen(self):
        self._create_lead()
        self._create_lead(user=self.second_operator)
        self.assertEqual(self._open_figures(self.operator).received, 1)
        self.assertEqual(self._open_figures(self.manager).received, 2)

    def test_the_filters_and_groups_of_the_report_work(self):
        self._create_ten()
        report = self.env["estate.funnel.report"].with_user(self.operator)
        for domain in (
            [("team_id.crm_team_member_ids.user_id", "=", self.operator.id)],
            [("received_at", ">=", "today =week_start")],
            [("received_at", ">=", "today =1d")],
        ):
            with self.subTest(domain):
                self.assertEqual(report.search_count(domain), 10)
        for group in ("intake_source_id", "source_id", "type_id", "deal_type"):
            with self.subTest(group):
                self.assertTrue(
                    report.formatted_read_group([], [group], ["received:sum"])
                )
