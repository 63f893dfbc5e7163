"""The inbox is worked off whatever the database says, and nothing stays locked."""

from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import DataError
from psycopg2.errors import OutOfMemory, SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.tools import mute_logger

from .common import EstateCase
from .openimmo_files import build_file
from .test_concurrency import RealConnectionsCase

WORK = "odoo.addons.crm_real_estate.models.enquiry.estate_intake_work"
MORNING = datetime(2026, 3, 4, 9, 0)


class Killed(BaseException):
    """A worker that is killed: no handler of errors sees it."""


class TestTheDatabaseAsksToComeAgain(EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        source = cls.env["estate.intake.source"].create(
            {"name": "Portal", "kind": "openimmo", "contact_role": "owner"}
        )
        with freeze_time(MORNING):
            cls.message = source._store("file", "a.xml", build_file(objects=1))

    def _run_cron(self, moment, error=None):
        """Run the job of the inbox as the scheduler does, which meets `error`."""
        inbox = type(self.message)
        apply = inbox._apply_raw
        met = []

        def meet(message, commit):
            if error:
                met.append(message.id)
                raise error
            return apply(message, commit)

        job = self.env.ref("crm_real_estate.ir_cron_process_intake")
        with (
            freeze_time(moment),
            patch.object(inbox, "_apply_raw", meet),
            mute_logger(WORK),
            self.enter_registry_test_mode(),
        ):
            job.method_direct_trigger()
        self.env.invalidate_all()
        return len(met)

    def test_trouble_that_lasts_an_hour_gives_up_no_message(self):
        """T2: out of locks or of space is no fault of the message: it waits."""
        for minute in range(0, 60, 5):
            self._run_cron(MORNING + timedelta(minutes=minute), OutOfMemory())
            self.assertEqual(self.message.state, "received")
        self._run_cron(MORNING + timedelta(minutes=130))
        self.assertEqual(self.message.state, "done", self.message.error)

    def test_each_time_it_waits_longer(self):
        tries = [
            minute
            for minute in (*range(9), *range(20, 25), *range(80, 84), 141, 142)
            if self._run_cron(MORNING + timedelta(minutes=minute), OutOfMemory())
        ]
        self.assertEqual(tries, [0, 1, 2, 7, 22, 82, 142])

    def test_a_rivals_commit_is_met_once_and_then_done(self):
        self._run_cron(MORNING, SerializationFailure())
        self._run_cron(MORNING)
        self.assertEqual((self.message.state, self.message.attempts), ("done", 1))

    def test_killed_again_and_again_it_is_shown_to_a_person(self):
        attempts = 0
        for minute in (0, 1, 2, 3, 7, 8, 22, 23, 81):
            moment = MORNING + timedelta(minutes=minute)
            try:
                self._run_cron(moment, Killed())
            except Killed:
                attempts += 1
        self.assertEqual((attempts, self.message.state), (5, "received"))
        self._run_cron(MORNING + timedelta(minutes=82))
        self.assertEqual(self.message.state, "failed")
        self.assertIn("interrupted", self.message.error)

    def test_while_it_is_worked_off_nobody_gives_it_up(self):
        self.message.attempts = 4

        def look(message, commit):
            message._give_up_interrupted()
            self.assertEqual(message.state, "received")
            return {"state": "done"}

        with patch.object(type(self.message), "_apply_raw", look):
            self.message._process()
        self.assertEqual(self.message.state, "done")


class TestNoLockIsLeftBehind(RealConnectionsCase):
    def setUp(self):
        super().setUp()
        with self._open() as env:
            source = env["estate.intake.source"].create({"name": "Listings"})
            self.message_id = source._store("file", "a.xml", build_file(objects=1)).id

    def _process_and_break(self, last):
        """Work the message off; the commit with this number meets an error."""
        with self.registry.cursor() as cr, mute_logger("odoo.sql_db", WORK):
            env = self._environment(cr)
            calls = []

            def commit():
                calls.append(1)
                if len(calls) == last:
                    cr.execute("SELECT 1/0")
                cr.commit()  # pylint: disable=invalid-commit

            env["estate.intake.message"].browse(self.message_id)._process(commit)

    def _environment(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def _count_locks(self):
        with self._open() as env:
            env.cr.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND "
                "database = (SELECT oid FROM pg_database WHERE datname = "
                "current_database())"
            )
            return env.cr.fetchone()[0]

    def test_a_commit_that_breaks_leaves_no_lock_and_tells_why(self):
        """A pooled connection would keep the message locked until it is closed."""
        for last in (1, 4):
            with self.subTest(commit=last):
                with self.assertRaises(DataError):
                    self._process_and_break(last)
                self.assertEqual(self._count_locks(), 0)

    def test_a_batch_that_breaks_is_kept_with_its_error(self):
        self._process_and_break(3)
        self.assertEqual(self._count_locks(), 0)
        with self._open() as env:
            message = env["estate.intake.message"].browse(self.message_id)
            self.assertEqual(message.state, "failed")

    def test_what_the_database_refuses_at_the_end_is_kept_on_the_message(self):
        def leave_a_bad_write(message, commit):
            message.env.cr.precommit.add(lambda: message.env.cr.execute("SELECT 1/0"))
            return {"state": "done"}

        with (
            self.registry.cursor() as cr,
            mute_logger("odoo.sql_db", WORK),
        ):
            message = self._environment(cr)["estate.intake.message"]
            message = message.browse(self.message_id)
            with patch.object(type(message), "_apply_raw", leave_a_bad_write):
                message._process(cr.commit)
            self.assertEqual(message.state, "failed")
        self.assertEqual(self._count_locks(), 0)
