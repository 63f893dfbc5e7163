import base64
import logging
from contextlib import contextmanager, nullcontext

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ...tools import enquiry_mail
from ...tools.neutral import IntakeError

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
# Up to this size a file is worked off while the user waits; a larger one by the cron.
INLINE_BYTES = 256 * 1024

ERRORS = {
    "empty": _lt("The file is empty. Ask the sender for a complete one."),
    "too_large": _lt("The file is too large. Ask the sender to split it."),
    "broken": _lt(
        "The file is torn or not well-formed. Ask the sender for a complete one."
    ),
    "hostile": _lt(
        "The file contains constructs that can harm the server and was not read."
    ),
    "unknown_format": _lt(
        "The format is not known. OpenImmo is expected, as XML or ZIP."
    ),
}
PROBLEMS = {
    "missing": _lt("%(field)s is missing"),
    "needed": _lt("%(field)s is missing: the criteria of the source ask for it"),
    "unreadable": _lt("%(field)s cannot be read: %(raw)s"),
    "ambiguous": _lt("%(field)s has several meanings: %(raw)s"),
    "invalid_phone": _lt("Not a valid phone number: %(raw)s"),
}
# Neutral values that are called otherwise in a property, and those that are in none.
FIELDS = {
    "type_code": "type_id",
    "title": "name",
    "currency": "currency_id",
    "country": "country_id",
}
LABELS = {
    "key": _lt("The number of the object"),
    "listing": _lt("The object"),
    "contact": _lt("The contact"),
    "contact.phones": _lt("The phone"),
    "contact.emails": _lt("The mail address"),
    "contact.country": _lt("The contact's country"),
    "kind": _lt("What is wanted"),
}


