"""Who goes behind the product's back is found out the next night."""

from contextlib import contextmanager
from itertools import repeat
from threading import Barrier, Thread
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import EstateCase
from .ledgers import LedgerCase


@tagged("post_install", "-at_install")
class TestChainsShowWhatWasTamperedWith(LedgerCase):
    def setUp(self):
        super().setUp()
        self.head = self.env["estate.ledger.head"].search(
            [("ledger", "=", "estate.consent")]
        )

    def _check(self):
        """Let the nightly job run; return the tasks it gives to the director."""
        with (
            self.enter_registry_test_mode(),
            mute_logger("odoo.addons.crm_real_estate.models.ledger_chain"),
        ):
            self.env.ref(
                "crm_real_estate.ir_cron_check_ledgers"
            ).method_direct_trigger()
        self.env.invalidate_all()
        return self.env["mail.activity"].search(
            [("user_id", "=", self.director.id), ("res_model", "=", False)]
        )

    def test_an_untouched_chain_raises_no_alarm(self):
        self.owner.automatic_messages_allowed = False
        self.assertFalse(self._check())
        self.assertTrue(self.head.checked_at)

    def test_a_changed_fact_is_seen_the_next_night_and_told_once(self):
        with self._without_fences("estate.consent") as table:
            self.cr.execute(SQL("UPDATE %s SET state = 'given'", table))
        self.assertEqual(len(self._check()), 1)
        self.assertEqual(len(self._check()), 1)

    def test_a_deleted_row_is_seen(self):
        for order in ("ASC", "DESC"):
            with self.subTest(order=order), self.cr.savepoint(flush=False) as savepoint:
                with self._without_fences("estate.consent") as table:
                    self.cr.execute(
                        SQL(
                            """DELETE FROM %(table)s WHERE id = (
                            SELECT id FROM %(table)s ORDER BY id %(order)s LIMIT 1)""",
                            table=table,
                            order=SQL(order),
                        )
                    )
                self.assertTrue(self._check())
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_smuggled_row_is_seen(self):
        self.cr.execute(
            """INSERT INTO estate_consent
                (channel, purpose, state, source, occurred_at, user_id, company_id)
            VALUES ('email', 'all', 'given', 'forged', now(), %s, %s)""",
            [self.env.uid, self.company.id],
        )
        self.assertTrue(self._check())

    def test_a_forgotten_end_is_seen(self):
        self.cr.execute("DELETE FROM estate_ledger_head")
        self.env.invalidate_all()
        self.assertTrue(self._check())

    def test_a_changed_line_of_a_sent_report_is_seen(self):
        with self._without_fences("estate.activity.report.line") as table:
            self.cr.execute(SQL("UPDATE %s SET occurred_at = '2020-01-01'", table))
        self.assertTrue(self._check())

    def test_a_sent_report_that_was_set_back_to_draft_is_seen(self):
        with self._without_fences("estate.activity.report") as table:
            self.cr.execute(SQL("UPDATE %s SET date_to = '2027-01-01'", table))
        self.assertTrue(self._check())

    @contextmanager
    def _in_small_batches(self, batches=None):
        """Let the job check two rows at a time, and end after `batches` batches.

        :return: list that the places of all checked rows of consents are added to
        """
        consents, seen = type(self.env["estate.consent"]), []
        get_hash = consents._get_fact_hash
        left = iter(range(batches - 1, -1, -1)) if batches else repeat(1)

        def get_hash_and_tell(row, position, previous):
            if row._name == "estate.consent":
                seen.append(position)
            return get_hash(row, position, previous)

        def commit(cron, processed=0, *, remaining=None, deactivate=False):
            return next(left) if processed else 1

        jobs = type(self.env["ir.cron"])
        with (
            patch("odoo.addons.crm_real_estate.models.ledger_chain.CHECK_BATCH", 2),
            patch.object(consents, "_get_fact_hash", get_hash_and_tell),
            patch.object(jobs, "_commit_progress", commit),
        ):
            yield seen

    def _fill_chain(self):
        """Give the chain of consents five rows and more; return its length."""
        for _time in range(3):
            self.owner.automatic_messages_allowed = False
            self.owner.automatic_messages_allowed = True
        return self.env["estate.consent"].search_count([])

    def test_an_interrupted_check_goes_on_where_it_stopped(self):
        count = self._fill_chain()
        seen = []
        while not seen or self.head.is_being_checked:
            with self._in_small_batches(batches=1) as seen_now:
                self.env["estate.ledger.head"]._cron_check_ledgers()
            self.assertLessEqual(len(seen_now), 2)
            seen += seen_now
        self.assertEqual(seen, list(range(1, count + 1)))
        self.assertFalse(self.head.broken_position)

    def test_a_row_changed_behind_an_interrupted_check_is_seen_in_the_next_round(self):
        self._fill_chain()
        heads = self.env["estate.ledger.head"]
        while self.head.checked_position < 2:
            with self._in_small_batches(batches=1):
                heads._cron_check_ledgers()
        with self._without_fences("estate.consent") as table:
            self.cr.execute(
                SQL("UPDATE %s SET state = 'given' WHERE chain_position = 1", table)
            )
        self.env.invalidate_all()
        with self._in_small_batches():
            heads._cron_check_ledgers()
        self.assertFalse(self.head.broken_position)
        self.assertEqual(len(self._check()), 1)
        self.assertEqual(self.head.broken_position, 1)

    def test_erasing_and_pointing_elsewhere_break_no_chain(self):
        other = self._create_contact("Petra Other")
        self.owner.consent_ids.sudo().write({"partner_id": other.id})
        self.report.sudo()._erase_texts()
        self.report.line_ids.sudo()._erase_texts()
        self.report.sudo().write({"partner_id": False})
        self.assertFalse(self._check())


