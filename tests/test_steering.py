"""The manager's board: who did what in which sector, and what was asked of him."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import NOW, EstateCase


@tagged("steering")
class SteeringCase(EstateCase):
    """Two sectors, an agent for each of them; both work in the office of Prague."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.brno_office = cls._create_team("Office Brno")
        cls.stranger = cls._create_user("stranger", "group_agent", cls.brno_office)
        cls.office.user_id = cls.manager
        cls.north = cls._create_sector("Steering north", "901*")
        cls.south = cls._create_sector("Steering south", "902*")
        cls.part = cls._create_sector("Old town", "90199", parent_id=cls.north.id)
        cls._give(cls.agent, cls.north)
        cls._give(cls.second_agent, cls.south)
        cls.in_north = cls._create_property(zip="90199", agent_id=cls.agent.id)
        cls.in_south = cls._create_property(zip="90211", agent_id=cls.agent.id)
        cls.env.flush_all()

    @classmethod
    def _create_sector(cls, name, codes, **values):
        return cls.env["estate.territory"].create(
            {"name": name, "postal_codes": codes, **values}
        )

    @classmethod
    def _give(cls, user, sector):
        member = user.crm_team_member_ids
        member.territory_ids = [Command.set(sector.ids)]

    def _do(self, user, prop, code="meeting", **values):
        """Note an action in the field, as the person himself."""
        self.env["estate.interaction"].with_user(user)._write_journal(
            [{"type": code, "property_id": prop.id, "occurred_at": NOW, **values}]
        )

    def _view(self, user, prop):
        lead = self._create_seeker_lead(prop, user_id=user.id)
        viewing = self._create_viewing(lead, NOW - timedelta(hours=1), agent_id=user.id)
        viewing.with_user(user).action_done()
        viewing.with_user(user).write({"state": "done"})
        return viewing

    def _work(self):
        """Two meetings and a viewing in the north, one action of each in the south."""
        self._do(self.agent, self.in_north)
        self._do(self.agent, self.in_north)
        self._do(self.agent, self.in_south)
        self._do(self.second_agent, self.in_south)
        self._do(self.stranger, self.in_south)
        self.env.flush_all()

    def _report(self, user):
        return self.env["estate.action.report"].with_user(user)

    def _board(self, user=None):
        """Open the board from its menu."""
        action = self.env["estate.steering"].with_user(user or self.manager)._open()
        return (
            self.env[action["res_model"]]
            .with_user(user or self.manager)
            .browse(action["res_id"])
        )

    def _lines(self, board):
        return {line.name: line for line in board.line_ids}

    def _open(self, action, user=None):
        model = self.env[action["res_model"]].with_user(user or self.manager)
        return model.search(action["domain"])


@freeze_time(NOW)
class TestActionsBySector(SteeringCase):
    def test_actions_stand_in_their_sector_with_those_outside_marked(self):
        """M17: two sectors, two agents: the counts of sector and agent are right."""
        self._work()
        groups = self._report(self.manager)._read_group(
            [("property_id", "in", (self.in_north | self.in_south).ids)],
            ["territory_id", "user_id"],
            ["actions:sum", "outside:sum"],
        )
        self.assertEqual(
            {
                (sector.name, user.name): (actions, outside)
                for sector, user, actions, outside in groups
            },
            {
                # The smallest territory; it belongs to the one that the agent has.
                ("Old town", "Agent"): (2, 0),
                ("Steering south", "Agent"): (1, 1),
                ("Steering south", "Agent2"): (1, 0),
            },
        )

    def test_whom_no_territory_is_given_is_nowhere_outside(self):
        self._do(self.stranger, self.in_south)
        row = self._report(self.director).search([("user_id", "=", self.stranger.id)])
        self.assertEqual((row.outside, row.is_outside), (0, False))

    def test_a_call_and_a_viewing_count_once_though_the_journal_tells_them_too(self):
        lead = self._create_owner_lead(self.in_north, user_id=self.operator.id)
        lead.with_user(self.operator).action_call_outcome("agreed")
        mine = [("user_id", "=", self.operator.id)]
        row = self._report(self.operator).search(mine)
        self.assertEqual(
            (row.actions, row.calls, row.processed_calls, row.positive_calls),
            (1, 1, 1, 1),
        )
        self.assertEqual(row.type_id.code, "call_reached")
        action = row.action_open_record()
        self.assertEqual(action["res_model"], "estate.call")
        self.assertEqual(action["res_id"], lead.call_ids.id)

    def test_what_was_corrected_or_done_by_the_system_does_not_count(self):
        self._do(self.agent, self.in_north)
        row = self.in_north.interaction_ids.filtered(
            lambda one: one.type_code == "meeting"
        )
        row._correct("It was another house")
        self._do(self.agent, self.in_north, "mail_sent", is_automatic=True)
        self.assertFalse(
            self._report(self.agent).search([("user_id", "=", self.agent.id)])
        )

    def test_everybody_sees_his_own_a_manager_his_office_a_director_all(self):
        """M18: the manager sees all agents of his office, an agent only himself."""
        self._work()
        for user, seen in (
            (self.agent, self.agent),
            (self.manager, self.agent | self.second_agent),
            (self.director, self.agent | self.second_agent | self.stranger),
        ):
            found = self._report(user).search([]).user_id
            self.assertEqual(found & (seen | self.stranger), seen, user.name)
        with self.assertRaises(AccessError):
            self._report(self._create_user("nobody")).search([])


