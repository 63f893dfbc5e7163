import binascii
from datetime import datetime

from odoo import api, fields, models
from odoo.tools import format_datetime, hash_sign, verify_hash_signed

from .. import inner

SCOPE = "crm_real_estate.opt_out"
EPOCH = datetime(1970, 1, 1)
MOST_SUBJECT = 40


class OptOut(models.Model):
    """What the links in automatic mails point to: a contact, and what told it first.

    A row per contact, so that a link works for years and follows the contact when it
    is merged into another one. Its signature makes a link useless for anybody else.
    """

    _name = "estate.opt.out"
    _description = "Way out of automatic messages"
    _order = "id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, ondelete="cascade", index=True
    )
    first_mail = fields.Integer(
        "First automatic mail",
        help="Number of the message that told the contact what such mails are.",
    )
    told_at = fields.Datetime("Told on", required=True, default=fields.Datetime.now)

    # === LINKS ===

    @api.model
    def _get_ways_out(self, partners, mail):
        """Return contact -> its row; who has none is told first by this mail.

        :param int mail: id of the `mail.message` that will hold the links
        """
        # sudo: estate.opt.out - whoever sends, each contact gets its own way out
        rows = self.sudo()
        ways = {
            row.partner_id: row
            for row in rows.search(
                [("partner_id", "in", partners.ids)], order="id desc"
            )
        }
        fresh = [partner for partner in partners if partner not in ways]
        created = rows.create(
            [{"partner_id": partner.id, "first_mail": mail} for partner in fresh]
        )
        return ways | dict(zip(fresh, created, strict=True))

    def _get_path(self, mail, subject, moment):
        """Return the path of the page behind the link of one mail."""
        self.ensure_one()
        seconds = int((moment - EPOCH).total_seconds())
        values = [self.id, mail, seconds, (subject or "")[:MOST_SUBJECT]]
        # sudo: ir.config_parameter - the secret signs, it is never shown
        token = hash_sign(self.env(su=True), SCOPE, values)
        return f"/real_estate/messages/{token}"

    @api.model
    def _read_token(self, token):
        """Return (row, id of the mail, its moment, its subject); an empty row if wrong.

        :param str token: from anybody
        """
        nothing = (self.browse(), 0, False, "")
        try:
            # sudo: ir.config_parameter - the secret checks, it is never shown
            values = verify_hash_signed(self.env(su=True), SCOPE, token)
        except (ValueError, IndexError, binascii.Error):
            return nothing
        if not values:
            return nothing
        row_id, mail, seconds, subject = values
        # sudo: estate.opt.out - the signature is the right to this one row
        row = self.sudo().browse(row_id).exists()
        return row, mail, fields.Datetime.add(EPOCH, seconds=seconds), subject

    # === WHAT THE PAGE DOES ===

    def _say(self, allowed, mail, moment, subject):
        """The contact itself allowed or forbade automatic messages, by a link."""
        self.ensure_one()
        # sudo: res.partner - the signature of the link is the person's right
        partner = self.partner_id.sudo()
        if partner.automatic_messages_allowed == allowed:
            return
        when = format_datetime(self.env, moment, dt_format="short")
        source = self.env._(
            "Link in the mail “%(subject)s” of %(moment)s", subject=subject, moment=when
        )
        company = partner.company_id or partner.user_id.company_id or self.env.company
        told = inner.say(
            partner.with_company(company), consent_source=source, consent_mail=mail
        )
        told.automatic_messages_allowed = allowed
