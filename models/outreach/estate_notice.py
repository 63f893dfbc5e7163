from odoo import api, fields, models
from odoo.fields import Domain

from .. import inner

BATCH = 50
KINDS = [
    ("price", "The price changed"),
    ("closed", "It was sold or let"),
    ("similar", "A similar property came on the market"),
]
REASONS = [
    ("opted_out", "Does not want automatic mails"),
    ("no_address", "Has no mail address"),
    ("ended", "The enquiry has ended meanwhile"),
]
# A similar property costs at most so much less or more.
SIMILAR_PRICE = 0.2


class Notice(models.Model):
    """News about a property for one who enquired: one event, one mail, or why none."""

    _name = "estate.notice"
    _description = "Event mail"
    _inherit = ["estate.retry.mixin", "estate.about.contact.mixin"]
    _order = "id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one(
        "crm.lead", "Enquiry", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(related="lead_id.partner_id", string="Contact")
    property_id = fields.Many2one(
        "estate.property",
        required=True,
        ondelete="cascade",
        index=True,
        help="The property that the news is about.",
    )
    kind = fields.Selection(KINDS, "News", required=True)
    deal_type = fields.Selection(related="property_id.deal_type")
    currency_id = fields.Many2one(related="property_id.currency_id")
    old_price = fields.Monetary(currency_field="currency_id")
    new_price = fields.Monetary(currency_field="currency_id")
    template_id = fields.Many2one(
        "mail.template", "Text", required=True, ondelete="restrict"
    )
    state = fields.Selection(
        [("waiting", "Waiting"), ("sent", "Sent"), ("left_out", "Left out")],
        required=True,
        default="waiting",
        index=True,
    )
    reason = fields.Selection(REASONS)
    sent_at = fields.Datetime("Sent on")
    company_id = fields.Many2one("res.company", required=True, index=True)

    _waiting_uniq = models.UniqueIndex(
        "(lead_id, property_id, kind) WHERE state = 'waiting'",
        "This news waits to be sent already.",
    )

    # === WHO IS TOLD ===

    @api.model
    def _announce(self, kind, prop, stages, template, prices=(0, 0)):
        """Let everybody in these phases know what became of a property.

        :param str kind: a key of `KINDS`
        :param stages: `crm.stage`; enquiries in the same phases of other offices count
        :param prices: (old, new), for a change of the price
        :return: the new notices; they are sent by the job
        """
        leads = self._find_audience(kind, prop, stages)
        known = self.search(
            [
                ("lead_id", "in", leads.ids),
                ("property_id", "=", prop.id),
                ("kind", "=", kind),
            ]
        )
        if kind == "price":
            # What still waits tells the latest price, once.
            known = known.filtered(lambda notice: notice.state == "waiting")
            known.new_price = prices[1]
        notices = self.create(
            [
                {
                    "kind": kind,
                    "lead_id": lead.id,
                    "property_id": prop.id,
                    "template_id": template.id,
                    "old_price": prices[0],
                    "new_price": prices[1],
                    "company_id": prop.company_id.id,
                }
                for lead in leads - known.lead_id
            ]
        )
        if notices:
            # sudo: ir.cron - only the moment is set
            self.env.ref("crm_real_estate.ir_cron_send_notices").sudo()._trigger()
        return notices

    @api.model
    def _find_audience(self, kind, prop, stages):
        """Return the open enquiries in these phases whom the news concerns."""
        about = Domain("property_id", "=", prop.id)
        if kind == "similar":
            about = self._get_similar_domain(prop)
        leads = self.env["crm.lead"].search(
            Domain("lead_role", "=", "seeker")
            & Domain("won_status", "=", "pending")
            & Domain("partner_id", "!=", False)
            & Domain("company_id", "=", prop.company_id.id)
            & Domain.OR(
                Domain("pipeline", "=", stage.pipeline)
                & Domain("phase_number", "=", stage.phase_number)
                for stage in stages
            )
            & about,
            order="id desc",
        )
        if kind != "similar":
            return leads
        # One mail to one person, and none to who asks about this property already.
        asked = prop.with_context(active_test=False).lead_ids.partner_id
        by_person = {}
        for lead in leads.filtered(lambda lead: lead.partner_id not in asked):
            by_person.setdefault(lead.partner_id, lead)
        return leads.browse().union(*by_person.values())

    @api.model
    def _get_similar_domain(self, prop):
        """Return the domain of enquiries about a property like this one."""
        place = Domain("property_id.city", "=ilike", prop.city or "-")
        if prop.territory_ids:
            place |= Domain("property_id.territory_ids", "in", prop.territory_ids.ids)
        return (
            place
            & Domain("property_id", "!=", prop.id)
            & Domain("property_id.deal_type", "=", prop.deal_type)
            & Domain("property_id.type_id", "=", prop.type_id.id)
            & Domain("property_id.price", ">=", prop.price * (1 - SIMILAR_PRICE))
            & Domain("property_id.price", "<=", prop.price * (1 + SIMILAR_PRICE))
        )

    # === SEND ===

    @api.model
    def _cron_send_notices(self):
        """Send the news that waits, each once, wherever the job is killed."""
        progress = self.env["ir.cron"]._commit_progress
        waiting = [("state", "=", "waiting")]
        while notices := self._take(waiting, BATCH):
            notices._leave_out_unwanted()._try(lambda due: due._send())
            if not progress(len(notices)):
                # commit: nothing new, but the job must come back at once for the rest
                progress(remaining=1)
                return

    def _leave_out_unwanted(self):
        """Return those of these notices that may go; the others say why they do not."""
        ended = self.filtered(lambda notice: notice.lead_id.won_status != "pending")
        ended.write({"state": "left_out", "reason": "ended"})
        due = self - ended
        without = due.filtered(lambda notice: not notice.partner_id.email_normalized)
        without.write({"state": "left_out", "reason": "no_address"})
        due -= without
        allowed = due.partner_id._may_receive_automatic("email", "event")
        denied = due.filtered(lambda notice: notice.partner_id not in allowed)
        denied.write({"state": "left_out", "reason": "opted_out"})
        return due - denied

    def _send(self):
        """Queue the mails of these notices and tell the journal, in one transaction."""
        quiet = inner.say(self, automatic=True, purpose="event")
        for template, notices in quiet.grouped("template_id").items():
            template.send_mail_batch(
                notices.ids,
                email_values={"auto_delete": False, "estate_automatic": True},
            )
        labels = dict(self._fields["kind"]._description_selection(self.env))
        quiet.env["estate.interaction"]._write_journal(
            [
                {
                    "type": "event_mail",
                    "lead_id": notice.lead_id.id,
                    "property_id": notice.property_id.id,
                    "summary": labels[notice.kind],
                    "is_automatic": True,
                    "origin": f"estate.notice,{notice.id}",
                }
                for notice in quiet
            ]
        )
        self.write({"state": "sent", "sent_at": fields.Datetime.now()})
