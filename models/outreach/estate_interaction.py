from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount


class Interaction(models.Model):
    _inherit = "estate.interaction"

    # What the system wrote, it wrote in the language of whoever caused it. An owner
    # reads his own language, so his sentence is built anew from these values.
    owner_values = fields.Json(
        "Values for the owner's words",
        readonly=True,
        help="old and new: a price with its currency_id, or states of the property; "
        "without_words: a person wrote nothing.",
    )

    @api.model
    def _get_told_domain(self):
        """Return the domain of rows that an owner's report can tell about."""
        return Domain(self._get_valid_domain()) & (
            Domain("type_id.is_owner_visible", "=", True)
            | Domain("owner_comment", "!=", False)
        )

    @api.model
    def _get_news_domain(self):
        """Return the domain of rows that are news to an owner; so is a report."""
        return self._get_told_domain() | Domain("type_id.code", "=", "report_sent")

    def _on_journal_written(self):
        super()._on_journal_written()
        # Who does something with an enquiry has seen that it is his.
        done = self.filtered(lambda row: row.lead_id and not row.is_automatic)
        if not done:
            return
        # sudo: estate.alert - the alerts of who acted, whoever may read them
        alerts = self.env["estate.alert"].sudo()
        unseen = alerts.search(
            [
                ("lead_id", "in", done.lead_id.ids),
                ("user_id", "in", done.user_id.ids),
                ("seen_at", "=", False),
                ("over_at", "=", False),
            ]
        )
        acted = {(row.lead_id, row.user_id) for row in done}
        unseen.filtered(lambda a: (a.lead_id, a.user_id) in acted)._note_receipt("seen")

    def _get_owner_text(self):
        """Return what an owner may read of this event.

        The summary of an action is a note between colleagues and may name seekers: only
        reports of viewings, which are written for the owner, are shown as they are.
        """
        self.ensure_one()
        if self.type_id.owner_text:
            return self.type_id.owner_text
        if self.owner_values:
            return self._build_owner_text(self.owner_values)
        return super()._get_owner_text() if self.type_id.section == "viewing" else ""

    def _build_owner_text(self, values):
        if self.type_code == "price_change":
            currency = self.env["res.currency"].browse(values["currency_id"])
            old, new = (
                format_amount(self.env, values[name], currency, trailing_zeroes=False)
                if values[name]
                else ""
                for name in ("old", "new")
            )
            if old and new:
                return self.env._(
                    "The price was changed from %(old)s to %(new)s.", old=old, new=new
                )
            return (
                self.env._("The price was set to %s.", new)
                if new
                else self.env._("The price was taken back.")
            )
        if self.type_code == "viewing_feedback":
            told = self._say_feedback(values)
            words = self.summary if values.get("words") else ""
            return " ".join(filter(None, (told, words)))
        if self.type_code == "state_change":
            return self.property_id._get_state_words(values["new"])
        return ""

    @api.model
    def _say_feedback(self, values):
        """Return a seeker's answers to the questions after a viewing, in words."""
        viewings = self.env["estate.viewing"]
        sentences = []
        if rating := values.get("rating"):
            labels = viewings._fields["seeker_rating"]._description_selection(self.env)
            sentences.append(self.env._("Liked it: %s.", dict(labels)[rating]))
        if interest := values.get("interest"):
            field = viewings._fields["seeker_interest"]
            labels = dict(field._description_selection(self.env))
            sentences.append(self.env._("Still interested: %s.", labels[interest]))
        return " ".join(sentences) or self.env._("The seeker answered our questions.")
