"""What stands in the existing rows and columns of a database, down to the column."""

from odoo.tools import SQL


def read_schema(cr):
    """Return table -> its columns, for all tables of the database."""
    cr.execute(
        """
        SELECT table_name, column_name
        FROM information_schema.columns
            JOIN information_schema.tables USING (table_schema, table_name)
        WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
        ORDER BY table_name, ordinal_position
        """
    )
    schema = {}
    for table, column in cr.fetchall():
        schema.setdefault(table, []).append(column)
    return schema


def read_limits(cr, schema):
    """Return table -> highest id, for the tables that have ids."""
    tables = [table for table, columns in schema.items() if "id" in columns]
    maxima = [
        SQL("SELECT %s, COALESCE(MAX(id), 0) FROM %s", table, SQL.identifier(table))
        for table in tables
    ]
    cr.execute(SQL(" UNION ALL ").join(maxima))
    return dict(cr.fetchall())


def read_fingerprint(cr, schema, limits):
    """Return (table, column) -> a hash of the values in the rows up to the limits.

    A table without ids, a relation, has the set of its rows instead, under (table, "").
    """
    result = {}
    for table, columns in schema.items():
        if table in limits:
            result |= _hash_columns(cr, table, columns, limits[table])
        else:
            names = SQL(", ").join(map(SQL.identifier, columns))
            cr.execute(SQL("SELECT %s FROM %s", names, SQL.identifier(table)))
            result[table, ""] = set(map(repr, cr.fetchall()))
    return result


def _hash_columns(cr, table, columns, limit):
    # Sums of hashes: equal rows in another order of the table are equal.
    hashes = [
        SQL(
            "SUM(hashtextextended(CONCAT(id, ':', %s::text), 0)::numeric)",
            SQL.identifier(column),
        )
        for column in columns
    ]
    name = SQL.identifier(table)
    cr.execute(
        SQL("SELECT %s FROM %s WHERE id <= %s", SQL(", ").join(hashes), name, limit)
    )
    return {
        (table, column): value
        for column, value in zip(columns, cr.fetchone(), strict=True)
    }


def get_differences(before, after):
    """Return the (table, column) whose values differ, and relations that lost rows."""
    changed = {key for key, value in before.items() if key[1] and after[key] != value}
    lost = {key for key, rows in before.items() if not key[1] and rows - after[key]}
    return changed | lost
