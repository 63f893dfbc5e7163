from odoo import models
from odoo.tools import format_date


class Pair(models.Model):
    """Whom a property may be offered to now, and why not to the others."""

    _inherit = "estate.pair"

    def _sort_out(self):
        """Sort these pairs into those to write to and those left out, best first.

        :return: (pairs to write to, dict pair -> sentence why it is left out)
        """
        fitting = self.filtered("is_fitting").sorted()
        left_out = fitting._find_remembered()
        rest = fitting - self.browse([pair.id for pair in left_out])
        for why in (rest._find_in_contact, rest._find_unwritable, rest._find_twice):
            for pair, sentence in why().items():
                left_out.setdefault(pair, sentence)
        gone = {pair.id for pair in left_out}
        return fitting.filtered(lambda pair: pair.id not in gone), left_out

    def _find_remembered(self):
        """Return the pairs that their own memory keeps back, and why."""
        found = {}
        for pair in self:
            if pair.state == "new" or pair.is_resendable:
                continue
            if pair.state == "sent":
                day = format_date(self.env, pair.sent_at)
                found[pair] = self.env._("already sent on %s", day)
            elif pair.state == "refused":
                reason = pair.refusal_reason_id.name or self.env._("enquiry ended")
                found[pair] = self.env._("refused: %s", reason)
            elif pair.state == "interested":
                found[pair] = self.env._("is interested already")
            else:
                found[pair] = self.env._("left out by hand")
        return found

    def _find_in_contact(self):
        """Return the pairs whose seekers a person is in contact with about it."""
        # sudo: crm.lead - a colleague's contact counts too; his name alone is told
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        about = leads.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("property_id", "in", self.property_id.ids),
                ("lead_role", "=", "seeker"),
            ],
            order="id",
        )
        asked = {(lead.partner_id.id, lead.property_id.id): lead for lead in about}
        found = {}
        for pair in self:
            prop, partner = pair.property_id, pair.partner_id
            lead = asked.get((partner.id, prop.id))
            if partner in prop.owner_ids:
                found[pair] = self.env._("owns the property")
            elif lead and lead.won_status == "lost" and pair.state == "new":
                found[pair] = self.env._("has cancelled his enquiry about it")
            elif lead and (lead.received_at or lead.won_status == "won"):
                found[pair] = self.env._(
                    "asks about it already: %s is in contact",
                    lead.user_id.name or lead.team_id.name or "",
                )
        return found

    def _find_unwritable(self):
        """Return the pairs whose seekers cannot or do not want to be written to."""
        # sudo: res.partner - the gate must see every recipient, whoever sends
        partners = self.partner_id.sudo()
        allowed = partners._may_receive_automatic("email", "matching")
        found = {}
        for pair in self:
            partner = pair.partner_id.sudo()  # sudo: res.partner - as above
            if not partner.email_normalized:
                found[pair] = self.env._("has no mail address")
            elif partner not in allowed:
                found[pair] = self.env._("wants no automatic mails")
        return found

    def _find_twice(self):
        """Return the pairs whose seekers get the property for another search."""
        seen, found = set(), {}
        unfit = {pair.id for pair in self._find_unwritable()}
        for pair in self:
            key = pair.partner_id.id, pair.property_id.id
            if key in seen:
                found[pair] = self.env._("gets it for another of his searches")
            elif pair.id not in unfit:
                seen.add(key)
        return found
