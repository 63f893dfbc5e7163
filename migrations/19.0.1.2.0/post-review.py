"""Lines of open drafts remember what the journal said."""


def migrate(cr, version):
    """Take the text that open lines have now as the journal's."""
    # Raw SQL: a new column of drafts, whose lines are no facts yet.
    cr.execute(
        """UPDATE estate_activity_report_line SET original_text = text
        WHERE state = 'draft' AND NOT is_added AND original_text IS NULL"""
    )
