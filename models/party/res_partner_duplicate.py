from odoo import api, fields, models

from ...tools import names
from ..groups import MEMBERS


class PartnerDuplicate(models.AbstractModel):
    """A contact that may stand in the database twice."""

    _name = "estate.partner.duplicate.mixin"
    _description = "Contact: duplicates"

    estate_identity_key = fields.Char(
        compute="_compute_estate_identity_key",
        store=True,
        groups=MEMBERS,
        help="The words of the name, a bar, and the address when it is known.",
    )
    duplicate_count = fields.Integer(
        "Possible duplicates",
        compute="_compute_duplicate_count",
        groups="crm_real_estate.group_office_manager",
    )

    @api.depends("name", "street", "zip", "city")
    def _compute_estate_identity_key(self):
        for partner in self:
            partner.estate_identity_key = partner._prepare_identity_key()

    def _prepare_identity_key(self):
        street = names.name_key(self.street or "")
        town = names.name_key(self.zip or self.city or "")
        address = f"{street} {town.replace(' ', '')}" if street and town else ""
        return f"{names.name_key(self.name or '')}|{address}"

    @api.model
    def _get_key_sources(self):
        return [*super()._get_key_sources(), "street", "zip", "city"]

    @api.model
    def _get_key_makers(self):
        return super()._get_key_makers() | {
            "estate_identity_key": lambda partner: partner._prepare_identity_key()
        }

    def _compute_duplicate_count(self):
        counts = dict(
            self.env["estate.contact.duplicate"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.duplicate_count = counts.get(partner, 0)

    def action_open_duplicates(self):
        """Open the contacts that may be the same person as this one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Possible duplicates"),
            "res_model": "estate.contact.duplicate",
            "view_mode": "list,kanban",
            "domain": [("partner_id", "=", self.id)],
        }

    # === MERGE ===

    def _on_merging(self, others):
        super()._on_merging(others)
        self._take_over_address("phone", "phone_sanitized", others)
        self._take_over_address("email", "email_normalized", others)

    def _take_over_address(self, name, key, others):
        """Keep a phone or mail of merged contacts that would be lost as the second."""
        second, second_key = f"second_{name}", f"second_{key}"
        if not self[name] or self[second]:
            # Odoo itself fills in what is empty.
            return
        told = [(other[name], other[key]) for other in others]
        told += [(other[second], other[second_key]) for other in others]
        lost = [text for text, plain in told if text and plain != self[key]]
        self[second] = next(iter(lost), False)
