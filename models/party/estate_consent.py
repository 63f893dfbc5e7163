from odoo import fields, models

CHANNELS = [
    ("email", "E-mail"),
    ("sms", "SMS"),
    ("phone", "Phone"),
    ("post", "Post"),
]
PURPOSES = [
    ("all", "Everything automatic"),
    ("report", "Activity reports"),
    ("matching", "Matching properties"),
    ("answer", "Automatic answers"),
    ("reminder", "Reminders"),
    ("feedback", "Questions after a viewing"),
    ("event", "News about a property"),
    ("prospecting", "Prospecting calls"),
    ("advertising", "Advertising"),
]
# What nobody gets who did not ask for it: silence is no consent.
ASKED_PURPOSES = ("advertising",)
# What whoever writes to several contacts at once says it is about.
BATCH_PURPOSES = [
    ("all", "What they asked for or entrusted to us"),
    ("advertising", "Advertising"),
]


class Consent(models.Model):
    """What a person allowed or forbade, when and how: the proof."""

    _name = "estate.consent"
    _description = "Consent"
    _inherit = ["estate.about.contact.mixin", "estate.ledger.chain.mixin"]
    _order = "occurred_at desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Contact", ondelete="set null", index=True
    )
    channel = fields.Selection(CHANNELS, required=True)
    purpose = fields.Selection(PURPOSES, required=True, default="all")
    state = fields.Selection([("given", "Given"), ("denied", "Denied")], required=True)
    source = fields.Char(
        required=True,
        help="How it was told: a form, a call, a link in a mail, a merge.",
    )
    mail = fields.Integer(
        "By the link in mail",
        readonly=True,
        help="Number of the mail whose link the person used; 0: told otherwise.",
    )
    occurred_at = fields.Datetime("Told on", required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        "Recorded by",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )

    _ledger_moment = "occurred_at"
    _ledger_links = ("partner_id",)
    _ledger_facts = (
        "channel",
        "purpose",
        "state",
        "source",
        "occurred_at",
        "user_id",
        "company_id",
    )

    _current_idx = models.Index(
        "(partner_id, channel, purpose, occurred_at DESC, id DESC)"
    )

    def _get_fact_values(self):
        # Rows from before there were links keep their hash.
        values = super()._get_fact_values()
        return [*values, str(self.mail)] if self.mail else values
