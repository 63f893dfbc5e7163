import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..ledger import ERASED

# What a line says: when it changes, a PDF made before is no longer true.
CONTENT = {"section", "property_id", "occurred_at", "kind", "text"}
# Sections that hold nothing but sentences of ours.
OURS = ("state", "action", "next_step")
INSERT_LINES = """
    INSERT INTO estate_activity_report_line (
        report_id, interaction_id, property_id, section, sequence, occurred_at, kind,
        text, original_text, is_added, state,
        create_uid, write_uid, create_date, write_date)
    SELECT report_id, interaction_id, property_id, section, COALESCE(sequence, 0),
        occurred_at, kind, text, original_text, FALSE, 'draft',
        %(user)s, %(user)s, %(now)s, %(now)s
    FROM json_to_recordset(%(rows)s) AS row (
        number int, report_id int, interaction_id int, property_id int,
        section varchar, sequence int, occurred_at timestamp, kind varchar,
        text text, original_text text)
    ORDER BY number
    RETURNING id
"""


class ActivityReportLine(models.Model):
    """One line of a report; its text can be mended until the report is sent."""

    _name = "estate.activity.report.line"
    _description = "Line of an activity report"
    _inherit = "estate.ledger.mixin"
    _order = "property_id, sequence, occurred_at, id"
    _rec_name = "kind"

    report_id = fields.Many2one(
        "estate.activity.report", required=True, index=True, ondelete="cascade"
    )
    interaction_id = fields.Many2one(
        "estate.interaction",
        "Journal entry",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    property_id = fields.Many2one(
        "estate.property",
        index=True,
        ondelete="restrict",
        help="Empty: the first one of the report.",
    )
    section = fields.Selection(
        [
            ("state", "State"),
            ("action", "Actions"),
            ("viewing", "Viewing reports"),
            ("comment", "Comments"),
            ("next_step", "Next steps"),
            ("phase", "Seekers by phase"),
        ],
        required=True,
        default="comment",
    )
    sequence = fields.Integer(readonly=True, help="The place of the section.")
    occurred_at = fields.Datetime("When", required=True, default=fields.Datetime.now)
    kind = fields.Char(required=True, default=lambda self: self.env._("Comment"))
    text = fields.Text()
    original_text = fields.Text(
        "Text in the journal", readonly=True, help="Before somebody mended it."
    )
    is_added = fields.Boolean(
        "Added by hand", default=True, help="Stays when the journal is read again."
    )
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Sent")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    company_id = fields.Many2one(related="report_id.company_id")

    _ledger_links = ()
    _ledger_texts = ("text", "original_text")
    _ledger_persons = (
        "report_id.partner_id",
        "interaction_id.partner_id",
        "interaction_id.lead_id.partner_id",
    )
    _ledger_frozen_state = "sent"
    _ledger_parent = "report_id"

    @api.model_create_multi
    def create(self, vals_list):
        default = self.default_get(["section"])
        lines = super().create(
            [
                self._add_sequence(
                    self._keep_original({**default, **vals, "state": "draft"})
                )
                for vals in self._mask_texts(vals_list)
            ]
        )
        lines.report_id._drop_pdf()
        return lines

    @api.model
    def _write_read(self, reports, vals_list):
        """Add lines read from the journal, by one statement however many they are.

        :param reports: `estate.activity.report`, the drafts whose lines these are
        :param vals_list: list of dicts `report_id`, `property_id`, `section`,
            `occurred_at`, `kind`, `text`, and `interaction_id` if there is one
        """
        reports._check_draft()
        self.check_access("create")
        rows = self._prepare_read_rows(vals_list)
        # The fence of the table reads their state.
        reports.flush_recordset(["state"])
        # Raw SQL: `create` sends one INSERT for each hundred lines. This is a table of
        # ours; nothing else follows from a new line, and the table's trigger and
        # constraints look at these rows as at any other.
        created = self.env.execute_query(
            SQL(
                INSERT_LINES,
                rows=json.dumps(rows),
                user=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        self.browse(line_id for (line_id,) in created).check_access("create")
        reports.invalidate_recordset(["line_ids", "line_facts", "review"])
        reports._drop_pdf()

    @api.model
    def _prepare_read_rows(self, vals_list):
        """Return lines read from the journal as rows of the table, masked, in order."""
        default = self.default_get(["occurred_at", "kind"])
        read = [{**default, **vals, "is_added": False} for vals in vals_list]
        rows = []
        for number, vals in enumerate(map(self._add_sequence, self._mask_texts(read))):
            row = {
                **vals,
                "number": number,
                "occurred_at": fields.Datetime.to_string(vals["occurred_at"]),
                "original_text": vals.get("text"),
            }
            # What is empty is NULL, not false.
            rows.append({name: value or None for name, value in row.items()})
        return rows

    @api.model
    def _mask_texts(self, vals_list):
        """Return `vals_list` with texts that name no seeker (row M137)."""
        told = {vals["report_id"] for vals in vals_list if vals.get("text")}
        reports = self.env["estate.activity.report"].browse(told)
        persons = reports._get_masked_persons()
        return [
            {**vals, "text": report._mask(vals["text"], persons[report])}
            if (report := reports.browse(vals["report_id"])) in persons
            and self._is_written_by_person(vals)
            else vals
            for vals in vals_list
        ]

    @api.model
    def _is_written_by_person(self, vals):
        """Tell whether a text is somebody's own words, not ours nor an erased one."""
        if not vals.get("text") or vals["text"] == ERASED:
            return False
        row = self.env["estate.interaction"].browse(vals.get("interaction_id"))
        # sudo: estate.interaction - only the words of its kind are read
        ours = row.sudo().type_id.owner_text
        is_read = vals.get("is_added") is False
        return not (is_read and (vals["text"] == ours or vals["section"] in OURS))

    @api.model
    def _keep_original(self, vals):
        """Return `vals` of a line read from the journal with its first text."""
        is_read = vals.get("is_added") is False
        return {**vals, "original_text": vals.get("text")} if is_read else vals

    def write(self, vals):
        is_text = vals.get("text") and vals["text"] != ERASED
        if is_text and len(self.report_id) > 1:
            # Each report has other seekers.
            return all(
                lines.write(vals) for lines in self.grouped("report_id").values()
            )
        if is_text:
            (masked,) = self._mask_texts([{**vals, "report_id": self.report_id.id}])
            vals = {**vals, "text": masked["text"]}
        result = super().write(self._add_sequence(vals))
        if CONTENT & set(vals):
            self.report_id._drop_pdf()
        return result

    @api.model
    def _add_sequence(self, vals):
        """Return `vals` with the place of their section, if they name one."""
        if "section" not in vals:
            return vals
        places = [code for code, _label in self._fields["section"].selection]
        return {**vals, "sequence": places.index(vals["section"])}

    def unlink(self):
        self.report_id._drop_pdf()
        return super().unlink()
