from odoo.exceptions import UserError
from odoo.http import Controller, request, route


class ClaimController(Controller):
    """The page behind the button of an announcement: GET asks, POST acts."""

    @route(
        "/real_estate/claim/<int:lead_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def show(self, lead_id):
        """Show a free lead with the button that claims it, or who has it already."""
        return self._render(lead_id)

    @route(
        "/real_estate/claim/<int:lead_id>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def claim(self, lead_id):
        """Claim the lead for the user and open it, or tell him who was faster."""
        lead = request.env["crm.lead"].browse(lead_id)
        try:
            lead.action_claim()
        except UserError as error:
            return self._render(lead_id, str(error))
        return request.redirect(lead._get_claim_url())

    def _render(self, lead_id, problem=""):
        lead = request.env["crm.lead"].browse(lead_id)
        card, obstacle = lead._get_claim_page()
        return request.render(
            "crm_real_estate.claim_page",
            {"lead_id": lead_id, "card": card, "problem": problem or obstacle},
        )
