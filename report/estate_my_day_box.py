from odoo import api, fields, models

SCOPES = [("mine", "Mine"), ("office", "My office"), ("all", "All that I may see")]

WINDOWS = [("day", "Today"), ("week", "This week"), ("month", "This month")]


class MyDayBox(models.Model):
    """What one user chose about one box of his day: shown or not, and its criteria.

    Without a row a box is as it comes, see `estate.my.day`.
    """

    _name = "estate.my.day.box"
    _description = "Box of My day"
    _order = "user_id, code, id"
    _rec_name = "code"

    user_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
    )
    code = fields.Char(required=True, help="What the screen calls the box.")
    is_shown = fields.Boolean(default=True)
    # Criteria; each box uses those that mean something to it.
    pipeline = fields.Selection(
        [("sale", "Sale"), ("rent", "Rent")],
        "Enquiries",
        help="Empty: enquiries about buying and about renting.",
    )
    scope = fields.Selection(SCOPES, "Whose", required=True, default="mine")
    window = fields.Selection(
        WINDOWS, "Time", required=True, default="day", help="Weeks begin on Monday."
    )
    about = fields.Selection(
        [
            ("both", "Properties and enquiries"),
            ("property", "My properties"),
            ("lead", "My enquiries"),
        ],
        "Tasks about",
        required=True,
        default="both",
    )
    hours = fields.Integer("Of the last hours", required=True, default=12)

    _user_code_uniq = models.UniqueIndex(
        "(user_id, code)", "This box is already on the screen of that person."
    )
    _hours_positive = models.Constraint(
        "CHECK(hours BETWEEN 1 AND 8784)", "Choose between 1 hour and a year."
    )

    @api.model
    def _get_of_user(self):
        """Return code -> row of the current user."""
        names = ["code", "is_shown", "pipeline", "scope", "window", "about", "hours"]
        mine = self.search_fetch([("user_id", "=", self.env.uid)], names)
        return {box.code: box for box in mine}

    @api.model
    def _ensure(self, code):
        """Return the current user's row of a box; made where he has chosen nothing."""
        found = self._get_of_user().get(code)
        return found or self.create({"code": code})
