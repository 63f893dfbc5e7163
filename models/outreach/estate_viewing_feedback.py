from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import hash_sign, verify_hash_signed

from .. import inner

TEMPLATE = "crm_real_estate.mail_template_viewing_feedback"
SCOPE = "estate.viewing.feedback"
RATINGS = [
    ("1", "Not at all"),
    ("2", "A little"),
    ("3", "It is all right"),
    ("4", "Much"),
    ("5", "Very much"),
]
INTERESTS = [("yes", "Yes"), ("maybe", "Perhaps"), ("no", "No")]
MOST_CHARACTERS = 2000
# Nobody is asked about a viewing whose outcome is told so much later.
ASKED_DAYS = 14
FACTS = {
    *("feedback_asked_at", "feedback_given_at"),
    *("seeker_rating", "seeker_interest", "seeker_comment"),
}


class Viewing(models.Model):
    """The seeker says by a link, without login and once, how he liked it."""

    _inherit = "estate.viewing"

    feedback_asked_at = fields.Datetime("Asked on", readonly=True, copy=False)
    feedback_given_at = fields.Datetime("Answered on", readonly=True, copy=False)
    seeker_rating = fields.Selection(RATINGS, "Liked it", readonly=True, copy=False)
    seeker_interest = fields.Selection(
        INTERESTS, "Still interested", readonly=True, copy=False
    )
    seeker_comment = fields.Text("Seeker's words", readonly=True, copy=False)

    @api.model
    def _has_field_access(self, field, operation):
        # What the seeker says only he writes, by his link.
        allowed = super()._has_field_access(field, operation)
        if operation == "read" or self.env.su:
            return allowed
        return allowed and field.name not in FACTS

    # === ASK ===

    def _ask_for_feedback(self):
        """Ask the seekers of these viewings, each once, whom the gate lets through."""
        # sudo: estate.viewing - a rule asks, whoever's click set it off
        latest = fields.Datetime.now() - timedelta(days=ASKED_DAYS)
        fresh = self.sudo().filtered(
            lambda v: v.state == "done" and not v.feedback_asked_at and v.stop > latest
        )
        allowed = fresh.partner_id._may_receive_automatic("email", "feedback")
        asked = fresh.filtered(lambda v: v.partner_id in allowed)
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        if not (asked and template):
            return
        asked.write({"feedback_asked_at": fields.Datetime.now()})
        quiet = inner.say(asked, automatic=True, purpose="feedback")
        template.with_env(quiet.env).send_mail_batch(
            asked.ids, email_values={"auto_delete": False, "estate_automatic": True}
        )
        quiet.env["estate.interaction"]._write_journal(
            [viewing._prepare_asked_vals() for viewing in quiet]
        )

    def _prepare_asked_vals(self):
        return {
            **self._get_feedback_links(),
            "type": "feedback_asked",
            "summary": self.env._("Asked how the viewing was"),
            "is_automatic": True,
            "origin": f"estate.viewing.feedback,{self.id},asked",
        }

    def _get_feedback_links(self):
        return {
            "lead_id": self.lead_id.id,
            "partner_id": self.partner_id.id,
            "property_id": self.property_id.id,
            "company_id": self.company_id.id,
        }

    def _get_feedback_url(self):
        """Return the link that lets whoever has it answer for this viewing."""
        self.ensure_one()
        # sudo: ir.config_parameter - the secret is the key, it is never shown
        token = hash_sign(self.env(su=True), SCOPE, self.id)
        return f"{self.get_base_url()}/real_estate/feedback/{token}"

    @api.model
    def _find_by_feedback_token(self, token):
        """Return the viewing that a link is about, empty for anything else."""
        try:
            # sudo: ir.config_parameter - the secret is the key, it is never shown
            number = verify_hash_signed(self.env(su=True), SCOPE, token)
        except ValueError:
            number = None
        # sudo: estate.viewing - the token names the one viewing that it opens
        viewings = self.sudo()
        viewing = viewings.browse(number if isinstance(number, int) else ()).exists()
        return viewing.filtered(lambda v: v.state == "done")

    # === ANSWER ===

    def _take_feedback(self, rating, interest, comment):
        """Keep what the seeker says, once; tell the journal.

        :return: False when he has answered before
        """
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        if self.feedback_given_at:
            return False
        rating = rating if rating in dict(RATINGS) else False
        interest = interest if interest in dict(INTERESTS) else False
        comment = (comment or "").strip()[:MOST_CHARACTERS]
        self.write(
            {
                "feedback_given_at": fields.Datetime.now(),
                "seeker_rating": rating,
                "seeker_interest": interest,
                "seeker_comment": comment,
            }
        )
        values = {"rating": rating, "interest": interest}
        self.env["estate.interaction"]._write_journal(
            [
                {
                    **self._get_feedback_links(),
                    "type": "viewing_feedback",
                    "user_id": self.agent_id.id,
                    "summary": comment
                    or self.env["estate.interaction"]._say_feedback(values),
                    "owner_values": {**values, "words": bool(comment)},
                    "origin": f"estate.viewing.feedback,{self.id},given",
                }
            ]
        )
        return True
