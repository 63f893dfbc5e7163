from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import hash_sign, verify_hash_signed

from .. import inner

TEMPLATE = "crm_real_estate.mail_template_offer"
# So many are written to at once while the person waits; more are left to the job.
MOST_AT_ONCE = 30
BATCH = 20
ANSWER_SCOPE = "estate.offer"
# An offer can be answered for so long; after that the property is gone anyway.
ANSWER_HOURS = 24 * 365


class Pair(models.Model):
    """Writing to a match: a quiet lead in phase 1 and a mail that can be answered."""

    _name = "estate.pair"
    _inherit = ["estate.pair", "estate.retry.mixin"]

    is_queued = fields.Boolean("Being sent", readonly=True)
    queued_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")

    _queued_idx = models.Index("(id) WHERE is_queued")

    # === SEND ===

    def _queue(self):
        """Write to these seekers: few at once, many by the job, each once.

        :return: number of those already written to; None: the job writes to them
        """
        now, _left_out = self._sort_out()
        # sudo: estate.pair - who may see a match may have it sent; see `_remember`
        queued = now.filtered(lambda pair: not pair.is_queued).sudo()
        queued._forget_failures()
        queued.write(
            {"is_queued": True, "is_remembered": True, "queued_by_id": self.env.uid}
        )
        if len(queued) <= MOST_AT_ONCE:
            return len(queued._send())
        # sudo: ir.cron - whoever writes to many wakes the job
        self.env.ref("crm_real_estate.ir_cron_send_offers").sudo()._trigger()
        return None

    @api.model
    def _cron_send_offers(self):
        """Send what is queued, in batches; a killed job goes on where it ended."""
        progress = self.env["ir.cron"]._commit_progress
        queued = Domain("is_queued", "=", True)
        while pairs := self._take(queued, BATCH):
            pairs._try(lambda taken: taken._send())
            waiting = queued & self._get_workable_domain()
            if not progress(len(pairs), remaining=self.search_count(waiting)):
                return

    def _hold_back(self, reason):
        super()._hold_back(reason)
        # Who sees why may write to this seeker again.
        self.write({"is_queued": False})

    def _send(self):
        """Make the leads, queue the mails and remember it, in one transaction.

        Who said no meanwhile, or was just written to, is left out.

        :return: the pairs written to
        """
        now, _left_out = self._sort_out()
        self.write({"is_queued": False})
        leads = now._prepare_leads()
        offered = [leads[pair] for pair in now]
        mails = self._mail_offers(offered)
        sent = self.browse()
        rows = []
        for pair, lead, mail in zip(now, offered, mails, strict=True):
            if mail.state == "cancel":
                continue
            sent |= pair
            pair._mark_sent(lead)
            rows.append(pair._prepare_sent_row(lead, mail))
        self.env["estate.interaction"]._write_journal(rows)
        return sent

    def _prepare_leads(self):
        """Return the lead of each of these pairs; missing ones are created quietly."""
        known = {
            (lead.partner_id.id, lead.property_id.id): lead
            for lead in self._find_leads()
        }
        leads = {
            pair: known[pair.partner_id.id, pair.property_id.id]
            for pair in self
            if (pair.partner_id.id, pair.property_id.id) in known
        }
        missing = self.filtered(lambda pair: pair not in leads)
        leads |= missing._create_leads()
        for pair, lead in leads.items():
            if not lead.search_id:
                lead.search_id = pair.search_id
            # The mail has to know its pair before it is written.
            pair.lead_id = lead
        return leads

    @api.model
    def _mail_offers(self, leads):
        """Queue the offer of each of these leads; return the mails in their order."""
        if not leads:
            return self.env["mail.mail"]
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        if not template:
            raise UserError(
                self.env._(
                    "The mail template of offers was deleted: update the module."
                )
            )
        said = inner.say(
            # sudo: mail.template - which words an offer has, whoever sends it
            template.sudo(),
            automatic=True,
            purpose="matching",
            journal_skip=True,
        )
        return said.send_mail_batch(
            [lead.id for lead in leads],
            email_values={"auto_delete": False, "estate_automatic": True},
        )

    def _prepare_sent_row(self, lead, mail):
        return {
            "type": "matching_mail",
            "lead_id": lead.id,
            "search_id": self.search_id.id,
            "summary": mail.subject,
            "is_automatic": True,
            "user_id": (self.queued_by_id or self.env.user).id,
            "origin": f"mail.message,{mail.mail_message_id.id}",
        }

    # === ANSWER BY LINK ===

    @api.model
    def _read_answer_token(self, token):
        """Return the pair that a link of an offer stands for, empty when it is none."""
        # sudo: estate.pair - who has the signed link was written to
        pairs = self.sudo()
        try:
            pair_id = verify_hash_signed(pairs.env, ANSWER_SCOPE, token)
        except ValueError:
            return pairs
        return pairs.browse(pair_id or ()).exists()

    def _get_answer_url(self):
        self.ensure_one()
        # sudo: ir.config_parameter - the secret that signs
        token = hash_sign(
            self.sudo().env, ANSWER_SCOPE, self.id, expiration_hours=ANSWER_HOURS
        )
        return f"{self.property_id.get_base_url()}/real_estate/offer/{token}"
