"""What ties contacts to the work of the agency, as PostgreSQL reads it."""

from dataclasses import dataclass

from odoo.tools import SQL, Query


@dataclass(frozen=True)
class Ties:
    """Rows that each name a contact: the enquiries of an office, its properties...

    :param query: which rows
    :param contact: the column of the query that names the contact
    :param few: whether they are one person's own, so that they are soon gathered
    """

    query: Query
    contact: SQL
    few: bool = False

    def list_contacts(self, most=None):
        """Return a sub-query of all contacts that these rows name, some repeatedly.

        :param int most: so many rows suffice
        """
        return SQL(
            "(SELECT %s FROM %s WHERE %s%s)",
            self.contact,
            self.query.from_clause,
            self.query.where_clause or SQL("TRUE"),
            SQL(" LIMIT %s", most) if most else SQL(),
        )

    def exists(self):
        """Return the condition that there is a row at all."""
        return SQL(
            "EXISTS (SELECT FROM %s WHERE %s)",
            self.query.from_clause,
            self.query.where_clause or SQL("TRUE"),
        )

    def has(self, *contacts):
        """Return the condition that a row names one of the contacts with these ids.

        OFFSET 0 has PostgreSQL look the one contact up in an index; else it reads all
        rows first, also for a single contact.
        """
        return SQL(
            "EXISTS (SELECT FROM %s WHERE %s IN (%s) AND %s OFFSET 0)",
            self.query.from_clause,
            self.contact,
            SQL(", ").join(contacts),
            self.query.where_clause or SQL("TRUE"),
        )
