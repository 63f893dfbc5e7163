"""The inbox is worked off: each message alone, none lost, none held up by another."""

import base64
import logging
from contextlib import contextmanager, nullcontext
from datetime import timedelta

from psycopg2 import OperationalError
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.neutral import IntakeError

_logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
# Up to this size a file is worked off while the user waits; a larger one by the cron.
INLINE_BYTES = 256 * 1024
# Minutes until a message is tried again that a killed worker or the database, out of
# space or of locks, has interrupted once, twice, ...: such trouble lasts a while.
WAITS = (0, 1, 5, 15, 60)


def _get_wait(count):
    """Return the wait after the `count`-th interruption as a `timedelta`."""
    return timedelta(minutes=WAITS[min(count, len(WAITS)) - 1])


class IntakeWork(models.AbstractModel):
    """The part of an intake message that is worked off, or waits for it."""

    _name = "estate.intake.work.mixin"
    _description = "Intake: working off"

    attempts = fields.Integer(readonly=True)
    postponed_count = fields.Integer(
        "Postponed by the database",
        readonly=True,
        help="How often in a row the database asked to come again; no such time counts "
        "as an attempt.",
    )
    wait_until = fields.Datetime(
        readonly=True, help="The job leaves the message alone until then."
    )

    @api.model
    def _get_rested_domain(self):
        return ["|", ("wait_until", "=", False), ("wait_until", "<=", self._get_now())]

    @api.model
    def _get_now(self):
        return fields.Datetime.now()

    @api.model
    def _get_due_domain(self):
        return [
            ("state", "in", ("received", "failed")),
            ("attempts", "<", MOST_ATTEMPTS),
            ("source_id.active", "=", True),
            *self._get_rested_domain(),
        ]

    @api.model
    def _cron_process_intake(self, batch=50):
        """Work off the inbox: each message once, a failed one again later."""
        cron = self.env["ir.cron"]
        self._give_up_interrupted()
        seen = []
        cron._commit_progress(remaining=self.search_count(self._get_due_domain()))
        while True:
            domain = [*self._get_due_domain(), ("id", "not in", seen)]
            waiting = self.search(domain, limit=batch, order="received_at, id")
            if not waiting:
                return
            for message in waiting:
                seen.append(message.id)
                message._process(commit=cron._commit_progress)
                if not cron._commit_progress(1):
                    return

    @api.model
    def _give_up_interrupted(self):
        """Show a person what was interrupted, by a killed worker, once too often."""
        self.search(
            [
                ("state", "=", "received"),
                ("attempts", ">=", MOST_ATTEMPTS),
                *self._get_rested_domain(),
            ]
        ).write(
            {
                "state": "failed",
                "error": self.env._(
                    "Working it off was interrupted %s times. Press Process "
                    "again; if it happens once more, ask the administrator to look "
                    "into the server's log.",
                    MOST_ATTEMPTS,
                ),
            }
        )

    # === ALONE ===

    @contextmanager
    def _exclusively(self, commit=None):
        """Work on one message alone; yield whether we got it.

        :param commit: when it is given, there are commits in between and the lock
            outlives them; else it ends with the transaction
        """
        key = (self._table, self.id)
        # Raw SQL: a lock on the message, whoever else changes its row. A killed
        # worker's connection ends, and with it a lock of the session.
        take = SQL("SELECT pg_try_advisory_lock(hashtext(%s), %s)", *key)
        if not commit:
            take = SQL("SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)", *key)
        self.env.cr.execute(take)
        is_mine = self.env.cr.fetchone()[0]
        if not (commit and is_mine):
            yield is_mine
            return
        try:
            yield True
        finally:
            cr = self.env.cr
            if not cr.closed:
                status = cr.connection.get_transaction_status()
                if status == TRANSACTION_STATUS_INERROR:
                    # rollback: a broken transaction takes no statement, and the
                    # connection would go back to the pool with the lock
                    cr.rollback()
                cr.execute(SQL("SELECT pg_advisory_unlock(hashtext(%s), %s)", *key))

    # === ONE MESSAGE ===

    def _process(self, commit=None):
        """Parse and apply one message; whatever goes wrong stays on the message.

        :param commit: called between the batches of a large file, so that a killed
            worker loses no more than one batch; without it all is one transaction
        :return: False when somebody else is at it
        """
        self.ensure_one()
        with self._exclusively(commit) as is_mine:
            if is_mine:
                attempts = self.attempts + 1
                # Should this worker be killed, the next one does not follow at once.
                wait_until = self._get_now() + _get_wait(attempts)
                begun = {"attempts": attempts, "wait_until": wait_until}
                self.write({**begun, "is_balanced": False})
                if commit:
                    commit()
                self._process_guarded(commit)
                if commit:
                    commit()
        return is_mine

    def _process_guarded(self, commit):
        try:
            # With commits in between there is no savepoint to go back to.
            with nullcontext() if commit else self.env.cr.savepoint():
                outcome = self._apply_raw(commit or (lambda: None))
                rested = {"wait_until": False, "postponed_count": 0}
                self.write({"error": False, **rested, **outcome})
                # What the database refuses it refuses here, where it is kept, and not
                # in a commit.
                self.env.cr.flush()
        except IntakeError as error:
            self._keep_error("refused", self._explain(error))
        except OperationalError as error:
            # The database asks to come again, such as after a rival's commit: in a
            # request Odoo does, from the job the message waits for the next round.
            if not commit:
                raise
            # rollback: what this batch began; the batches before are committed
            self.env.cr.rollback()
            self._postpone(error)
        except Exception as error:
            if commit:
                # rollback: what this batch began; the batches before are committed
                self.env.cr.rollback()
            # Ids and kinds of errors only: strangers' texts belong into no log.
            _logger.exception("Intake message %s: %s", self.id, type(error).__name__)
            self._keep_error("failed", f"{type(error).__name__}: {error}")

    def _apply_raw(self, commit):
        """Parse the raw content and apply it; answered by kind of source."""
        raw = base64.b64decode(self.raw or b"")
        if self.source_id.kind == "mail":
            return self._apply_enquiries(raw)
        return self._apply_listings(self._get_listing_files(raw), commit)

    def _postpone(self, error):
        """Come again later, and later from time to time: no fault of the message."""
        count = self.postponed_count + 1
        wait_until = self._get_now() + _get_wait(count)
        _logger.warning("Intake message %s waits: %s", self.id, type(error).__name__)
        self.write(
            {
                "attempts": max(self.attempts - 1, 0),
                "postponed_count": count,
                "wait_until": wait_until,
            }
        )
        self._trigger_job(wait_until)

    def _keep_error(self, state, text):
        self.invalidate_recordset()
        self.write(
            {"state": state, "error": text, "wait_until": False, "postponed_count": 0}
        )

    @api.model
    def _trigger_job(self, moment=None):
        # sudo: ir.cron - only the moment is set
        self.env.ref("crm_real_estate.ir_cron_process_intake").sudo()._trigger(moment)

    # === ACTIONS ===

    def action_process(self):
        """Work off these messages; a large file is left to the job, with progress."""
        self.check_access("write")
        # sudo: estate.intake.message - a person may start it; what it makes, such as a
        # colleague's lead, is the intake's own doing
        for message in self.sudo():
            if message.raw_size > INLINE_BYTES:
                message.write({"state": "received", "attempts": 0, "wait_until": False})
                self._trigger_job()
            elif not message._process():
                raise UserError(
                    self.env._(
                        "%s is being worked off right now. Look again in a moment.",
                        message.name,
                    )
                )
        return True

    def action_replay(self):
        """Parse again, after the sender or the product was mended; nothing doubles."""
        if unfit := self.filtered(lambda m: not m.raw_size):
            raise UserError(
                self.env._(
                    "%s has no raw content any more and cannot be parsed again.",
                    unfit[0].name,
                )
            )
        self.check_access("write")
        # sudo: estate.intake.message and its items - kept by the intake alone
        messages = self.sudo()
        messages.item_ids.unlink()
        messages.write(
            {"state": "received", "attempts": 0, "error": False, "wait_until": False}
        )
        return self.action_process()
