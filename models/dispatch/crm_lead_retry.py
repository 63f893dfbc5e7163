from datetime import timedelta

import pytz

from odoo import _, fields, models
from odoo.tools.date_utils import localized

from ...tools import calling

# How far ahead an open moment is looked for; holidays and weekends end long before.
HORIZON = timedelta(days=60)


class LeadRetry(models.AbstractModel):
    """The next call: planned by the outcome of the last one, exactly once."""

    _name = "estate.lead.retry.mixin"
    _description = "Lead: next call"

    def _plan_next_call(self, call):
        """Plan the next call after `call`, or give the lead up after the last delay.

        :param call: the `estate.call` that has just been noted on this lead
        """
        self.ensure_one()
        outcome = call.outcome_id
        if outcome.is_terminal or self.won_status != "pending":
            return
        delays = outcome._get_delays()
        same = self.call_ids.filtered(lambda c: c.outcome_id == outcome)
        delay = calling.get_delay(delays, len(same))
        if delay is None:
            if delays:
                self._give_up()
            return
        moment = self._get_next_allowed_moment(call.started_at + timedelta(minutes=delay))
        if moment:
            self._set_next_call(moment, call)
        else:
            self._give_up()

    def _get_next_allowed_moment(self, earliest):
        """Return the first moment from `earliest` on that office and law allow.

        :param earliest: naive UTC
        :return: naive UTC, or None when nothing opens within the horizon
        """
        self.ensure_one()
        office = self.team_id
        calendar = office._get_business_calendar()
        rule = self.env["estate.calling.rule"].sudo()._get_for(self.partner_id)
        attempts = self._get_attempt_moments()
        earliest = calling.respect_limit(earliest, attempts, rule.most_attempts if rule else 0)
        start, stop = earliest - timedelta(days=1), earliest + HORIZON
        calendars = []
        if calendar:
            intervals = calendar._work_intervals_batch(localized(start), localized(stop))
            calendars.append([(pair[0], pair[1]) for pair in intervals[False]])
        if rule:
            tz = rule._get_tz_of(self.partner_id, office._get_business_tz())
            calendars.append(rule._get_open_pairs(start, stop, tz))
        moment = calling.first_open(localized(earliest), *calendars)
        return moment and moment.astimezone(pytz.utc).replace(tzinfo=None)

    def _get_attempt_moments(self):
        """Return when this contact was rung, on this and any other lead."""
        # sudo: estate.call - attempts of colleagues count for the person called
        calls = self.env["estate.call"].sudo().search(
            [("partner_id", "=", self.partner_id.id)] if self.partner_id else [("lead_id", "=", self.id)]
        )
        return calls.mapped("started_at")

    def _set_next_call(self, moment, call):
        """Replace the open call task by one that carries the date of the next call."""
        self.ensure_one()
        user = self._get_open_call_tasks().user_id[:1] or self.user_id or call.user_id
        self._close_call_tasks(call.outcome_id.name)
        self.next_call_at = moment
        kind = self.env.ref("crm_real_estate.mail_activity_type_first_call")
        local = self.with_context(tz=self.team_id._get_business_tz().zone)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            {
                "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "res_id": self.id,
                "activity_type_id": kind.id,
                "user_id": user.id,
                "date_deadline": fields.Datetime.context_timestamp(local, moment).date(),
                "summary": kind.summary or kind.name,
                "note": self._render_task_note("first_call"),
                "automated": True,
            }
        )

    def _get_open_call_tasks(self):
        kind = self.env.ref("crm_real_estate.mail_activity_type_first_call")
        return self.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def _close_call_tasks(self, feedback):
        """Close the open call tasks; the journal has the row of the call itself."""
        self.next_call_at = False
        # sudo: mail.activity - the task may be a colleague's
        tasks = self._get_open_call_tasks().sudo()
        if tasks:
            tasks.with_context(estate_journal_skip=True).action_feedback(feedback=feedback)

    def _give_up(self):
        """End the acquisition of an owner who was never reached; no figure counts a refusal."""
        self.ensure_one()
        self._close_call_tasks(_("Given up: not reached"))
        self._move_to_phase(
            self._get_cancellation_phase(),
            "rule",
            lost_reason_id=self.env.ref("crm_real_estate.crm_lost_reason_not_reached").id,
        )

    # === HOOKS ANSWERED ===

    def _on_call_registered(self, call):
        super()._on_call_registered(call)
        if call.outcome_id.is_conversation or call.outcome_id.is_terminal:
            self._close_call_tasks(call.outcome_id.name)

    def _on_assigned(self, user, step):
        super()._on_assigned(user, step)
        if step == "first_call":
            now = fields.Datetime.now()
            for lead in self:
                lead.next_call_at = lead._get_next_allowed_moment(now) or now