@freeze_time(NOW)
class TestBoard(SteeringCase):
    def test_an_office_is_the_sum_of_its_people_and_opens_their_records(self):
        """M11, M18: as manager, the line of the office, and each person below it."""
        self._work()
        board = self._board()
        lines = self._lines(board)
        self.assertEqual(
            [line.name for line in board.line_ids],
            ["Office Prague", "Agent", "Agent2", "Manager"],
        )
        told = {name: (line.actions, line.outside) for name, line in lines.items()}
        self.assertEqual(
            told,
            {
                "Office Prague": (4, 1),
                "Agent": (3, 1),
                "Agent2": (1, 0),
                "Manager": (0, 0),
            },
        )
        self.assertEqual((board.actions, board.outside), (4, 1))
        for name, line in lines.items():
            found = self._open(line.action_open())
            self.assertEqual(sum(found.mapped("actions")), line.actions, name)
        outside = self._open(board.action_open_outside())
        self.assertEqual(outside.user_id, self.agent)
        self.assertEqual(len(self._open(board.action_open_sectors())), 4)

    def test_objectives_of_people_and_office_are_reached_or_not(self):
        """M11: an office is asked for the sum of what its people are asked for."""
        self.env["estate.objective"].create(
            {
                "metric": "calls",
                "minimum": 2,
                "period": "week",
                "team_id": self.office.id,
            }
        )
        # NOW is a Wednesday: three of five days are asked for.
        for user, count in ((self.agent, 2), (self.second_agent, 1)):
            for _number in range(count):
                prop = self._create_property(zip="90199")
                lead = self._create_owner_lead(prop, user_id=user.id)
                lead.with_user(user).action_call_outcome("no_answer")
        lines = self._lines(self._board())
        self.assertEqual(lines["Agent"].calls_result, "pass")
        self.assertEqual(lines["Agent2"].calls_result, "fail")
        office = lines["Office Prague"]
        self.assertEqual(office.calls, 3)
        people = (lines["Agent"], lines["Agent2"], lines["Manager"])
        asked = sum(line.calls_minimum for line in people)
        self.assertEqual(office.calls_minimum, asked)
        self.assertEqual(office.calls_result, "pass" if asked <= 3 else "fail")
        self.assertEqual(office.calls_told, f"3 / {asked:g}")

    def test_a_director_chooses_days_and_office(self):
        self._work()
        with Form(self._board(self.director)) as form:
            form.team_id = self.brno_office
        board = form.record
        self.assertEqual(
            [(line.name, line.actions) for line in board.line_ids],
            [("Office Brno", 1), ("Stranger", 1)],
        )
        with Form(board) as form:
            form.period = "last_week"
        self.assertFalse(sum(board.line_ids.mapped("actions")))

    def test_an_agent_has_a_board_of_himself(self):
        self._work()
        board = self._board(self.agent)
        self.assertEqual([line.name for line in board.line_ids], ["Agent"])
        self.assertEqual(board.actions, 3)

    def test_a_manager_without_an_office_is_told_what_to_do_about_it(self):
        lost = self._create_user("lost", "group_office_manager")
        with Form(self._board(lost)) as form:
            self.assertIn("Ask your administrator", form.hint)
        self.assertEqual(form.record.line_ids.user_id, lost)
        self.brno_office.user_id = lost
        board = self._board(lost)
        self.assertFalse(board.hint)
        self.assertEqual(board.line_ids.user_id, self.stranger | lost)

    def test_a_director_without_offices_sees_all_who_did_something(self):
        self._work()
        self.env["crm.team"].search([]).is_estate_office = False
        board = self._board(self.director)
        self.assertIn("There is no office yet", board.hint)
        seen = self.agent | self.second_agent | self.stranger
        self.assertEqual(board.line_ids.user_id & seen, seen)
        self.assertFalse(self._board(self.agent).hint)

    def test_the_board_costs_a_fixed_number_of_queries(self):
        self._work()
        self._board()
        self.env.invalidate_all()
        with self.assertQueryCount(75):
            self._board()


