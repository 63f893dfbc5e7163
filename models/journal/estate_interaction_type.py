from odoo import api, fields, models, tools
from odoo.exceptions import UserError


class InteractionType(models.Model):
    """A kind of thing that happens between the agency and a person."""

    _name = "estate.interaction.type"
    _description = "Interaction type"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, copy=False, help="What rules and reports call it."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    icon = fields.Char(
        default="fa-circle-o", help="Icon of the timeline, such as fa-phone."
    )
    is_manual = fields.Boolean(
        "Offered by hand",
        default=True,
        help="Shown in the list when a person logs an action.",
    )
    is_response = fields.Boolean(
        "Counts as an answer", help="Stops the response clock when a person does it."
    )
    is_owner_visible = fields.Boolean(
        "In owners' reports",
        help="Listed in the activity report of the property's owner.",
    )
    owner_text = fields.Char(
        "Words for owners",
        translate=True,
        help="What an owner reads instead of the summary, which may name seekers.",
    )
    section = fields.Selection(
        [("action", "Actions"), ("viewing", "Viewing reports")],
        required=True,
        default="action",
        help="Part of the owner's report that lists it.",
    )
    company_id = fields.Many2one("res.company", index="btree_not_null")

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "This code is already used by another interaction type.",
    )

    @api.model
    def _get(self, code):
        """Return the type with this code, archived or not; it is shipped data.

        :raises ValueError: when somebody deleted it
        """
        return self.browse(self._get_id(code))

    @api.model
    @tools.ormcache("code")
    def _get_id(self, code):
        # sudo: estate.interaction.type - the journal is written by everybody
        found = (
            self.sudo()
            .with_context(active_test=False)
            .search([("code", "=", code)], order="company_id, id", limit=1)
        )
        if not found:
            raise ValueError(
                f"No interaction type has the code {code}: update the module."
            )
        return found.id

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if "code" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shipped(self):
        # sudo: ir.model.data - only where these rows come from is read
        shipped = self.env["ir.model.data"].sudo()
        found = shipped.search(
            [
                ("module", "=", "crm_real_estate"),
                ("model", "=", self._name),
                ("res_id", "in", self.ids),
            ]
        )
        if found:
            names = self.browse(found.mapped("res_id")).mapped("display_name")
            raise UserError(
                self.env._(
                    "%s cannot be deleted: the product works with it. Archive it, then "
                    "nobody can choose it any more.",
                    ", ".join(names),
                )
            )
