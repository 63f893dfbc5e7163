"""What lies below all rooms: things that only one transaction at a time may begin."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# No transaction lasts that long: whoever could meet the row of a lock is over.
KEPT_FOR = timedelta(days=1)
CLEANING_BATCH = 10_000


class Lock(models.Model):
    """A name that one transaction holds until it ends; it says nothing afterwards."""

    _name = "estate.lock"
    _description = "Lock"

    name = fields.Char(required=True)
    taken_at = fields.Datetime(required=True, index=True)

    _name_uniq = models.Constraint("UNIQUE(name)", "A lock has one row.")

    @api.model
    def _take(self, names):
        """Hold these names until the transaction ends.

        A rival who held one of them since this transaction began makes it fail as a
        serialization failure, which Odoo answers by trying it again: then it sees what
        the rival did. Looking again after an advisory lock would not do, for a
        transaction sees the database as it was at its first statement.

        :param names: iterable of str
        """
        # Raw SQL: the row must be made or changed in one step, so that PostgreSQL
        # compares it with our snapshot; in one order, so that rivals do not deadlock.
        self.env.cr.execute(
            SQL(
                """INSERT INTO estate_lock (name, taken_at)
                SELECT name, now() AT TIME ZONE 'UTC'
                FROM unnest(%s) AS name ORDER BY name
                ON CONFLICT (name) DO UPDATE SET taken_at = EXCLUDED.taken_at""",
                sorted(set(names)),
            )
        )

    @api.autovacuum
    def _gc_locks(self):
        """Delete the rows of transactions that are over long ago."""
        domain = [("taken_at", "<", fields.Datetime.now() - KEPT_FOR)]
        # sudo: estate.lock - nobody has rights on it
        self.sudo().search(domain, limit=CLEANING_BATCH).unlink()
