from datetime import datetime, time, timedelta

import pytz

from odoo import api, models
from odoo.fields import Datetime, Domain
from odoo.tools import SQL

# How many past calls a card shows, and how many cards one request may ask for.
LAST_CALLS = 5
MOST_CARDS = 100


class CallQueue(models.AbstractModel):
    """What the operator's desktop shows: who is rung next, and what he must know."""

    _name = "estate.call.queue"
    _description = "Call queue"

    @api.model
    @api.readonly
    def get_queue(self, limit=20, offset=0, scope="mine"):
        """Return the calls that are due and those planned for later today.

        :param int limit: number of cards, 100 at most
        :param int offset: number of cards to leave out
        :param str scope: "mine", or "all" for every lead the user may read
        :return: dict of `cards` (by the moment of the call, then by value), `outcomes`,
            `due_count`, `today_count` (due ones included), `next_at` (first moment that
            is not due yet) and `can_see_all`
        """
        leads = self.env["crm.lead"]
        now = Datetime.now()
        domain = self._get_scope_domain(scope)
        midnight = self._get_midnight(now)
        # Read first: the calls on the cards need no look at them any more.
        outcomes = self._prepare_outcomes()
        page = leads.search(
            domain & Domain("next_call_at", "<", midnight),
            offset=max(offset, 0),
            limit=min(max(limit, 1), MOST_CARDS),
            order="next_call_at, expected_revenue desc, id",
        )
        return {
            "cards": self._prepare_cards(page, now),
            "outcomes": outcomes,
            **self._count(domain, now, midnight),
            "can_see_all": self.env.user.has_group(
                "crm_real_estate.group_office_manager"
            ),
        }

    @api.model
    @api.readonly
    def get_plan(self, lead_id, seen_count):
        """Return what follows from a call that the user has just noted.

        :param int lead_id: lead that was rung
        :param int seen_count: number of calls the user saw before
        :return: dict of `outcome`, `name`, `next_call_at`, `user` (who takes over) and
            `is_over`; False when the user noted no call since
        """
        call = self.env["estate.call"].search(
            [("lead_id", "=", lead_id), ("user_id", "=", self.env.uid)], limit=1
        )
        # sudo: crm.lead - the call may have given the lead away; only the plan is told
        lead = call.lead_id.sudo()
        if lead.call_count <= seen_count:
            return False
        return {
            "outcome": call.outcome_id.name,
            "name": lead.partner_id.name or lead.name,
            "next_call_at": lead.next_call_at,
            "user": lead.user_id.name if lead.user_id != self.env.user else False,
            "is_over": lead.won_status != "pending",
        }

    @api.model
    def _get_scope_domain(self, scope):
        domain = Domain(self.env["crm.lead"]._get_call_queue_domain())
        if scope == "all":
            return domain
        responsible = [self.env.uid]
        if self.env.user.has_group("crm_real_estate.group_operator"):
            # What nobody was there for waits for whoever rings first.
            responsible.append(False)
        return domain & Domain("user_id", "in", responsible)

    @api.model
    def _get_midnight(self, now):
        """Return when the day of the user ends (naive UTC)."""
        zone = self.env.tz
        tomorrow = pytz.utc.localize(now).astimezone(zone).date() + timedelta(days=1)
        midnight = zone.localize(datetime.combine(tomorrow, time.min))
        return midnight.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _count(self, domain, now, midnight):
        """Return `due_count`, `today_count` and `next_at`, in one query."""
        leads = self.env["crm.lead"]
        query = leads._search(domain)
        moment = leads._field_to_sql(leads._table, "next_call_at", query)
        # Raw SQL: three figures from one look at the leads that `_search` lets through.
        self.env.cr.execute(
            query.select(
                SQL("COUNT(*) FILTER (WHERE %s <= %s)", moment, now),
                SQL("COUNT(*) FILTER (WHERE %s < %s)", moment, midnight),
                SQL("MIN(%s) FILTER (WHERE %s > %s)", moment, moment, now),
            )
        )
        due_count, today_count, next_at = self.env.cr.fetchone()
        return {
            "due_count": due_count,
            "today_count": today_count,
            "next_at": next_at or False,
        }

    # === OUTCOMES ===

    @api.model
    def _prepare_outcomes(self):
        """Return the buttons; an outcome of the company stands for the common one."""
        # All of them: there are about as many as keys on a phone.
        outcomes = self.env["estate.call.outcome"].search_fetch([])
        company = self.env.company
        own = {outcome.code for outcome in outcomes if outcome.company_id == company}
        return [
            {"id": outcome.id, "code": outcome.code, "name": outcome.name}
            for outcome in outcomes
            if outcome.company_id == company
            or (not outcome.company_id and outcome.code not in own)
        ]

    # === CARDS ===

    @api.model
    def _prepare_cards(self, leads, now):
        """Return one card for each lead, read in a number of queries that is fixed."""
        calls = self._get_last_calls(leads)
        pictures = self._get_pictures(leads.property_id)
        closures = leads._describe_closures(leads._get_call_closures(now))
        return [
            {
                "id": lead.id,
                "name": lead.name,
                "role": lead.lead_role,
                "phase": lead.stage_id.name,
                "call_count": lead.call_count,
                "next_call_at": lead.next_call_at,
                "is_due": lead.next_call_at <= now,
                "closure": closures.get(lead, False),
                "last_outcome": lead.last_outcome_id.name,
                "source": lead.intake_source_id.name,
                "user": lead.user_id.name,
                "property": self._prepare_property(lead.property_id, pictures),
                "contact": self._prepare_contact(lead),
                "calls": calls.get(lead, []),
            }
            for lead in leads
        ]

    @api.model
    def _get_last_calls(self, leads):
        """Return lead -> its last calls, the latest first."""
        rows = {}
        calls = self.env["estate.call"].search_fetch([("lead_id", "in", leads.ids)])
        for lead, attempts in calls.grouped("lead_id").items():
            rows[lead] = [
                {
                    "id": call.id,
                    "started_at": call.started_at,
                    "user": call.user_id.name,
                    "outcome": call.outcome_id.name,
                    "code": call.outcome_code,
                    "note": call.note,
                }
                for call in attempts[:LAST_CALLS]
            ]
        return rows

    @api.model
    def _get_pictures(self, properties):
        """Return property id -> address of its picture."""
        # sudo: ir.attachment - only whether there is one; the address checks the access
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .search_fetch(
                [
                    ("res_model", "=", properties._name),
                    ("res_field", "=", "image_512"),
                    ("res_id", "in", properties.ids),
                ],
                ["res_id", "checksum"],
            )
        )
        path = f"/web/image/{properties._name}/%s/image_512?unique=%s"
        return {
            attachment.res_id: path % (attachment.res_id, attachment.checksum[:8])
            for attachment in attachments
        }

    @api.model
    def _prepare_property(self, prop, pictures):
        if not prop:
            return False
        return {
            "id": prop.id,
            "reference": prop.reference,
            "name": prop.name,
            "street": prop.street,
            "place": " ".join(part for part in (prop.zip, prop.city) if part),
            "type": prop.type_id.name,
            "deal_type": prop.deal_type,
            "price": prop.price,
            "currency_id": prop.currency_id.id,
            "living_area": prop.living_area,
            "plot_area": prop.plot_area,
            "room_count": prop.room_count,
            "floor": prop.floor,
            "picture": pictures.get(prop.id, False),
            "intake_problems": prop.intake_problems,
            "missing_data": prop.missing_data,
        }

    @api.model
    def _prepare_contact(self, lead):
        contact = lead.partner_id
        if not contact:
            return False
        kinds = dict(contact._fields["estate_kind"]._description_selection(self.env))
        return {
            "id": contact.id,
            "name": contact.name,
            "kind": kinds.get(contact.estate_kind, False),
            "phone": contact.phone or lead.phone,
            "dial": contact.phone_sanitized or lead.phone_sanitized,
            "email": contact.email,
            "automatic_messages_allowed": contact.automatic_messages_allowed,
        }