class IntakeMessage(models.Model):
    """Something that arrived, exactly as it arrived, and what became of it."""

    _name = "estate.intake.message"
    _description = "Intake message"
    _inherit = [
        "estate.intake.listing.mixin",
        "estate.intake.let.in.mixin",
        "estate.intake.filter.mixin",
        "estate.intake.enquiry.mixin",
        "mail.thread",
    ]
    _order = "received_at desc, id desc"

    name = fields.Char("Subject or file", required=True, readonly=True)
    source_id = fields.Many2one(
        "estate.intake.source",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    source_kind = fields.Selection(related="source_id.kind", string="Kind of source")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    kind = fields.Selection(
        [("file", "File"), ("mail", "Mail")], required=True, readonly=True
    )
    raw = fields.Binary("Raw content", attachment=True, readonly=True)
    raw_size = fields.Integer("Size (bytes)", readonly=True)
    content_key = fields.Char(readonly=True, index=True)
    unique_key = fields.Char(required=True, readonly=True)
    received_at = fields.Datetime(required=True, readonly=True, index=True)
    duplicate_count = fields.Integer("Arrived again", readonly=True)

    state = fields.Selection(
        [
            ("received", "Waiting"),
            ("done", "Done"),
            ("to_check", "To check"),
            ("refused", "Refused"),
            ("failed", "Failed"),
        ],
        required=True,
        default="received",
        index=True,
        readonly=True,
    )
    error = fields.Text(readonly=True)
    attempts = fields.Integer(readonly=True)
    item_count = fields.Integer("Objects", readonly=True)
    done_count = fields.Integer("Worked off", readonly=True)
    item_ids = fields.One2many(
        "estate.intake.item", "message_id", "Results", readonly=True
    )
    refused_count = fields.Integer(
        "Refused by criteria", compute="_compute_refused_count"
    )
    lead_ids = fields.One2many(
        "crm.lead",
        "intake_message_id",
        "Leads",
        readonly=True,
        context={"active_test": False},
    )
    # What a person decides about an enquiry that names no property we know.
    property_id = fields.Many2one("estate.property", "It is about", check_company=True)

    _unique_key_uniq = models.Constraint(
        "UNIQUE(source_id, unique_key)", "This message already lies in the inbox."
    )
    _waiting_idx = models.Index(
        "(received_at, id) WHERE state IN ('received', 'failed')"
    )

    @api.depends("item_ids.outcome")
    def _compute_refused_count(self):
        groups = self.env["estate.intake.item"]._read_group(
            [("message_id", "in", self.ids), ("outcome", "=", "refused")],
            ["message_id"],
            ["__count"],
        )
        counts = {message.id: count for message, count in groups}
        for message in self:
            message.refused_count = counts.get(message.id, 0)

    @api.model
    def _has_field_access(self, field, operation):
        # What arrived stays as it arrived; people only say what it is about.
        allowed = super()._has_field_access(field, operation)
        if operation == "read" or self.env.su:
            return allowed
        return allowed and (field.name == "property_id" or not field.readonly)

    # === WORKING OFF ===

    @api.model
    def _get_due_domain(self):
        return [
            ("state", "in", ("received", "failed")),
            ("attempts", "<", MOST_ATTEMPTS),
            ("source_id.active", "=", True),
        ]

    @api.model
    def _cron_process_intake(self, batch=50):
        """Work off the inbox: each message once, a failed one again later."""
        cron = self.env["ir.cron"]
        self._give_up_interrupted()
        seen = []
        cron._commit_progress(remaining=self.search_count(self._get_due_domain()))
        while True:
            domain = [*self._get_due_domain(), ("id", "not in", seen)]
            waiting = self.search(domain, limit=batch, order="received_at, id")
            if not waiting:
                return
            for message in waiting:
                seen.append(message.id)
                message._process(commit=cron._commit_progress)
                if not cron._commit_progress(1):
                    return

    @api.model
    def _give_up_interrupted(self):
        """Show a person what was interrupted, by a killed worker, once too often."""
        self.search(
            [("state", "=", "received"), ("attempts", ">=", MOST_ATTEMPTS)]
        ).write(
            {
                "state": "failed",
                "error": self.env._(
                    "Working it off was interrupted %s times.", MOST_ATTEMPTS
                ),
            }
        )

    @contextmanager
    def _exclusively(self):
        """Work on one message alone, across commits; yield whether we got it.

        A killed worker's connection ends, and with it the lock.
        """
        key = (self._table, self.id)
        # Raw SQL: a lock of the session outlives the commits between two batches.
        self.env.cr.execute(SQL("SELECT pg_try_advisory_lock(hashtext(%s), %s)", *key))
        if not self.env.cr.fetchone()[0]:
            yield False
            return
        try:
            yield True
        finally:
            self.env.cr.execute(
                SQL("SELECT pg_advisory_unlock(hashtext(%s), %s)", *key)
            )

    def _process(self, commit=None):
        """Parse and apply one message; whatever goes wrong stays on the message.

        :param commit: called between the batches of a large file, so that a killed
            worker loses no more than one batch; without it all is one transaction
        :return: False when somebody else is at it
        """
        self.ensure_one()
        with self._exclusively() as is_mine:
            if is_mine:
                self.attempts += 1
                if commit:
                    commit()
                self._process_guarded(commit)
                if commit:
                    commit()
        return is_mine

    def _process_guarded(self, commit):
        try:
            # With commits in between there is no savepoint to go back to.
            with nullcontext() if commit else self.env.cr.savepoint():
                outcome = self._apply_raw(commit or (lambda: None))
            self.write({"error": False, **outcome})
        except IntakeError as error:
            self._keep_error("refused", self._explain(error))
        except OperationalError:
            # The database asks to come again, such as after a rival's commit: in a
            # request Odoo does, from the job the message waits for the next round.
            if not commit:
                raise
            # rollback: what this batch began; the batches before are committed
            self.env.cr.rollback()
            self._trigger_job()
        except Exception as error:
            if commit:
                # rollback: what this batch began; the batches before are committed
                self.env.cr.rollback()
            # Ids and kinds of errors only: strangers' texts belong into no log.
            _logger.exception("Intake message %s: %s", self.id, type(error).__name__)
            self._keep_error("failed", f"{type(error).__name__}: {error}")

    def _apply_raw(self, commit):
        """Parse the raw content and apply it; answered by kind of source."""
        raw = base64.b64decode(self.raw or b"")
        if self.source_id.kind == "mail":
            return self._apply_enquiries(raw)
        return self._apply_listings(self._get_listing_files(raw), commit)

    def _keep_error(self, state, text):
        self.invalidate_recordset()
        self.write({"state": state, "error": text})

    @api.model
    def _explain(self, error):
        """Return the sentence for an error of the parser, with where it happened."""
        sentence = str(ERRORS.get(error.code, error.code))
        return f"{sentence} ({error.detail})" if error.detail else sentence

    @api.model
    def _explain_problems(self, problems):
        """Return one line for each problem a parser met."""
        lines = []
        for problem in problems:
            label = self._get_problem_label(problem.field)
            sentence = str(PROBLEMS[problem.code])
            lines.append(sentence % {"field": label, "raw": problem.raw})
        return "\n".join(lines)

    @api.model
    def _get_problem_label(self, name):
        """Return the words a person knows a neutral value by."""
        if name in LABELS:
            return str(LABELS[name])
        field = self.env["estate.property"]._fields.get(FIELDS.get(name, name))
        return field._description_string(self.env) if field else name

    # === ACTIONS ===

    def action_process(self):
        """Work off these messages; a large file is left to the job, with progress."""
        self.check_access("write")
        # sudo: estate.intake.message - a person may start it; what it makes, such as a
        # colleague's lead, is the intake's own doing
        for message in self.sudo():
            if message.raw_size > INLINE_BYTES:
                message.write({"state": "received", "attempts": 0})
                self._trigger_job()
            elif not message._process():
                raise UserError(
                    self.env._(
                        "%s is being worked off right now. Look again in a moment.",
                        message.name,
                    )
                )
        return True

    def action_replay(self):
        """Parse again, after the sender or the product was mended; nothing doubles."""
        if unfit := self.filtered(lambda m: not m.raw_size):
            raise UserError(
                self.env._(
                    "%s has no raw content any more and cannot be parsed again.",
                    unfit[0].name,
                )
            )
        self.check_access("write")
        # sudo: estate.intake.message and its items - kept by the intake alone
        messages = self.sudo()
        messages.item_ids.unlink()
        messages.write({"state": "received", "attempts": 0, "error": False})
        return self.action_process()

    @api.model
    def _trigger_job(self):
        # sudo: ir.cron - only the moment is set
        self.env.ref("crm_real_estate.ir_cron_process_intake").sudo()._trigger()

    def _erase_raw(self):
        """Delete the raw content; that something arrived, and when, stays."""
        self.write({"raw": False, "raw_size": 0, "name": "[erased]", "error": False})
        self.message_ids.unlink()

    # === MAIL GATEWAY ===

    @api.model
    def _receive_mail(self, source, raw, subject):
        """Store a mail for a source; it is parsed by the job, never here."""
        message = source._store("mail", subject, raw, enquiry_mail.fingerprint(raw))
        self._trigger_job()
        return message
