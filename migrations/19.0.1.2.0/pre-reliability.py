"""Room for the index of reliability, so that the ORM need not rate every contact."""

from odoo.tools import SQL


def migrate(cr, version):
    """Add the empty columns; the post script fills them by one statement."""
    for table, column, kind in (
        ("res_partner", "reliability_score", "float8"),
        ("res_partner", "reliability_stars", "int4"),
        ("crm_lead", "reliability_score", "float8"),
    ):
        # Raw SQL: columns of ours, names from this file.
        cr.execute(
            SQL(
                "ALTER TABLE %s ADD COLUMN IF NOT EXISTS %s %s",
                SQL.identifier(table),
                SQL.identifier(column),
                SQL(kind),
            )
        )
