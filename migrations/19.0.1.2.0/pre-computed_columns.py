"""Room for what the ORM would compute for every contact and every lead by itself."""

from odoo.tools import SQL


def migrate(cr, version):
    """Add the empty columns; post scripts fill them, set by set."""
    for table, column, kind in (
        ("res_partner", "reliability_score", "float8"),
        ("res_partner", "reliability_stars", "int4"),
        ("crm_lead", "reliability_score", "float8"),
        ("crm_lead", "response_start_at", "timestamp"),
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
