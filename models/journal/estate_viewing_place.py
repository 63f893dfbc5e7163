import contextlib
from functools import partial

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Milliseconds that somebody waits for those who book before him.
PATIENCE = 5000


class ViewingPlace(models.Model):
    """One place of a group viewing, held by one enquiry."""

    _name = "estate.viewing.place"
    _description = "Place of a group viewing"
    _order = "id"
    _rec_name = "lead_id"

    group_id = fields.Many2one(
        "estate.viewing.group", required=True, ondelete="cascade", index=True
    )
    lead_id = fields.Many2one(
        "crm.lead", "Enquiry", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True)

    _lead_uniq = models.Constraint(
        "UNIQUE(group_id, lead_id)", "This enquiry has a place already."
    )

    @api.model
    def _take(self, group, lead):
        """Take a place for a lead in a transaction of its own; tell whether it has one.

        Rivals wait for each other outside of any transaction. So each sees what the
        one before committed, nobody has to be repeated, and nobody waits longer than
        the few milliseconds that counting takes. When what follows fails, the place is
        given back.
        """
        key = (group._table, group.id)
        with self.env.registry.cursor() as cr:
            self._lock(cr, key)
            # commit: the next statement begins a transaction that sees all places
            cr.commit()  # pylint: disable=invalid-commit
            try:
                cr.execute(self._get_taking(group, lead))
                is_new = bool(cr.rowcount)
                cr.execute(
                    SQL(
                        """
                        SELECT id FROM estate_viewing_place
                        WHERE group_id = %s AND lead_id = %s
                        """,
                        group.id,
                        lead.id,
                    )
                )
                has_place = bool(cr.fetchone())
                # commit: the place is taken whatever becomes of the rest
                cr.commit()  # pylint: disable=invalid-commit
            finally:
                if not cr.closed:
                    # rollback: after an error; a broken transaction takes no statement
                    cr.rollback()
                    cr.execute(SQL("SELECT pg_advisory_unlock(hashtext(%s), %s)", *key))
        if is_new:
            self.env.cr.postrollback.add(
                partial(_give_back, self.env.registry, group.id, lead.id)
            )
        return has_place

    @api.model
    def _lock(self, cr, key):
        """Wait for one's turn to count the places of a group viewing.

        :raises UserError: others took too long
        """
        # Raw SQL: a lock of the session, taken before the transaction that counts.
        cr.execute(SQL("SET LOCAL lock_timeout = %s", PATIENCE))
        try:
            cr.execute(
                SQL("SELECT pg_advisory_lock(hashtext(%s), %s)", *key),
                log_exceptions=False,
            )
        except psycopg2.errors.LockNotAvailable as error:
            raise UserError(
                self.env._("Many are booking at this moment. Try again in a minute.")
            ) from error

    @api.model
    def _get_taking(self, group, lead):
        """Return the SQL that takes a place for a lead, if one is left."""
        return SQL(
            """
            INSERT INTO estate_viewing_place
                (group_id, lead_id, company_id, create_date)
            SELECT show.id, %(lead)s, show.company_id, now() AT TIME ZONE 'UTC'
            FROM estate_viewing_group show
            WHERE show.id = %(show)s AND show.state = 'planned'
                AND show.places > (
                    SELECT count(*) FROM estate_viewing_place place
                    WHERE place.group_id = show.id
                )
            ON CONFLICT (group_id, lead_id) DO NOTHING
            """,
            lead=lead.id,
            show=group.id,
        )


def _give_back(registry, group_id, lead_id):
    """Free a place whose viewing came to nothing, after a rollback.

    Pressed twice, the other press may have brought the viewing: then the place stays.
    """
    with contextlib.suppress(psycopg2.Error), registry.cursor() as cr:
        # Raw SQL: there is no environment after a rollback.
        cr.execute(
            SQL(
                """
                DELETE FROM estate_viewing_place place
                WHERE place.group_id = %(show)s AND place.lead_id = %(lead)s
                    AND NOT EXISTS (
                        SELECT FROM estate_viewing viewing
                        WHERE viewing.group_id = place.group_id
                            AND viewing.lead_id = place.lead_id
                            AND viewing.state = 'planned'
                    )
                """,
                show=group_id,
                lead=lead_id,
            )
        )
