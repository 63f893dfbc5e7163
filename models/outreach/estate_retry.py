import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 5
# Minutes to wait after the n-th attempt. The first is not waited for: a worker that was
# killed in it is no sign of trouble with the record.
CLAIM_MINUTES = (0, 10, 60, 240, 1440)
FAILURE_MINUTES = (10, 60, 240, 1440, 1440)


class RetryMixin(models.AbstractModel):
    """A record that a job works on: a failure is kept with it and tried again later."""

    _name = "estate.retry.mixin"
    _description = "Work that is tried again"

    attempts = fields.Integer(readonly=True, copy=False)
    retry_at = fields.Datetime("Tried again at", readonly=True, copy=False)
    error = fields.Text("Last error", readonly=True, copy=False)
    held_back_reason = fields.Text("Held back because", readonly=True, copy=False)

    @api.model
    def _get_workable_domain(self):
        """Return the domain of records that nothing keeps from being worked on now."""
        now = fields.Datetime.now()
        return Domain("held_back_reason", "=", False) & (
            Domain("retry_at", "=", False) | Domain("retry_at", "<=", now)
        )

    @api.model
    def _take(self, domain, limit):
        """Lock, count an attempt for and return records that no rival works on.

        The attempt is counted before it begins, so that one that kills the worker is
        counted too. What a rival changed between our look and our lock is left to the
        next round.
        """
        domain = Domain(domain) & self._get_workable_domain()
        taken = self.search(domain, limit=limit, order="id")._lock_again()
        now = fields.Datetime.now()
        for attempts, records in taken.grouped("attempts").items():
            wait = CLAIM_MINUTES[min(attempts, MOST_ATTEMPTS - 1)]
            records.write(
                {
                    "attempts": attempts + 1,
                    "retry_at": fields.Datetime.add(now, minutes=wait),
                }
            )
        return taken

    def _lock_again(self):
        """Return those of these records that could be locked as we last saw them."""
        try:
            with self.env.cr.savepoint():
                return self.try_lock_for_update(allow_referencing=True)
        except OperationalError:
            return self.browse()

    def _try(self, step):
        """Do `step` on these taken records at once; who fails alone keeps the error."""
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                self._forget_failures()
                step(self)
        except OperationalError:
            # The database asks to come again, such as after a rival's commit: that is
            # no failure of the record, the next round does it.
            _logger.info("%s %s: try again", self._name, self.ids)
        except Exception as error:  # noqa: BLE001 - one record must not stop the others
            if len(self) > 1:
                for record in self:
                    record._try(step)
                return
            # The text of an error may name persons, so the log only says where to look.
            _logger.warning(
                "%s %s failed: %s", self._name, self.id, type(error).__name__
            )
            _logger.debug("%s %s", self._name, self.id, exc_info=True)
            self._note_failure(error)

    def _note_failure(self, error):
        self.ensure_one()
        message = f"{type(error).__name__}: {error}"
        wait = FAILURE_MINUTES[min(self.attempts, MOST_ATTEMPTS) - 1]
        self.write(
            {
                "error": message,
                "retry_at": fields.Datetime.add(fields.Datetime.now(), minutes=wait),
            }
        )
        if self.attempts >= MOST_ATTEMPTS:
            self._hold_back(
                self.env._(
                    "It failed %(count)s times, the last time with: %(error)s",
                    count=self.attempts,
                    error=message,
                )
            )

    def _hold_back(self, reason):
        """Leave these records alone until a person decides; `reason` says why."""
        self.write({"held_back_reason": reason, "retry_at": False})

    def _forget_failures(self):
        self.write(
            {
                "attempts": 0,
                "retry_at": False,
                "error": False,
                "held_back_reason": False,
            }
        )
