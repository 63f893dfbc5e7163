"""Who may do what: every model, every role, the records behind the rules."""

import csv
from pathlib import Path

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time

from .access import AccessCase
from .common import NOW
from .databases import MODULE
from .small_world import create_world

REPORT = "estate.activity.report"
OPERATIONS = {"read": "r", "write": "w", "create": "c", "unlink": "u"}


def read_matrix():
    """Return (model, role) -> what the role may do, such as "rwc"."""
    with Path(__file__).with_name("access_matrix.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    return {
        (row["model"], role): row[role]
        for row in rows
        for role in row
        if role != "model"
    }


class TestAccessMatrix(AccessCase):
    """What each role may do with each model of ours, as reviewed in a table."""

    def test_every_model_allows_each_role_what_the_table_says(self):
        for (name, role), expected in read_matrix().items():
            with self.subTest(model=name, role=role):
                allowed = [
                    letter
                    for operation, letter in OPERATIONS.items()
                    if self._may(self.env[name], operation, role)
                ]
                self.assertEqual("".join(allowed), expected)

    def test_every_model_of_ours_is_in_the_table(self):
        models = {
            name
            for name, model in self.registry.items()
            if model._original_module == MODULE and not model._abstract
        }
        self.assertEqual({name for name, _role in read_matrix()}, models)

    def test_sales_without_our_groups_may_do_nothing_with_our_models(self):
        for name in sorted({name for name, _role in read_matrix()}):
            with self.subTest(model=name):
                allowed = [
                    o for o in OPERATIONS if self._may(self.env[name], o, "sales")
                ]
                self.assertEqual(allowed, [])

    def test_nobody_adds_to_a_ledger_or_to_the_inbox_but_the_system(self):
        for name in (
            "estate.call",
            "estate.consent",
            "estate.dispatch.decision",
            "estate.intake.message",
            "estate.interaction",
        ):
            with self.subTest(model=name):
                self.assertFalse(self._may(self.env[name], "create", "settings"))

    def test_the_roles_are_one_ladder_in_the_form_of_a_user(self):
        hierarchy = self.env["res.groups"]._get_view_group_hierarchy()
        privilege = self.env.ref("crm_real_estate.privilege_role")
        groups = self.env["res.groups"].browse(
            hierarchy["privileges"][privilege.id]["group_ids"]
        )
        self.assertEqual(
            groups.mapped("name"),
            ["Operator", "Agent", "Office manager", "Director", "Settings"],
        )


