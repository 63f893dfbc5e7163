from odoo.http import Controller, content_disposition, request, route

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ResponseTimeController(Controller):
    """The workbook of a response-time report."""

    @route("/real_estate/response_time/<int:report_id>", type="http", auth="user")
    def download(self, report_id):
        """Download the report as who opened its screen sees it."""
        report = request.env["estate.response.time"].browse(report_id)
        if not report.has_access("read") or not report.exists():
            raise request.not_found()
        printer = request.env["report.crm_real_estate.report_response_time"]
        name = f"response-time-{report.date_from}-{report.date_to}.xlsx"
        return request.make_response(
            printer._build_workbook(report),
            [
                ("Content-Type", WORKBOOK),
                ("Content-Disposition", content_disposition(name)),
            ],
        )
