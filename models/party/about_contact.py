from odoo import api, fields, models
from odoo.fields import Domain


class AboutContact(models.AbstractModel):
    """A record that tells about a contact: it is seen by who sees the contact.

    A model that inherits this names its contact in `partner_id`, or in the field that
    `_contact_field` says, and has a record rule with `is_contact_visible`.
    """

    _name = "estate.about.contact.mixin"
    _description = "Tells about a contact"

    _contact_field = "partner_id"

    is_contact_visible = fields.Boolean(
        "Contact visible to me",
        compute="_compute_is_contact_visible",
        search="_search_is_contact_visible",
    )

    @api.depends(lambda self: (self._contact_field,))
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_contact_visible(self):
        if self.env["res.partner"]._get_visible_domain().is_true():
            self.is_contact_visible = True
            return
        for record in self:
            # sudo: res.partner - only whether the user sees the contacts is read
            contacts = record.sudo()[self._contact_field]
            record.is_contact_visible = all(
                contact.is_estate_visible for contact in contacts
            )

    @api.model
    def _search_is_contact_visible(self, operator, value):
        if operator != "in":
            return NotImplemented
        contacts = self.env["res.partner"]._get_visible_domain()
        if contacts.is_true():
            visible = Domain.TRUE
        else:
            seen = Domain(self._contact_field, "any!", contacts)
            visible = Domain(self._contact_field, "=", False) | seen
        return Domain.OR(visible if wanted else ~visible for wanted in value)