@freeze_time(NOW)
class TestRules(AccessCase):
    """Which records of a model a role reaches."""

    def _create(self, **values):
        return self._create_property(name="House", **values)

    def test_agents_and_operators_change_own_free_and_office_properties(self):
        own = self._create(agent_id=self.agent.id)
        free = self._create()
        office = self._create(agent_id=self.second_agent.id, team_id=self.office.id)
        for role in ("agent", "office_manager"):
            for prop in (own, free, office):
                with self.subTest(role=role, prop=prop):
                    self.assertTrue(self._may(prop, "write", role))
        self.assertTrue(self._may(free, "write", "operator"))

    def test_only_the_agent_of_a_property_says_who_has_its_mandate(self):
        """Who has a mandate sees its owners: nobody gives himself one."""
        own = self._create(agent_id=self.agent.id)
        strange = self._create(
            agent_id=self.second_agent.id,
            owner_ids=self._create_contact("Olga Strange"),
        )
        mandates = self.env["estate.mandate"].create(
            [{"property_id": prop.id} for prop in (own, strange)]
        )
        for role, expected in (
            ("operator", (False, False)),
            ("agent", (True, False)),
            ("office_manager", (True, True)),
        ):
            with self.subTest(role=role):
                for mandate, allowed in zip(mandates, expected, strict=True):
                    self.assertTrue(self._may(mandate, "read", role))
                    self.assertEqual(self._may(mandate, "write", role), allowed)
        mine = self.env["estate.mandate"].with_user(self.agent)
        mine.create({"property_id": own.id, "date_start": "2030-01-01"})
        with self.assertRaises(AccessError):
            mine.create({"property_id": strange.id, "agent_id": self.agent.id})
        with self.assertRaises(AccessError):
            mandates[1].with_user(self.agent).agent_id = self.agent
        with self.assertRaises(AccessError):
            mandates[0].with_user(self.agent).property_id = strange

    def test_agents_and_operators_only_read_the_properties_of_other_offices(self):
        stranger = self._create_user(
            "stranger", "group_agent", self._create_team("Brno")
        )
        prop = self._create(agent_id=stranger.id)
        for role in ("agent", "operator"):
            with self.subTest(role=role):
                self.assertTrue(self._may(prop, "read", role))
                self.assertFalse(self._may(prop, "write", role))
        for role in ("office_manager", "director", "settings"):
            with self.subTest(role=role):
                self.assertTrue(self._may(prop, "write", role))

    def test_agents_change_their_own_viewings_only(self):
        lead = self._create_seeker_lead()
        own = self._create_viewing(lead)
        other = self._create_viewing(
            self._create_seeker_lead(user_id=self.second_agent.id),
            agent_id=self.second_agent.id,
        )
        self.assertTrue(self._may(own, "write", "agent"))
        self.assertTrue(self._may(other, "read", "agent"))
        self.assertFalse(self._may(other, "write", "agent"))
        self.assertTrue(self._may(other, "write", "office_manager"))

    def test_no_rule_lets_anybody_write_a_sent_report(self):
        world = create_world(self.env, self.company, self.agent)
        report = world["estate.activity.report"]
        line = report.line_ids
        for record in (report, line):
            self.assertTrue(self._may(record, "write", "agent"))
        line.state = report.state = "sent"
        for record in (report, line):
            for role in ("agent", "director", "settings"):
                for operation in ("write", "unlink"):
                    with self.subTest(record=record, role=role, operation=operation):
                        self.assertTrue(self._may(record, "read", role))
                        self.assertFalse(self._may(record, operation, role))

    def _create_reports(self, **values):
        """A plan of all properties, one of this property, a report and its line."""
        owner = self._create_contact("Olga Owner")
        prop = self._create(owner_ids=owner, **values)
        about = {"property_ids": [Command.set(prop.ids)]}
        plans, reports = self.env["estate.report.plan"], self.env[REPORT]
        plan = plans.create({"partner_id": owner.id, "active": False})
        report = reports.create({"partner_id": owner.id, **about})
        line = self.env[f"{REPORT}.line"].create({"report_id": report.id, "kind": "x"})
        return plan, plans.create({"partner_id": owner.id, **about}), report, line

    def _create_stranger(self):
        team = self._create_team("Brno")
        return self._create_user("stranger", "group_agent", team)

    def test_agents_change_reports_and_plans_of_own_free_and_office_properties(self):
        colleague = self.second_agent
        for values in (
            {"agent_id": self.agent.id},
            {"agent_id": False},
            {"agent_id": colleague.id, "team_id": self.office.id},
        ):
            for record in self._create_reports(**values):
                with self.subTest(values, record=record):
                    self.assertTrue(self._may(record, "write", "agent"))
        report, line = record.report_id, record
        line.with_user(self.agent).unlink()
        report.with_user(self.agent).unlink()

    def test_agents_only_read_reports_and_plans_of_other_offices(self):
        stranger = self._create_stranger()
        for record in self._create_reports(agent_id=stranger.id):
            for operation in ("write", "unlink"):
                with self.subTest(record=record, operation=operation):
                    self.assertTrue(self._may(record, "read", "agent"))
                    self.assertFalse(self._may(record, operation, "agent"))
            for role in ("office_manager", "director", "settings"):
                with self.subTest(record=record, role=role):
                    self.assertTrue(self._may(record, "write", role))

    def test_no_agent_deletes_a_colleagues_report_or_stops_an_owners_reports(self):
        stranger = self._create_stranger()
        _all, plan, report, _line = self._create_reports(agent_id=stranger.id)
        with self.assertRaises(AccessError):
            report.with_user(self.agent).unlink()
        with self.assertRaises(AccessError):
            plan.with_user(self.agent).active = False
        with self.assertRaises(AccessError):
            self.env[REPORT].with_user(self.agent).create(
                {
                    "partner_id": report.partner_id.id,
                    "property_ids": [Command.set(report.property_ids.ids)],
                }
            )

    def test_an_agent_plans_reports_for_an_owner_without_a_property_yet(self):
        owner = self._create_contact("Olga Owner")
        plans = self.env["estate.report.plan"].with_user(self.agent)
        self.assertTrue(plans.create({"partner_id": owner.id}))

    def test_only_members_see_estate_leads_and_phases(self):
        ours = self._create_seeker_lead()
        others = self.env["crm.lead"].create({"name": "Odoo's own", "user_id": False})
        for lead in ours | others:
            lead.activity_schedule("mail.mail_activity_data_todo").action_feedback()
        self.env.flush_all()
        among = ("in", (ours | others).ids)
        for role, seen in (("sales", others), ("office_manager", ours | others)):
            mine = self.env(user=self.people[role].id)
            with self.subTest(role=role):
                leads = mine["crm.lead"].search([("id", *among)])
                self.assertEqual(set(leads.ids), set(seen.ids))
                activities = mine["crm.activity.report"].search([("lead_id", *among)])
                self.assertEqual(set(activities.lead_id.ids), set(seen.ids))
                phases = mine["crm.stage"].search([("pipeline", "!=", False)])
                self.assertEqual(bool(phases), ours in seen)

    def test_only_members_are_offered_our_reasons_tasks_and_templates(self):
        for name in (
            "crm_lost_reason_refused",
            "crm_lost_reason_withdrawn",
            "mail_activity_type_answer",
            "mail_activity_type_inbox",
            "mail_template_answer",
            "resource_calendar_calling_general",
        ):
            record = self.env.ref(f"{MODULE}.{name}")
            with self.subTest(name=name):
                self.assertTrue(self._may(record, "read", "agent"))
                self.assertFalse(self._may(record, "read", "sales"))

    def test_nobody_tells_the_journal_what_only_the_system_tells(self):
        lead = self._create_seeker_lead()
        self._log(lead, "letter")
        for code in ("erasure", "phase_move", "report_sent", "correction"):
            with self.subTest(code=code), self.assertRaises(AccessError):
                self._log(lead, code, user=self.director)

    def test_sales_without_our_groups_duplicate_a_contact_without_its_properties(self):
        owner = self._create().owner_ids
        copy = owner.with_user(self.people["sales"]).copy()
        self.assertFalse(copy.sudo().owned_property_ids)
        self.assertTrue(owner.owned_property_ids)
