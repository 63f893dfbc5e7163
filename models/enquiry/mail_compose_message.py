from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import inner
from ..groups import MEMBERS


class ComposerEnquiry(models.AbstractModel):
    """Who writes to a contact with several open enquiries says which one he answers."""

    _name = "estate.composer.enquiry.mixin"
    _description = "Mail composer: associated to an enquiry"

    estate_open_lead_ids = fields.Many2many(
        "crm.lead",
        string="Open enquiries",
        compute="_compute_estate_open_lead_ids",
        groups=MEMBERS,
    )
    estate_lead_id = fields.Many2one(
        "crm.lead",
        "Associated to",
        compute="_compute_estate_lead_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', estate_open_lead_ids)]",
        ondelete="set null",
        groups=MEMBERS,
        copy=False,
        help="The answer counts for this enquiry, and for no other of the contact.",
    )

    @api.depends("model", "res_ids", "composition_mode", "subtype_id")
    def _compute_estate_open_lead_ids(self):
        for composer in self:
            contact = composer._get_estate_contact()
            leads = contact._get_choosable_leads()
            composer.estate_open_lead_ids = leads if len(leads) > 1 else False

    @api.depends("estate_open_lead_ids", "parent_id")
    def _compute_estate_lead_id(self):
        for composer in self:
            contact = composer._get_estate_contact()
            told = composer.estate_lead_id or contact._get_lead_of(composer.parent_id)
            ids = set(composer.estate_open_lead_ids._origin.ids)
            composer.estate_lead_id = told if told.id in ids else False

    def _get_estate_contact(self):
        """Return the contact that this composer writes to by hand, if it is one."""
        contacts = self.env["res.partner"]
        if self.model != "res.partner" or self.composition_mode != "comment":
            return contacts
        if self.subtype_id.internal:
            return contacts
        ids = self._evaluate_res_ids()
        return contacts.browse(ids) if len(ids) == 1 else contacts

    def _associate(self):
        """Return this composer so that the journal tells of the chosen enquiry.

        Enquiries that the user may not see are not asked for: of one that he sees
        among others he writes, and without any the journal tells of the contact alone.

        :raises UserError: the contact has several, and none of them was chosen
        """
        if not self.env.user.has_groups(MEMBERS) or inner.hear(self.env, "automatic"):
            return self
        leads = self._get_estate_contact()._get_choosable_leads()
        if len(leads) < 2:
            return inner.say(self, associated=leads.id) if leads else self
        if self.estate_lead_id not in leads:
            raise UserError(
                self.env._(
                    "%(contact)s has %(count)s open enquiries. Choose under "
                    '"Associated to" which one you answer.',
                    contact=self._get_estate_contact().name,
                    count=len(leads),
                )
            )
        return inner.say(self, associated=self.estate_lead_id.id)
