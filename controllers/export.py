from odoo.http import request

from odoo.addons.web.controllers.export import (
    CSVExport,
    ExcelExport,
    ExportXlsxWriter,
    GroupExportXlsxWriter,
)

from ..models.groups import MEMBERS

# Spreadsheets read what begins with one of these as a formula; Odoo leaves them.
FORMULA_SIGNS = ("@", "\t", "\r", "\0")


class SafeWriter:
    """A workbook in which every text is a text, also one that begins with "="."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.worksheet.strings_to_formulas = False


class SafeXlsxWriter(SafeWriter, ExportXlsxWriter):
    """A list without formulas."""


class SafeGroupXlsxWriter(SafeWriter, GroupExportXlsxWriter):
    """A grouped list without formulas."""


class EstateExcelExport(ExcelExport):
    """What members export holds names and messages that came from the Internet."""

    def from_group_data(self, fields, columns_headers, groups):
        if not request.env.user.has_groups(MEMBERS):
            return super().from_group_data(fields, columns_headers, groups)
        with SafeGroupXlsxWriter(fields, columns_headers, groups.count) as writer:
            row, column = 1, 0
            for name, group in groups.children.items():
                row, column = writer.write_group(row, column, name, group)
        return writer.value

    def from_data(self, fields, columns_headers, rows):
        if not request.env.user.has_groups(MEMBERS):
            return super().from_data(fields, columns_headers, rows)
        with SafeXlsxWriter(fields, columns_headers, len(rows)) as writer:
            for number, values in enumerate(rows, 1):
                for column, value in enumerate(values):
                    writer.write_cell(number, column, value)
        return writer.value


class EstateCSVExport(CSVExport):
    """As above; a leading sign that Odoo leaves gets its apostrophe, too."""

    def from_data(self, fields, columns_headers, rows):
        if request.env.user.has_groups(MEMBERS):
            rows = [[self._defuse(value) for value in values] for values in rows]
        return super().from_data(fields, columns_headers, rows)

    def _defuse(self, value):
        if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
            return f"'{value}"
        return value
