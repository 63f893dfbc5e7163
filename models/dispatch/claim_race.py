import contextlib
from typing import NamedTuple

import psycopg2

from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

# How long a claim waits to learn who was faster, in milliseconds.
PATIENCE = 3000
# Namespace of the advisory locks, one for each lead that is being claimed.
RACE = SQL("hashtext('estate.claim')")


class Winner(NamedTuple):
    """Who has a lead, and what is told to people of its company."""

    user_id: int
    name: str
    lead_name: str
    company_id: int | None


class ClaimRace:
    """Of many people who claim one lead in the same moment one goes on.

    The others are nearly all who come: they cost one query and, while the first is
    still at work, one more on a connection of its own. Waiting in the transaction
    itself would end in Odoo's repetition of the whole request after a pause of up to
    two seconds, for it never sees what others commit meanwhile.
    """

    def __init__(self, lead):
        self.lead = lead
        self.env = lead.env

    def enter(self):
        """Let one person go on to claim the lead; the others wait for him.

        :return: `Winner`; None for who goes on, and for a lead that nobody can claim
        :raises ConcurrencyError: the first was refused: Odoo tries again
        """
        self.lead.flush_recordset(["name", "user_id", "company_id", "property_id"])
        first = SQL(
            "lead.user_id IS NULL AND pg_try_advisory_xact_lock(%s, lead.id)", RACE
        )
        # Raw SQL: the lock belongs to the look at the lead, and only free ones are
        # locked; until the end of the transaction.
        rows = self.env.execute_query(self._select(first))
        if not rows or rows[0][-1]:
            return None
        *found, _is_first = rows[0]
        if found[0]:
            return Winner(*found)
        # Raw SQL: shared, so all who wait go on together.
        waiting = SQL("SELECT pg_advisory_xact_lock_shared(%s, %s)", RACE, self.lead.id)
        return self._wait(waiting)

    def lock(self):
        """Lock the lead itself, which others change without a claim.

        A lock that is got says, too, that nothing has changed since the lead was read.

        :return: `Winner`; None when the lead is locked
        :raises ConcurrencyError: it changed, but is still free: Odoo tries again
        """
        changed = psycopg2.errors.SerializationFailure
        with contextlib.suppress(changed), self.env.cr.savepoint(flush=False):
            if self.lead.try_lock_for_update(allow_referencing=True):
                return None
        # Raw SQL: FOR SHARE waits for who holds the lead.
        return self._wait(
            SQL("SELECT id FROM crm_lead WHERE id = %s FOR SHARE", self.lead.id)
        )

    def _wait(self, lock):
        """Wait for the rival in another transaction; return the `Winner`."""
        found = None
        with self.env.registry.cursor() as cr:
            # Raw SQL: each statement sees what others have committed by then; one
            # message to PostgreSQL, for all who lost do this at once.
            statements = SQL(
                "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;"
                " SET LOCAL lock_timeout = %s; %s; %s",
                PATIENCE,
                lock,
                self._select(SQL("TRUE")),
            )
            with contextlib.suppress(psycopg2.errors.LockNotAvailable):
                cr.execute(statements, log_exceptions=False)
                found = cr.fetchone()
            # rollback: of the waiting alone
            cr.rollback()
        if not found or not found[0]:
            raise ConcurrencyError(f"lead {self.lead.id} changed while it was claimed")
        return Winner(*found[:-1])

    def _select(self, last):
        """Return the query of who has the lead, with `last` as its last column."""
        # Raw SQL: told only to people of the lead's company.
        return SQL(
            """
            SELECT lead.user_id, partner.name, lead.name,
                COALESCE(lead.company_id, property.company_id), %s
            FROM crm_lead AS lead
                LEFT JOIN estate_property AS property ON property.id = lead.property_id
                LEFT JOIN res_users AS person ON person.id = lead.user_id
                LEFT JOIN res_partner AS partner ON partner.id = person.partner_id
            WHERE lead.id = %s AND lead.lead_role IS NOT NULL
            """,
            last,
            self.lead.id,
        )
