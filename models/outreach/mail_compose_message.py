from odoo import api, fields, models

from ..groups import MEMBERS
from ..party.estate_consent import BATCH_PURPOSES


class ComposeOutreach(models.AbstractModel):
    """A mail to many: it says beforehand who will not get it, and why."""

    _name = "estate.compose.outreach.mixin"
    _description = "Composer: who is left out"

    estate_left_out = fields.Text(
        "Left out", compute="_compute_estate_left_out", groups=MEMBERS
    )

    estate_purpose = fields.Selection(
        BATCH_PURPOSES,
        "It is about",
        compute="_compute_estate_purpose",
        store=True,
        readonly=False,
        help="A mail to several contacts is automatic. Advertising goes only to those "
        "who agreed to it; nothing goes to who forbade automatic messages.",
    )

    @api.depends("model")
    def _compute_estate_purpose(self):
        # Who writes to contacts without a case of theirs advertises.
        for composer in self:
            is_general = composer.model == "res.partner"
            composer.estate_purpose = "advertising" if is_general else "all"

    @api.depends("composition_mode", "model", "res_ids", "estate_purpose")
    def _compute_estate_left_out(self):
        self.estate_left_out = False
        for composer in self:
            ids = composer._evaluate_res_ids() or []
            is_batch = composer.composition_mode == "mass_mail" and len(ids) > 1
            if is_batch and composer.model in ("crm.lead", "res.partner"):
                records = self.env[composer.model].browse(ids).exists()
                # sudo: lead, contact - of what the user sees, the gate sees all
                records = records._filtered_access("read").sudo()
                composer.estate_left_out = self._name_left_out(
                    records, composer.estate_purpose
                )

    @api.model
    def _name_left_out(self, records, purpose="all"):
        """Return who of these leads or contacts gets no mail of a batch, and why."""
        is_lead = records._name == "crm.lead"
        without = records.filtered(
            lambda record: (
                not ((is_lead and record.partner_id) or record).email_normalized
            )
        )
        opted_out = records._get_left_out("email", purpose or "all") - without
        lines = []
        if opted_out:
            why = self.env._("Do not want automatic mails")
            if purpose == "advertising":
                why = self.env._("Did not agree to advertising, or want no mails")
            lines.append(
                self.env._(
                    "%(why)s: %(names)s",
                    why=why,
                    names=", ".join(self._get_contact_names(opted_out)),
                )
            )
        if without:
            lines.append(
                self.env._(
                    "Have no mail address: %s",
                    ", ".join(self._get_contact_names(without)),
                )
            )
        return "\n".join(lines) or False

    @api.model
    def _get_contact_names(self, records):
        is_lead = records._name == "crm.lead"
        names = {
            (is_lead and record.partner_id.name) or record.name for record in records
        }
        return sorted(filter(None, names))
