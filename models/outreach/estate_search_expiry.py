from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import hash_sign, verify_hash_signed

from .. import inner

TEMPLATE = "crm_real_estate.mail_template_search_expiry"
RENEWAL_SCOPE = "estate.search.renewal"
BATCH = 50


def _was_asked_before(_model, alias, _query):
    """Return the condition that another end was asked about than there is now."""
    return SQL(
        "%s <> %s",
        SQL.identifier(alias, "asked_for"),
        SQL.identifier(alias, "expires_on"),
    )


class Search(models.Model):
    """A search that ends soon: its seeker says by a link whether it goes on."""

    _name = "estate.search"
    _inherit = ["estate.search", "estate.retry.mixin"]

    asked_for = fields.Date(
        "Asked about",
        readonly=True,
        copy=False,
        help="The end that the seeker was asked about: once for each.",
    )

    @api.model
    def _cron_ask_before_expiry(self):
        """Ask the seekers whose searches end soon, each once for each end."""
        progress = self.env["ir.cron"]._commit_progress
        while searches := self._take(self._get_ask_domain(), BATCH):
            searches._try(lambda due: due._ask_before_expiry())
            if not progress(len(searches)):
                return

    @api.model
    def _get_ask_domain(self):
        """Return the domain of searches whose seekers are to be asked today."""
        today = fields.Date.today()
        companies = self.env["res.company"].search([])  # pylint: disable=no-search-all
        soon = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain(
                "expires_on",
                "<=",
                today + timedelta(days=company.estate_search_notice_days),
            )
            for company in companies
        )
        return (
            Domain("active", "=", True)
            & Domain("expires_on", ">=", today)
            & soon
            & (
                Domain("asked_for", "=", False)
                | Domain.custom(to_sql=_was_asked_before)
            )
        )

    def _ask_before_expiry(self):
        """Send the question where it may be sent; it counts as asked either way."""
        allowed = self.partner_id._may_receive_automatic("email", "matching")
        asked = self.filtered(lambda search: search.partner_id in allowed)
        for expiry, searches in self.grouped("expires_on").items():
            searches.write({"asked_for": expiry})
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        if not (asked and template):
            return
        said = inner.say(
            template, automatic=True, purpose="matching", journal_skip=True
        )
        mails = said.send_mail_batch(
            asked.ids, email_values={"auto_delete": False, "estate_automatic": True}
        )
        self.env["estate.interaction"]._write_journal(
            [
                {
                    "type": "mail_sent",
                    "partner_id": search.partner_id.id,
                    "search_id": search.id,
                    "company_id": search.company_id.id,
                    "summary": mail.subject,
                    "is_automatic": True,
                    "origin": f"mail.message,{mail.mail_message_id.id}",
                }
                for search, mail in zip(asked, mails, strict=True)
                if mail.state != "cancel"
            ]
        )

    # === LINKS ===

    def _get_renewal_url(self):
        self.ensure_one()
        # sudo: ir.config_parameter - the secret that signs
        token = hash_sign(self.sudo().env, RENEWAL_SCOPE, self.id)
        return f"{self.get_base_url()}/real_estate/search/{token}"

    @api.model
    def _read_renewal_token(self, token):
        """Return the search that a link stands for, empty when it is none."""
        # sudo: estate.search - who has the signed link searches himself
        searches = self.sudo().with_context(active_test=False)
        try:
            search_id = verify_hash_signed(searches.env, RENEWAL_SCOPE, token)
        except ValueError:
            return searches
        return searches.browse(search_id or ()).exists()
