import logging
from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize

_logger = logging.getLogger(__name__)

TEMPLATE = "crm_real_estate.mail_template_responder"
STATUSES = [
    ("planned", "Not yet begun"),
    ("running", "Answering"),
    ("ended", "Ended"),
    ("off", "Switched off"),
]


class Responder(models.Model):
    """Answers enquiries by itself, at once, as long as it is switched on."""

    _name = "estate.responder"
    _description = "Automatic answer"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, default=lambda self: self.env._("Answer"))
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    # Which enquiries
    property_id = fields.Many2one(
        "estate.property",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="Its enquiries are answered by this one before any other. Empty: all "
        "enquiries that pass the filter.",
    )
    domain = fields.Char(
        "Filter", default="[]", help="Empty: every enquiry of the company."
    )
    date_start = fields.Datetime("From", required=True, default=fields.Datetime.now)
    date_end = fields.Datetime(
        "Until",
        help="It switches itself off at this moment. Empty: it goes on until somebody "
        "switches it off.",
    )
    # What is sent
    template_id = fields.Many2one(
        "mail.template",
        "Text",
        required=True,
        ondelete="restrict",
        domain="[('model', '=', 'crm.lead')]",
        default=lambda self: self.env.ref(TEMPLATE, raise_if_not_found=False),
    )
    sender = fields.Char(
        help="Mail address that the answer comes from. Empty: the agent of the "
        "enquiry, else the company."
    )
    subject = fields.Char(translate=True, help="Empty: the subject of the text.")
    signature = fields.Html(
        translate=True, help="Stands under the text. Empty: the text has its own."
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Attachments")
    stage_id = fields.Many2one(
        "crm.stage",
        "Then move to",
        ondelete="set null",
        domain="[('pipeline', 'in', ('sale', 'rent')), "
        "('is_cancellation', '=', False)]",
        help="The phase of the enquiry once the answer was sent; one that could not be "
        "sent moves nothing. The enquiry is only moved forward.",
    )
    # What became of it
    status = fields.Selection(STATUSES, compute="_compute_status")
    answer_ids = fields.One2many("estate.responder.answer", "responder_id", "Answers")
    answer_count = fields.Integer("Answered", compute="_compute_answer_count")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )

    _ends_after_start = models.Constraint(
        "CHECK(date_end > date_start)", "An automatic answer must end after it begins."
    )

    # === COMPUTE ===

    @api.depends("active", "date_start", "date_end")
    def _compute_status(self):
        now = fields.Datetime.now()
        for responder in self:
            if not responder.active:
                responder.status = "off"
            elif responder.date_end and responder.date_end <= now:
                responder.status = "ended"
            else:
                is_ahead = responder.date_start and responder.date_start > now
                responder.status = "planned" if is_ahead else "running"

    @api.depends("answer_ids.state")
    def _compute_answer_count(self):
        groups = self.env["estate.responder.answer"]._read_group(
            [("responder_id", "in", self.ids), ("state", "=", "sent")],
            ["responder_id"],
            ["__count"],
        )
        counts = {responder.id: count for responder, count in groups}
        for responder in self:
            responder.answer_count = counts.get(responder.id, 0)

    @api.constrains("domain")
    def _check_domain(self):
        for responder in self:
            try:
                self.env["crm.lead"].search_count(responder._get_domain(), limit=1)
            except (ValueError, SyntaxError, KeyError, TypeError) as error:
                raise ValidationError(
                    self.env._(
                        "%(rule)s: its filter cannot be read (%(error)s). Build it "
                        "with the filter editor.",
                        rule=responder.name,
                        error=error,
                    )
                ) from error

    @api.constrains("sender")
    def _check_sender(self):
        for responder in self.filtered("sender"):
            if not email_normalize(responder.sender):
                raise ValidationError(
                    self.env._(
                        "%s is no mail address. Write one, or leave the sender empty: "
                        "then the agent of the enquiry answers.",
                        responder.sender,
                    )
                )

    @api.onchange("property_id")
    def _onchange_property_id(self):
        if self.property_id:
            self.name = self.property_id.name
            self.company_id = self.property_id.company_id

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        responders = super().create(vals_list)
        responders._adopt_attachments()
        return responders

    def write(self, vals):
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._adopt_attachments()
        return result

    def _adopt_attachments(self):
        """Make files that were just added ours: who sees the responder sees them."""
        for responder in self:
            # sudo: ir.attachment - a file without a record is its uploader's alone
            files = responder.attachment_ids.sudo()
            files.filtered(lambda file: not file.res_id).write(
                {"res_model": self._name, "res_id": responder.id}
            )

    # === WHICH ONE ANSWERS ===

    def _get_domain(self):
        """Return the filter of this responder; only literals are read, never code."""
        self.ensure_one()
        return Domain(literal_eval(self.domain or "[]"))

    @api.model
    def _match(self, leads):
        """Return the responder that answers each of these enquiries now.

        One of the property itself comes before those with a filter.

        :return: dict responder -> leads; who gets no answer is in none of them
        """
        now = fields.Datetime.now()
        running = self.search(
            Domain("company_id", "in", leads.company_id.ids)
            & Domain("date_start", "<=", now)
            & (Domain("date_end", "=", False) | Domain("date_end", ">", now))
            & Domain("property_id", "in", [*leads.property_id.ids, False])
        )
        rest, matched = leads, {}
        for responder in running.sorted(lambda r: not r.property_id):
            prop = responder.property_id
            mine = rest.filtered(
                lambda lead, prop=prop, company=responder.company_id: (
                    lead.company_id == company
                    and (not prop or lead.property_id == prop)
                )
            )
            try:
                mine = mine.filtered_domain(responder._get_domain())
            except (KeyError, SyntaxError, TypeError, ValueError) as error:
                # A field that left with another module must not lose the enquiry.
                _logger.warning(
                    "Responder %s: %s in its filter",
                    responder.id,
                    type(error).__name__,
                )
                continue
            if mine:
                matched[responder] = mine
                rest -= mine
        return matched

    # === ACTIONS ===

    def action_switch_off(self):
        self.write({"active": False})

    def action_switch_on(self):
        """Answer again from now on; an end that has passed is forgotten."""
        now = fields.Datetime.now()
        self.filtered(lambda r: r.date_end and r.date_end <= now).date_end = False
        self.write({"active": True})

    def action_open_answers(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answers of %s", self.name),
            "res_model": "estate.responder.answer",
            "view_mode": "list",
            "domain": [("responder_id", "=", self.id)],
        }
