import io

import xlsxwriter

from odoo.http import Controller, content_disposition, request, route

from ..models.groups import MEMBERS

# Model -> what an agency that comes from elsewhere brings along, with an example.
COLUMNS = {
    "res.partner": {
        "name": "Jana Nováková",
        "estate_kind": "standard",
        "phone": "+420 601 123 456",
        "second_phone": "",
        "email": "jana@example.com",
        "second_email": "",
        "street": "Dlouhá 1",
        "zip": "110 00",
        "city": "Praha",
        "country_id": "Czech Republic",
        "comment": "",
    },
    "crm.lead": {
        "name": "Jana Nováková: flat in Dlouhá",
        "lead_role": "seeker",
        "deal_type": "sale",
        "property_id": "",
        "partner_id": "jana@example.com",
        "user_id": "",
        "description": "",
    },
}
NAMES = {"res.partner": "contacts", "crm.lead": "enquiries"}


class ImportTemplateController(Controller):
    """Tables to fill in and import, with the headings of the user's language."""

    @route("/estate/import_template/<string:model>", type="http", auth="user")
    def download(self, model):
        """Return the table of a model as a spreadsheet."""
        if model not in COLUMNS or not request.env.user.has_groups(MEMBERS):
            raise request.not_found()
        name = f"{NAMES[model]}.xlsx"
        return request.make_response(
            self._write(request.env[model], COLUMNS[model]),
            [
                (
                    "Content-Type",
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                ),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    def _write(self, records, columns):
        described = records.fields_get(list(columns), ["string", "selection"])
        stream = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False}
        with xlsxwriter.Workbook(stream, options) as book:
            sheet = book.add_worksheet()
            bold = book.add_format({"bold": True})
            for number, (name, example) in enumerate(columns.items()):
                choices = dict(described[name].get("selection") or ())
                sheet.write(0, number, described[name]["string"], bold)
                sheet.write(1, number, choices.get(example, example))
            sheet.set_column(0, len(columns) - 1, 24)
        return stream.getvalue()
