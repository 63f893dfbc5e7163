from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

LINK = "/real_estate/owner/<int:property_id>/<int:partner_id>/<string:token>"
LOGIN = "/my/real_estate/<int:property_id>"


class OwnerPageController(CustomerPortal):
    """The private page of an owner: by a signed link, or after login."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "estate_property_count" in counters:
            values["estate_property_count"] = len(self._get_own_properties())
        return values

    def _get_own_properties(self):
        # sudo: estate.property - a portal user reads what he himself owns
        return (
            request.env["estate.property"]
            .sudo()
            .search(
                [
                    ("owner_ids", "in", request.env.user.partner_id.ids),
                    ("state", "!=", "draft"),
                ]
            )
        )

    @route("/my/real_estate", type="http", auth="user", website=True)
    def show_list(self, **_query):
        """List what the user who is logged in owns."""
        return request.render(
            "crm_real_estate.owner_page_list",
            {
                "properties": self._get_own_properties(),
                "page_name": "estate_property",
            },
        )

    @route(LOGIN, type="http", auth="user", methods=["GET"], website=True)
    def show_own(self, property_id, **_query):
        """Show a property of the user who is logged in."""
        return self._show(property_id, request.env.user.partner_id.id)

    @route(LOGIN, type="http", auth="user", methods=["POST"], website=True)
    def ask_own(self, property_id, question="", **_form):
        """Take a question of the user who is logged in."""
        return self._ask(property_id, request.env.user.partner_id.id, None, question)

    @route(LINK, type="http", auth="public", methods=["GET"], website=True)
    def show(self, property_id, partner_id, token, **_query):
        """Show a property to the owner whom the signed link belongs to."""
        return self._show(property_id, partner_id, token)

    @route(LINK, type="http", auth="public", methods=["POST"], website=True)
    def ask(self, property_id, partner_id, token, question="", **_form):
        """Take a question of the owner whom the signed link belongs to."""
        return self._ask(property_id, partner_id, token, question)

    def _open(self, property_id, partner_id, token):
        opened = request.env["estate.property"]._open_owner_page(
            property_id, partner_id, token
        )
        if not opened[0]:
            raise request.not_found()
        request.update_context(lang=opened[0].env.lang)
        return opened

    def _show(self, property_id, partner_id, token=None):
        prop, owner = self._open(property_id, partner_id, token)
        # An agent who looks how the page looks is not the owner.
        is_colleague = request.env.user._is_internal()
        if request.httprequest.method == "GET" and not is_colleague:
            prop._tell_owner_looked(owner)
        return self._render(prop, owner)

    def _ask(self, property_id, partner_id, token, question):
        prop, owner = self._open(property_id, partner_id, token)
        try:
            prop._ask_from_owner_page(owner, question)
        except UserError as error:
            return self._render(prop, owner, question=question, problem=str(error))
        return self._render(prop, owner, is_asked=True)

    def _render(self, prop, owner, **values):
        page = prop._get_owner_page(owner)
        response = request.render(
            "crm_real_estate.owner_page",
            {
                "prop": prop,
                "owner": owner,
                "page_name": "estate_property",
                # The page is that of the agency of the property, its logo, too.
                "res_company": prop.company_id or request.env.company,
                "address": prop._get_place(),
            }
            | page
            | values,
        )
        # The address is the key: it must not leave with a link or stand in an index.
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "no-store"
        return response