@freeze_time(NOW)
class TestWeeklyMail(SteeringCase):
    """Odoo's digest tells a manager of his week."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["digest.digest"].search([]).state = "deactivated"
        cls.digest = cls.env.ref("crm_real_estate.digest_digest_steering")
        cls.digest.user_ids = [Command.clear()]
        cls.digest.state = "deactivated"

    def _send(self):
        """Let the scheduled job run on the day; return the new mails."""
        mails = self.env["mail.mail"].search([])
        self.env["digest.digest"]._cron_send_digest_email()
        return self.env["mail.mail"].search([]) - mails

    def test_the_week_is_mailed_once_to_who_asked_for_it(self):
        """M17: actions by sector and agent stand in the weekly mail, outside marked."""
        self._work()
        self.digest.write({"next_run_date": NOW.date(), "periodicity": "monthly"})
        self.assertFalse(self._send(), "nobody gets it unasked")
        board = self._board()
        board.action_subscribe()
        self.assertTrue(board.is_subscribed)
        self.assertFalse(self._send(), "it comes in a week")
        # Who has not been here for a week gets it less often, as Odoo does it.
        self.env["res.users.log"].with_user(self.manager).sudo().create({})
        in_a_week = NOW + timedelta(days=6, hours=23)
        self.digest.next_run_date = in_a_week.date()
        with freeze_time(in_a_week):
            mail = self._send()
            self.assertFalse(self._send(), "run again on the same day")
        self.assertEqual(mail.email_to, self.manager.email_formatted)
        for told in (
            "Old town: Agent",
            "Steering south: Agent, outside the own sector",
            "Steering south: Agent2",
            "Actions outside the own sector",
            "Silent mandates now",
        ):
            self.assertIn(told, mail.body_html)
        self.assertNotIn("Stranger", mail.body_html)
        following = in_a_week.date() + timedelta(days=7)
        self.assertEqual(self.digest.next_run_date, following)
        board.action_subscribe()
        self.assertFalse(board.is_subscribed)
        self.assertEqual(self.digest.state, "deactivated")

    def test_its_figures_are_those_of_a_hand_made_sheet(self):
        self._work()
        lead = self._create_owner_lead(self.in_north, user_id=self.agent.id)
        lead.with_user(self.agent).action_call_outcome("agreed")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s", (NOW, lead.id)
        )
        enquiry = self._create_seeker_lead(self.in_north)
        enquiry.received_at = NOW - timedelta(days=2)
        self.env.flush_all()
        with freeze_time(NOW + timedelta(minutes=1)):
            kpis = self.digest._compute_kpis(self.company, self.manager)
        week = {kpi["kpi_name"]: kpi["kpi_col2"]["value"] for kpi in kpis}
        for name, value in (
            ("received", 1),
            ("in_time", 0),
            ("owner_leads", 1),
            ("calls", 1),
            ("positive_calls", 1),
            ("actions", 5),
            ("outside", 1),
        ):
            self.assertEqual(week[f"kpi_estate_{name}"], value, name)

    def test_somebody_outside_of_the_business_gets_his_digest_without_ours(self):
        somebody = self._create_user("somebody")
        self.digest.write({"user_ids": somebody.ids, "state": "activated"})
        kpis = self.digest._compute_kpis(self.company, somebody)
        self.assertFalse([kpi for kpi in kpis if "estate" in kpi["kpi_name"]])
        # He may look at it, as at every digest.
        self.digest.with_user(somebody).read(["name", "available_fields"])
        self.digest.with_user(somebody)._compute_kpis(self.company, somebody)

    def test_an_agent_does_not_subscribe(self):
        with self.assertRaises(UserError):
            self._board(self.agent).action_subscribe()
