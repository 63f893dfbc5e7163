from datetime import timedelta
from itertools import chain

import pytz

from odoo import fields, models
from odoo.tools.date_utils import localized

from ...tools import calling
from .. import inner

# How far ahead an open moment is looked for; holidays and weekends end long before.
HORIZON = timedelta(days=60)
# The time over which the attempts of a calling rule are counted.
ATTEMPT_WINDOW = timedelta(days=30)


class LeadRetry(models.AbstractModel):
    """The next call: planned by the outcome of the last one, exactly once."""

    _name = "estate.lead.retry.mixin"
    _description = "Lead: next call"

    call_series_start = fields.Integer(
        readonly=True,
        copy=False,
        help="Number of calls before the present series. A conversation and giving up "
        "end a series: the delays then count from the first again.",
    )

    # === PLAN ===

    def _plan_next_call(self, call):
        """Plan the next call after `call`, or give the lead up after the last delay.

        :param call: the `estate.call` that has just been noted on this lead
        """
        self.ensure_one()
        outcome = call.outcome_id
        delays = outcome._get_delays()
        if not delays or self.won_status != "pending":
            return
        series = self.call_ids.sorted("id")[self.call_series_start :]
        count = len(series.filtered(lambda earlier: earlier.outcome_id == outcome))
        delay = calling.get_delay(delays, count)
        if delay is None:
            self._give_up()
            return
        ended_at = call.started_at + timedelta(seconds=call.duration_seconds)
        earliest = ended_at + timedelta(minutes=delay)
        moment = self._find_call_moments({self: earliest})[self]
        self._set_next_call(moment, outcome.name, self.user_id or call.user_id)

    def _plan_call_in(self, minutes):
        """Plan a call on these leads, `minutes` from now or when it is next allowed."""
        leads = self.filtered(
            lambda lead: lead.lead_role and lead.won_status == "pending"
        )
        earliest = fields.Datetime.now() + timedelta(minutes=minutes)
        moments = leads._find_call_moments(dict.fromkeys(leads, earliest))
        for lead in leads:
            feedback = self.env._("Planned anew")
            lead._set_next_call(moments[lead], feedback, lead.user_id)

    def _set_next_call(self, moment, feedback, user):
        """Replace the open call tasks by one for the next call.

        :param moment: naive UTC; None when no call is allowed, then a person decides
        :param feedback: why the open tasks are done
        :param user: who gets the task, unless somebody has it already
        """
        self.ensure_one()
        user = self._get_call_tasks().user_id[:1] or user
        self._close_call_tasks(feedback)
        self.next_call_at = moment or False
        if not user:
            return
        vals = self._prepare_tasks(
            self._get_call_task_type(), user, moment or fields.Datetime.now()
        )
        if not moment:
            vals[0]["summary"] = self.env._(
                "No call is allowed within 60 days: check the hours"
            )
        quiet = {"mail_activity_quick_update": True}
        self.env["mail.activity"].with_context(**quiet).create(vals)

    def _give_up(self):
        """Stop calling; an owner who was never reached ends, without a refusal."""
        self.ensure_one()
        self._close_call_tasks(self.env._("Given up: not reached"))
        self.call_series_start = self.call_count
        if self.lead_role == "owner":
            reason = "crm_real_estate.crm_lost_reason_not_reached"
            reason = self.env.ref(reason, raise_if_not_found=False)
            self._move_to_phase(
                self._get_cancellation_phase(),
                "rule",
                lost_reason_id=reason.id if reason else False,
            )

    # === WHEN ===

    def _find_call_moments(self, earliest):
        """Return the first moments on that office and calling rule allow a call.

        :param dict earliest: lead -> naive UTC
        :return: dict lead -> naive UTC, or None when nothing opens within the horizon
        """
        if not earliest:
            return {}
        # sudo: estate.calling.rule, res.partner - the law holds for every caller
        leads = self.sudo()
        rules = leads.env["estate.calling.rule"]._match(leads)
        attempts = leads._get_attempt_moments(min(earliest.values()) - ATTEMPT_WINDOW)
        limited = {
            lead: calling.respect_limit(
                earliest[lead], attempts[lead], rules[lead].most_attempts
            )
            for lead in leads
        }
        hours = {lead: lead._get_call_hours(rules[lead]) for lead in leads}
        start, stop = min(limited.values()), max(limited.values()) + HORIZON
        opening = {
            key: leads.env["estate.calling.rule"]._get_open_pairs(*key, start, stop)
            for key in set(chain.from_iterable(hours.values()))
        }
        moments = {}
        for lead in self:
            calendars = [opening[key] for key in hours[lead]]
            moment = calling.first_open(localized(limited[lead]), *calendars)
            moments[lead] = moment and moment.astimezone(pytz.utc).replace(tzinfo=None)
        return moments

    def _get_call_hours(self, rule):
        """Return (calendar, time zone it is read in) of all that limits a call."""
        self.ensure_one()
        company = self.company_id or self.env.company
        office = self.team_id.with_company(company)
        calendar = office._get_business_calendar()
        hours = []
        if rule._has_hours(calendar):
            hours.append((calendar, office._get_business_tz()))
        if rule:
            hours.append((rule.calendar_id, rule._get_tz(self)))
        return hours

    def _get_attempt_moments(self, since):
        """Return lead -> when its contact was rung since then, on whatever lead.

        Attempts on a lead without a contact count for that lead.
        """
        # sudo: estate.call - attempts of colleagues count for the person called
        calls = self.env["estate.call"].sudo()
        calls = calls.search_fetch(
            [
                ("started_at", ">", since),
                "|",
                ("partner_id", "in", self.partner_id.ids),
                ("lead_id", "in", self.ids),
            ],
            ["started_at", "partner_id", "lead_id"],
        )
        by_partner, by_lead = calls.grouped("partner_id"), calls.grouped("lead_id")
        return {
            lead: (
                by_partner.get(lead.partner_id, calls.browse())
                if lead.partner_id
                else by_lead.get(lead, calls.browse())
            ).mapped("started_at")
            for lead in self
        }

    # === TASKS ===

    def _get_call_task_type(self):
        """Return the type of a call task: the owner's, or Odoo's own for seekers."""
        self.ensure_one()
        is_owner = self.lead_role == "owner"
        own, common = (
            "crm_real_estate.mail_activity_type_first_call",
            "mail.mail_activity_data_call",
        )
        return self.env.ref(own if is_owner else common)

    def _get_call_tasks(self):
        """Return the open call tasks that the system has set on these leads."""
        kinds = self.env["mail.activity.type"].union(
            *(lead._get_call_task_type() for lead in self)
        )
        # sudo: mail.activity - the task may be a colleague's
        return self.sudo()._get_open_tasks(kinds).filtered("automated")

    def _close_call_tasks(self, feedback):
        """Close the open call tasks; the journal has the row of the call itself."""
        self.next_call_at = False
        tasks = self._get_call_tasks()
        if tasks:
            inner.say(tasks, journal_skip=True).action_feedback(feedback=feedback)

    # === HOOKS ANSWERED ===

    def _on_call_registered(self, call):
        super()._on_call_registered(call)
        if not self.user_id:
            # Who rings an owner of the pool goes on with him.
            self.user_id = call.user_id
        if call.outcome_id.is_conversation or call.outcome_id.is_terminal:
            self._close_call_tasks(call.outcome_id.name)
            self.call_series_start = self.call_count

    def _on_calls_stopped(self, reason):
        super()._on_calls_stopped(reason)
        self._close_call_tasks(reason)

    def _on_calls_resumed(self):
        super()._on_calls_resumed()
        given = self.filtered("user_id")
        given._plan_call_in(0)
        (self - given)._dispatch("first_call")

    def _on_leads_merged(self, leads):
        super()._on_leads_merged(leads)
        # sudo: crm.lead - facts, which users do not write; colleagues' calls count too
        merged = self.sudo()
        # The calls of all stand in one order now: where a series had ended on either
        # side, by a conversation or by giving up, the delays begin anew.
        if any((self | leads).mapped("call_series_start")) or any(
            merged.call_ids.outcome_id.mapped("is_conversation")
        ):
            merged.call_series_start = len(merged.call_ids)

    def _on_assigned(self, user, step):
        super()._on_assigned(user, step)
        if step == "first_call":
            earliest = dict.fromkeys(self, fields.Datetime.now())
            moments = self._find_call_moments(earliest)
            for moment, leads in self.grouped(moments.get).items():
                leads.write({"next_call_at": moment or False})
