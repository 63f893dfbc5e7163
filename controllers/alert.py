from odoo.exceptions import AccessError
from odoo.http import Controller, request, route


class AlertController(Controller):
    """The link in the mail of an alert: the enquiry opens, ready to be answered."""

    @route("/real_estate/alert/<int:alert_id>", type="http", auth="user")
    def answer(self, alert_id):
        """Open the enquiry of an alert; its own person has seen it thereby."""
        alert = request.env["estate.alert"].browse(alert_id)
        # sudo: estate.alert - only which lead is meant; its form checks the rights
        lead = alert.sudo().exists().lead_id
        if not lead:
            return request.redirect("/odoo")
        try:
            alert.tell_receipt("opened")
        except AccessError:
            # A colleague, to whom the mail was passed on, has no receipt to give.
            return request.redirect(lead._get_claim_url())
        return request.redirect(f"{lead._get_claim_url()}?estate_answer={lead.id}")
