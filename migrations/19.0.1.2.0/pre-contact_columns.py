"""Contacts get their new columns without the ORM filling in each of them."""

COLUMNS = {
    "estate_search_key": "varchar",
    "estate_identity_key": "varchar",
    "second_phone_sanitized": "varchar",
    "second_email_normalized": "varchar",
    "identity_checked_on": "date",
    "identity_checked_by_id": "int4",
}


def migrate(cr, version):
    """Add the columns; a job fills the search keys in its own steps."""
    for name, kind in COLUMNS.items():
        # Raw SQL: names and types are the constants above.
        cr.execute(f"ALTER TABLE res_partner ADD COLUMN IF NOT EXISTS {name} {kind}")
