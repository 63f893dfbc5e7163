"""Two people at once, on real connections: one plan, one share, nobody told twice."""

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier, Event
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config, mute_logger

from .databases import DatabaseCase, get_module_template
from .openimmo_files import build_file


def _create_agency(env, operator_count=1):
    """Create a call centre, its operators and the rule that gives them first calls."""
    team = env["crm.team"].create({"name": "Call centre", "is_estate_office": True})
    for number in range(operator_count):
        user = env["res.users"].create(
            {
                "name": f"Operator {number}",
                "login": f"operator-{number}",
                "group_ids": [
                    Command.set(env.ref("crm_real_estate.group_operator").ids)
                ],
            }
        )
        env["crm.team.member"].create({"crm_team_id": team.id, "user_id": user.id})
    env["estate.dispatch.rule"].create({"name": "First calls", "team_id": team.id})


def _create_listing(env, number):
    owner = env["res.partner"].create(
        {"name": f"Owner {number}", "estate_kind": "draft"}
    )
    return env["estate.property"].create(
        {"deal_type": "sale", "city": "Praha", "owner_ids": [Command.set(owner.ids)]}
    )


class RealConnectionsCase(DatabaseCase):
    operator_count = 1

    def setUp(self):
        super().setUp()
        self.database = self._create_database(get_module_template())
        # Loading a registry would run the tests of the modules it loads.
        with patch.dict(config.options, test_enable=False):
            self.registry = Registry(self.database)
        self.addCleanup(Registry.delete, self.database)
        with self._open() as env:
            _create_agency(env, self.operator_count)

    def _open(self):
        """Open an environment that is committed when it is left."""
        return _Environment(self.registry)

    def _do_at_once(self, *functions):
        """Run each of `functions(env)` as a request of its own, all at the same moment.

        :return: list of results, an exception where one was raised
        """
        begin = Barrier(len(functions))

        def request(function):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                env.transaction.default_env = env
                # Each has seen the database as it is now before anybody changes it.
                env["res.users"].search_count([])
                begin.wait()
                try:
                    return retrying(partial(function, env), env)
                except UserError as error:
                    # As the server does with a request that is refused.
                    cr.rollback()
                    return error

        with ThreadPoolExecutor(len(functions)) as pool, mute_logger("odoo.sql_db"):
            return list(pool.map(request, functions))


class _Environment:
    """An environment on a cursor of its own."""

    def __init__(self, registry):
        self._registry = registry

    def __enter__(self):
        self._cr = self._registry.cursor()
        return api.Environment(self._cr, SUPERUSER_ID, {})

    def __exit__(self, kind, error, trace):
        # The cursor commits when it is left without an error.
        return self._cr.__exit__(kind, error, trace)