@tagged("post_install", "-at_install")
class TestChainsDoNotFork(EstateCase):
    """Real transactions: what they commit is taken out of the ledger again."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT last_hash, last_position FROM estate_ledger_head "
                "WHERE ledger = 'estate.consent'"
            )
            self.before = cr.fetchone()
        self.addCleanup(self._take_back)

    def _take_back(self):
        with self.registry.cursor() as cr:
            cr.execute("ALTER TABLE estate_consent DISABLE TRIGGER USER")
            cr.execute("DELETE FROM estate_consent WHERE source = 'fork'")
            cr.execute(
                "ALTER TABLE estate_consent ENABLE ALWAYS TRIGGER estate_consent_guard"
            )
            cr.execute(
                "ALTER TABLE estate_consent "
                "ENABLE ALWAYS TRIGGER estate_consent_truncate"
            )
            cr.execute("DELETE FROM estate_ledger_head WHERE ledger = 'estate.consent'")
            if self.before:
                cr.execute(
                    "INSERT INTO estate_ledger_head (ledger, last_hash, last_position) "
                    "VALUES ('estate.consent', %s, %s)",
                    self.before,
                )

    def _append(self, barrier, failures):
        try:
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})

                def request():
                    env["estate.consent"].create(
                        {"channel": "email", "state": "denied", "source": "fork"}
                    )

                # The snapshot of each transaction is older than the others' rows.
                cr.execute("SELECT count(*) FROM estate_consent")
                barrier.wait(10)
                retrying(request, env)
        except Exception as error:  # noqa: BLE001 - a thread's failure is the test's
            failures.append(error)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_those_who_append_at_once_stand_in_one_row(self):
        barrier, failures = Barrier(3), []
        threads = [
            Thread(target=self._append, args=(barrier, failures)) for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(failures, [])
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            rows = env["estate.consent"].search([("source", "=", "fork")])
            start = self.before[1] if self.before else 0
            self.assertEqual(
                sorted(rows.mapped("chain_position")), [start + 1, start + 2, start + 3]
            )
            head = env["estate.ledger.head"].search([("ledger", "=", "estate.consent")])
            self.assertEqual(env["estate.consent"]._find_broken_position(head), 0)
