from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ...tools import enquiry_mail
from ...tools.mail_parts import read_envelope
from ...tools.neutral import IntakeError

_lt = LazyTranslate(__name__)
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
        "estate.intake.balance.mixin",
        "estate.intake.work.mixin",
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

    # === WORDS ===

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

    # === ERASURE ===

    def _erase_raw(self):
        """Delete the raw content; that something arrived, and when, stays."""
        self.write({"raw": False, "raw_size": 0, "name": "[erased]", "error": False})
        self.message_ids.unlink()

    # === MAIL GATEWAY ===

    @api.model
    def _receive_mail(self, source, raw):
        """Store a mail for a source; it is parsed by the job, never here.

        :param source: `estate.intake.source`
        :param bytes raw: the mail as it came, readable or not
        :return: the `estate.intake.message`, new or found
        """
        try:
            key = enquiry_mail.fingerprint(raw)
        except IntakeError:
            # Too large or torn: its bytes tell it apart, the job says what is wrong.
            key = None
        message = source._store("mail", read_envelope(raw).subject, raw, key)
        self._trigger_job()
        return message