class TwoOperatorsAtOnce(RealConnectionsCase):
    def test_one_call_is_noted_and_one_planned(self):
        """M29: two tabs press the same button in the same moment."""
        with self._open() as env:
            lead_id = _create_listing(env, 1)._create_owner_leads().id

        def press(env):
            lead = env["crm.lead"].browse(lead_id)
            lead = lead.with_user(lead.user_id)
            return lead.action_call_outcome("no_answer", seen_count=0)

        results = self._do_at_once(press, press)
        self.assertEqual(results.count(True), 1)
        refused = next(result for result in results if result is not True)
        self.assertIn("already noted", str(refused))
        with self._open() as env:
            lead = env["crm.lead"].browse(lead_id)
            self.assertEqual(len(lead.call_ids), 1)
            self.assertEqual(lead.call_count, 1)
            self.assertEqual(len(lead.activity_ids), 1)

    def test_who_claims_while_a_manager_gives_it_away_reads_to_whom(self):
        """M39: not only claims change a lead; the claim waits, once, then tells."""
        with self._open() as env:
            team = env["crm.team"].search([("name", "=", "Call centre")])
            env["estate.dispatch.rule"].search([]).strategy = "announce"
            operator = team.crm_team_member_ids.user_id
            lead_id = _create_listing(env, 1)._create_owner_leads().id
            boss = env.ref("base.user_admin")

        asked = []

        def claim(env):
            asked.append(env)
            return env["crm.lead"].browse(lead_id).with_user(operator.id).action_claim()

        with ThreadPoolExecutor(1) as pool:
            with self._open() as env:
                env["crm.lead"].browse(lead_id).user_id = boss.id
                env.flush_all()
                told = pool.submit(self._do_at_once, claim)
                while not self._count_waiting(env):
                    self.assertFalse(told.done(), "nobody waits")
            (refused,) = told.result()
        self.assertIn("has ", str(refused))
        self.assertIn("already", str(refused))
        self.assertEqual(len(asked), 1, "Odoo had to repeat the request")

    def _count_waiting(self, env):
        # Raw SQL: who waits for a lock in this database of the test's own, just now.
        env.cr.execute(
            "SELECT pg_stat_clear_snapshot();"
            " SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return env.cr.fetchone()[0]

    def _plan_at_once(self, *functions):
        """Run functions(lead) at once on one lead; assert that one call is planned."""
        with self._open() as env:
            lead_id = _create_listing(env, 1)._create_owner_leads().id

        def on_lead(function, env):
            lead = env["crm.lead"].browse(lead_id)
            return function(lead.with_user(lead.user_id))

        results = self._do_at_once(*(partial(on_lead, one) for one in functions))
        with self._open() as env:
            lead = env["crm.lead"].browse(lead_id)
            self.assertEqual(len(lead.activity_ids), 1)
            self.assertTrue(lead.next_call_at)
            self.assertFalse(lead.is_without_task)
        return results

    def test_two_rules_that_plan_a_call_leave_one(self):
        """M29: the action "Plan the next call" runs twice in the same moment."""

        def plan(lead):
            return lead.sudo()._plan_call_in(30)

        self.assertEqual(self._plan_at_once(plan, plan, plan), [None] * 3)

    def test_a_button_beside_a_rule_leaves_one_call(self):
        """M29: an operator notes busy while a rule plans the call anew."""

        def press(lead):
            return lead.action_call_outcome("busy", seen_count=0)

        def plan(lead):
            return lead.sudo()._plan_call_in(30)

        self.assertEqual(self._plan_at_once(press, plan), [True, None])

    def test_two_tabs_with_different_outcomes_leave_one_call(self):
        """M29: busy in the queue, no answer on the form."""

        def press(code, lead):
            return lead.action_call_outcome(code, seen_count=0)

        results = self._plan_at_once(
            partial(press, "busy"), partial(press, "no_answer")
        )
        self.assertEqual(results.count(True), 1)


class TwoEnquiriesAtOnce(RealConnectionsCase):
    def setUp(self):
        super().setUp()
        with self._open() as env:
            self.prop_id = _create_listing(env, 1).id
            seeker = {"name": "Sam Seeker", "estate_kind": "draft"}
            self.seeker_id = env["res.partner"].create(seeker).id

    def _get_leads(self, env):
        return env["crm.lead"].search([("lead_role", "=", "seeker")])

    def test_two_who_enter_the_same_enquiry_do_not_begin_two_leads(self):
        def enter(env):
            values = {
                "name": "Enquiry",
                "lead_role": "seeker",
                "property_id": self.prop_id,
                "partner_id": self.seeker_id,
            }
            return env["crm.lead"].create(values).id

        results = self._do_at_once(enter, enter)
        refused = [result for result in results if isinstance(result, UserError)]
        self.assertEqual(len(refused), 1)
        self.assertIn("already has an open lead", str(refused[0]))
        with self._open() as env:
            self.assertEqual(len(self._get_leads(env)), 1)

    def test_two_who_answer_the_phone_at_once_write_into_one_lead(self):
        def log(env):
            kind = env["estate.interaction.type"]._get("enquiry")
            values = {
                "type_id": kind.id,
                "property_id": self.prop_id,
                "partner_id": self.seeker_id,
            }
            return env["estate.interaction.log"].create(values).action_log()["type"]

        results = self._do_at_once(log, log)
        self.assertEqual(set(results), {"ir.actions.act_window_close"})
        with self._open() as env:
            lead = self._get_leads(env)
            self.assertEqual(len(lead), 1)
            codes = lead.interaction_ids.mapped("type_code")
            self.assertEqual(codes.count("enquiry"), 2)

    def test_old_locks_are_cleaned_up_and_young_ones_stay(self):
        with self._open() as env:
            env["estate.lock"]._take(["old", "young"])
            env["estate.lock"].search([("name", "=", "old")]).taken_at -= timedelta(2)
            env["estate.lock"]._gc_locks()
            names = env["estate.lock"].search([]).mapped("name")
            self.assertNotIn("old", names)
            self.assertIn("young", names)


class SeveralImportsAtOnce(RealConnectionsCase):
    operator_count = 4

    def test_shares_stay_even(self):
        """M26: also the very first distributions, before anybody has a share."""
        with self._open() as env:
            batches = [
                [_create_listing(env, number).id for number in range(4)]
                for _batch in range(3)
            ]

        def enter(ids, env):
            leads = env["estate.property"].browse(ids)._create_owner_leads()
            return len(leads)

        self._do_at_once(*(partial(enter, ids) for ids in batches))
        with self._open() as env:
            leads = env["crm.lead"].search([("lead_role", "=", "owner")])
            shares = {
                user.login: len(mine) for user, mine in leads.grouped("user_id").items()
            }
            self.assertEqual(sorted(shares.values()), [3, 3, 3, 3])
            self.assertEqual(len(leads.activity_ids), 12)
            self.assertEqual(len(leads.decision_ids), 12)


class AnImportBesideAPerson(RealConnectionsCase):
    operator_count = 2

    def test_an_import_that_meets_a_rival_is_done_in_the_next_round(self):
        """M20, M21: the rival is no fault of the listings, and none of them is lost."""
        with self._open() as env:
            listing_id = _create_listing(env, 1).id
            self._upload(env)
        with self._open() as rival, ThreadPoolExecutor(1) as pool:
            # The rival's distribution is done, but not committed yet.
            rival["estate.property"].browse(listing_id)._create_owner_leads()
            met = Event()
            job = pool.submit(self._work_off, met)
            met.wait(timeout=60)
            rival.cr.commit()
            job.result(timeout=60)
        with self._open() as env:
            message = env["estate.intake.message"].search([])
            self.assertEqual(message.state, "received")
        self._work_off(Event())
        with self._open() as env:
            message = env["estate.intake.message"].search([])
            self.assertEqual(message.state, "done", message.error)
            self.assertNotIn("failed", message.item_ids.mapped("outcome"))
            leads = env["crm.lead"].search([("lead_role", "=", "owner")])
            self.assertEqual(len(leads), 4)
            self.assertEqual(len(leads.activity_ids), 4)

    def _upload(self, env):
        source = env["estate.intake.source"].create(
            {"name": "Listings", "contact_role": "owner"}
        )
        upload = env["estate.intake.upload"].create(
            {
                "source_id": source.id,
                "content": base64.b64encode(build_file(objects=3)),
                "file_name": "listings.xml",
            }
        )
        upload.action_store()

    def _work_off(self, met):
        """Run the job of the inbox; tell `met` when it comes to the rule."""
        with self._open() as env, mute_logger("odoo.sql_db"):
            rules = type(env["estate.dispatch.rule"])
            lock = rules._lock

            def tell_and_lock(rule):
                met.set()
                lock(rule)

            with patch.object(rules, "_lock", tell_and_lock):
                env["estate.intake.message"]._cron_process_intake()
