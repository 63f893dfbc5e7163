from odoo import api, fields, models

# What a client may tell of an alert, and the times that follow from it.
RECEIPTS = {
    "shown": ("shown_at",),
    "seen": ("shown_at", "seen_at"),
    "opened": ("seen_at", "opened_at"),
    "ignored": ("seen_at", "ignored_at"),
}
# The first of these times that is set says how the alert stands.
STATES = [
    ("opened", "Opened"),
    ("passed_on", "Passed on"),
    ("ignored", "Closed unopened"),
    ("over", "Over"),
    ("seen", "Seen"),
    ("shown", "Shown"),
    ("sent", "Sent"),
]


class Alert(models.Model):
    """Somebody is told at once that an enquiry is his, and what he made of it."""

    _name = "estate.alert"
    _description = "Alert"
    _order = "sent_at desc, id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one(
        "crm.lead", "Enquiry", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "Who", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    sent_at = fields.Datetime("Sent", required=True)
    told_by = fields.Char("Told by", help="The kinds of alert that he had chosen.")
    shown_at = fields.Datetime("Shown", help="The window stood on his screen.")
    seen_at = fields.Datetime(
        "Seen", help="First sign of the person: mouse, keys, or the mail's link."
    )
    opened_at = fields.Datetime("Opened")
    ignored_at = fields.Datetime("Closed unopened")
    over_at = fields.Datetime(
        "Over", help="The enquiry went to somebody else or has ended."
    )
    sms_at = fields.Datetime("SMS")
    passed_on_at = fields.Datetime("Passed on")
    step_due_at = fields.Datetime(
        "Next step", index="btree_not_null", help="Unless he has seen it by then."
    )
    state = fields.Selection(STATES, compute="_compute_state", store=True, index=True)

    _open_idx = models.Index("(user_id) WHERE seen_at IS NULL AND over_at IS NULL")

    @api.depends(*(f"{code}_at" for code, _label in STATES))
    def _compute_state(self):
        for alert in self:
            alert.state = next(
                (code for code, _label in STATES if alert[f"{code}_at"]), "sent"
            )

    # === RECEIPT ===

    def tell_receipt(self, what):
        """Note what the user's browser tells of his own alerts: shown, opened...

        :param str what: "shown", "seen", "opened" or "ignored"
        """
        self.check_access("read")
        if what not in RECEIPTS:
            return
        # sudo: estate.alert - only the times of his own alerts, and only to now
        mine = self.sudo().filtered(lambda alert: alert.user_id == self.env.user)
        mine._note_receipt(what)

    def _note_receipt(self, what):
        """Set the times of `what` on these alerts; the first time stands."""
        now = fields.Datetime.now()
        names = RECEIPTS[what]
        for missing, alerts in self.grouped(
            lambda alert: tuple(name for name in names if not alert[name])
        ).items():
            values = dict.fromkeys(missing, now)
            if "seen_at" in values:
                values["step_due_at"] = False
            if values:
                alerts.write(values)
        if what in ("opened", "ignored"):
            self._close_windows()

    def _close(self):
        """End these alerts: there is nothing left that the person could do."""
        now = fields.Datetime.now()
        open_ones = self.filtered(lambda alert: not alert.over_at)
        open_ones.write({"over_at": now, "step_due_at": False})
        open_ones._close_windows()

    def _close_windows(self):
        """Close the windows of these alerts in every tab of their persons."""
        for user, alerts in self.grouped("user_id").items():
            user._bus_send("estate.alert/close", {"ids": alerts.ids})

    # === WHAT IS TOLD ===

    @api.model
    def _get_open_cards(self, user):
        """Return the cards of alerts that `user` has not seen yet, for a new tab."""
        # sudo: estate.alert - the user's own
        alerts = self.sudo().search(
            [
                ("user_id", "=", user.id),
                ("seen_at", "=", False),
                ("over_at", "=", False),
                ("lead_id.won_status", "=", "pending"),
            ],
            limit=20,
        )
        return alerts.with_context(lang=user.lang)._prepare_cards()

    def _prepare_cards(self):
        return [alert._prepare_card() for alert in self]

    def _prepare_card(self):
        """Return what the window shows; in the language of the context."""
        self.ensure_one()
        lead = self.lead_id
        return {
            "id": self.id,
            "lead_id": lead.id,
            "contact": lead._get_alert_contact(),
            "phone": lead.phone or lead.partner_id.phone or "",
            "about": lead.property_id.display_name or lead.name,
            "message": lead._get_alert_message()[:200],
        }

    def _get_answer_url(self):
        """Return the link of the mail: it opens the enquiry, after a login."""
        self.ensure_one()
        return f"{self.get_base_url()}/real_estate/alert/{self.id}"
