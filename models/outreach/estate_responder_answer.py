import logging
from collections import Counter
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import email_normalize

from ...tools import mail_nature
from .. import inner

_logger = logging.getLogger(__name__)
LAYOUT = "mail.mail_notification_light"
# Nobody asks about more properties in a day; a machine that answers us does.
MOST_ANSWERS_A_DAY = 10
HEADERS = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
REASONS = [
    ("opted_out", "Does not want automatic mails"),
    ("no_address", "Has no mail address"),
    ("machine", "The address is read by no person"),
    ("own_address", "The address is our own"),
    ("loop", "Got too many automatic answers today"),
    ("text_failed", "The text could not be made: look at its placeholders"),
    ("mail_failed", "The mail could not be sent"),
]


class ResponderAnswer(models.Model):
    """The one automatic answer that an enquiry gets, or why it got none."""

    _name = "estate.responder.answer"
    _description = "Automatic answer to an enquiry"
    _inherit = "estate.about.contact.mixin"
    _order = "create_date desc, id desc"
    _rec_name = "lead_id"

    responder_id = fields.Many2one(
        "estate.responder", "Answered by", ondelete="set null", index=True
    )
    lead_id = fields.Many2one(
        "crm.lead", "Enquiry", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(related="lead_id.partner_id", string="Contact")
    property_id = fields.Many2one(related="lead_id.property_id")
    state = fields.Selection(
        [
            ("waiting", "Being sent"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("left_out", "Not answered"),
        ],
        required=True,
        default="waiting",
        index=True,
    )
    reason = fields.Selection(REASONS)
    stage_id = fields.Many2one("crm.stage", "Then moved to", ondelete="set null")
    message_id = fields.Many2one(
        "mail.message", "Mail", ondelete="set null", index="btree_not_null"
    )
    sent_at = fields.Datetime("Sent on")
    company_id = fields.Many2one("res.company", required=True, index=True)

    _lead_uniq = models.UniqueIndex(
        "(lead_id)", "An enquiry gets one automatic answer."
    )

    # === ANSWER ===

    @api.model
    def _answer(self, responder, leads):
        """Let a responder answer these enquiries; who gets no mail is noted with why.

        :param leads: `crm.lead` of seekers that were never answered by a machine
        """
        obstacles = self._get_obstacles(leads)
        answers = self.create(
            [
                {
                    "responder_id": responder.id,
                    "lead_id": lead.id,
                    "stage_id": responder.stage_id.id,
                    "company_id": responder.company_id.id,
                    "state": "left_out" if obstacles.get(lead) else "waiting",
                    "reason": obstacles.get(lead),
                }
                for lead in leads
            ]
        )
        for answer in answers.filtered(lambda a: a.state == "waiting"):
            answer._try_to_post()
        return answers

    @api.model
    def _get_obstacles(self, leads):
        """Return why these enquiries get no automatic answer: lead -> reason."""
        seekers = leads.partner_id
        allowed = seekers._may_receive_automatic("email", "answer")
        addresses = set(filter(None, leads.partner_id.mapped("email_normalized")))
        own = self._get_own_addresses(addresses)
        busy = self._get_busy_contacts(leads)
        obstacles = {}
        for lead in leads:
            address = lead.partner_id.email_normalized
            if not address:
                obstacles[lead] = "no_address"
            elif lead.partner_id not in allowed:
                obstacles[lead] = "opted_out"
            elif mail_nature.is_robot(address):
                obstacles[lead] = "machine"
            elif address in own:
                obstacles[lead] = "own_address"
            elif lead.partner_id in busy:
                obstacles[lead] = "loop"
        return obstacles

    @api.model
    def _get_own_addresses(self, addresses):
        """Return those of these addresses that belong to the agency itself."""
        if not addresses:
            return set()
        # sudo: mail.alias, res.users, res.company - addresses are only compared
        env = self.sudo().env
        own = set(
            env["mail.alias"]
            .search([("alias_full_name", "in", list(addresses))])
            .mapped("alias_full_name")
        )
        users = env["res.users"].search(
            [("share", "=", False), ("email_normalized", "in", list(addresses))]
        )
        companies = env["res.company"].search([])  # pylint: disable=no-search-all
        own |= set(users.mapped("email_normalized"))
        own |= {email_normalize(company.email or "") for company in companies}
        return own

    @api.model
    def _get_busy_contacts(self, leads):
        """Return the contacts that got as many answers today as a person can get."""
        since = fields.Datetime.now() - timedelta(days=1)
        answers = self.search(
            [
                ("lead_id.partner_id", "in", leads.partner_id.ids),
                ("state", "in", ("waiting", "sent")),
                ("create_date", ">=", since),
            ]
        )
        counts = Counter(answer.partner_id for answer in answers)
        return {who for who, count in counts.items() if count >= MOST_ANSWERS_A_DAY}

    def _try_to_post(self):
        """Post the answer; an enquiry is never lost because of its answer."""
        try:
            with self.env.cr.savepoint():
                self._post()
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - the enquiry comes first
            _logger.warning("Answer %s failed: %s", self.id, type(error).__name__)
            self.write({"state": "failed", "reason": "text_failed"})

    def _post(self):
        """Post the answer on the enquiry: it leaves when this transaction is over."""
        lead = self.lead_id
        lang = lead.partner_id.lang or self.company_id.partner_id.lang or self.env.lang
        responder = self.responder_id.with_context(lang=lang)
        template = responder.template_id
        text = template._generate_template(
            lead.ids, {"subject", "body_html", "attachment_ids"}
        )[lead.id]
        body = text["body_html"]
        if responder.signature:
            body += responder.signature
        # The journal tells of it when it was sent, and not when it was only tried.
        quiet = lead.with_context(lang=lang, mail_post_autofollow=False)
        # The one automatic mail that does not wait for the morning.
        quiet = inner.say(
            quiet, automatic=True, purpose="answer", at_once=True, journal_skip=True
        )
        author = lead.user_id.partner_id or self.company_id.partner_id
        self.message_id = quiet.message_post(
            body=body,
            subject=responder.subject or text["subject"],
            author_id=author.id,
            email_from=responder.sender
            or author.email_formatted
            or self.company_id.email_formatted,
            attachment_ids=[
                *responder.attachment_ids.ids,
                *text.get("attachment_ids", ()),
            ],
            partner_ids=lead.partner_id.ids,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid=LAYOUT,
            mail_auto_delete=False,
            mail_headers=HEADERS,
            notify_skip_followers=True,
        )

    # === WHAT BECAME OF THE MAIL ===

    @api.model
    def _note_mails_sent(self, messages, is_sent):
        """The mails of these messages left, or could not."""
        answers = self.search(
            [
                ("message_id", "in", messages.ids),
                ("state", "in", ("waiting", "failed")),
            ]
        )
        if not is_sent:
            answers.write({"state": "failed", "reason": "mail_failed"})
            return
        answers.write(
            {"state": "sent", "reason": False, "sent_at": fields.Datetime.now()}
        )
        automatic = inner.say(answers, automatic=True)
        rows = automatic.env["estate.interaction"]._write_journal(
            [answer._prepare_journal_vals() for answer in automatic]
        )
        for answer in automatic.filtered("stage_id"):
            lead = answer.lead_id
            if lead.pipeline == answer.stage_id.pipeline:
                stage = lead._get_phase(answer.stage_id.phase_number)
                told = rows.filtered(lambda row, lead=lead: row.lead_id == lead)
                lead._advance_to_phase(stage, "rule", told)

    def _prepare_journal_vals(self):
        self.ensure_one()
        return {
            "type": "auto_answer",
            "lead_id": self.lead_id.id,
            "summary": self.message_id.subject,
            "is_automatic": True,
            "origin": f"estate.responder.answer,{self.id}",
        }
