from urllib.parse import urlencode

from odoo.http import Controller, request, route

from ..models.groups import MEMBERS

# The longest number of the world, in its oddest spelling, is shorter.
MOST_CHARACTERS = 80


class CallerController(Controller):
    """The address that a telephone system opens when a call comes in."""

    @route("/estate/caller", type="http", auth="user", methods=["GET"])
    def open_desk(self, number="", **_kwargs):
        """Open the desk "Client calls" with the number of who calls."""
        if not request.env.user.has_groups(MEMBERS):
            return request.redirect("/odoo")
        # With "tel:" before it the browser does not take the text for a figure.
        query = urlencode({"number": f"tel:{number[:MOST_CHARACTERS]}"})
        return request.redirect(f"/odoo/client-calls?{query}")
