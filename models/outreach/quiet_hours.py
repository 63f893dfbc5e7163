from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from ...tools import quiet_hours

# What is sent although a person spoke with the contact meanwhile.
DUE_ANYWAY = ("report",)


class QuietMixin(models.AbstractModel):
    """A message of the system that keeps quiet while its recipient sleeps."""

    _name = "estate.quiet.mixin"
    _description = "Message that waits for the morning"

    estate_held_at = fields.Datetime(
        "Waits since",
        readonly=True,
        copy=False,
        help="It would have left in the quiet hours of its recipient.",
    )

    def _find_night_moment(self, contacts, moment, company):
        """Return when this may reach all `contacts`: `moment`, or their morning."""
        start, stop = company.estate_quiet_from, company.estate_quiet_to
        fallback = company.resource_calendar_id.tz or "UTC"
        zones = {
            quiet_hours.choose_tz(c.tz or "", c.country_id.code or "", fallback)
            for c in contacts
        }
        # Two zones may take turns in sleeping: then the last of some rounds holds.
        for _round in range(3):
            for zone in sorted(zones):
                moment = quiet_hours.get_leaving(moment, zone, start, stop)
        return moment

    def _find_human_contact(self, contacts, since):
        """Return the first thing a person did with these contacts after a moment."""
        # sudo: estate.interaction - whoever spoke with the contact, the job must know
        journal = self.env["estate.interaction"].sudo()
        return journal.search(
            Domain(journal._get_valid_domain())
            & Domain("partner_id", "in", contacts.ids)
            & Domain("occurred_at", ">", since)
            & Domain("is_automatic", "=", False)
            & Domain("user_id.share", "=", False)
            & (
                Domain("type_id.is_response", "=", True)
                | Domain("type_id.code", "=", "sms_sent")
            ),
            order="occurred_at, id",
            limit=1,
        )

    def _describe_human_contact(self, row):
        return self.env._(
            "Not sent: %(user)s was in touch with %(contact)s on %(moment)s "
            "(%(kind)s).",
            user=row.user_id.name,
            contact=row.partner_id.name,
            moment=format_datetime(self.env, row.occurred_at, dt_format="short"),
            kind=row.type_id.name,
        )

    def _take_back_journal(self, origin, reason):
        """What was told of a message that never left counts no more."""
        # sudo: estate.interaction - the system corrects what the system told
        journal = self.env["estate.interaction"].sudo()
        journal.search([("origin", "=", origin)])._correct(reason)

    def _wake(self, cron, moments):
        """Let the job that sends these messages run when they are due."""
        # sudo: ir.cron - whoever sends, the job must come in the morning
        job = self.env.ref(cron, raise_if_not_found=False)
        for moment in sorted(set(moments)):
            # sudo: ir.cron - as above
            job and job.sudo()._trigger(at=moment)
