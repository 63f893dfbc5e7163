from datetime import timedelta

from odoo import fields, models

from ...tools import calling
from .. import inner


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
    call_plan_number = fields.Integer(
        readonly=True, copy=False, help="Grows with each planned call: one at a time."
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
        most = (self.company_id or self.env.company).estate_most_attempts
        if delay is None or 0 < most <= len(series):
            self._give_up()
            return
        ended_at = call.started_at + timedelta(seconds=call.duration_seconds)
        earliest = ended_at + timedelta(minutes=delay)
        after = {self: call.started_at} if delay >= calling.LONG_DELAY else None
        moment = self._find_call_moments({self: earliest}, after)[self]
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
        self._lock_plan()
        user = self._get_call_tasks().user_id[:1] or user
        self._close_call_tasks(feedback)
        # The call is the next task, whatever the phase asks for.
        self._get_stage_tasks().unlink()
        self.next_call_at = moment or False
        if not user:
            return
        now = fields.Datetime.now()
        vals = self._prepare_tasks(self._get_call_task_type(), user, moment or now)
        if not moment:
            closure = self._get_call_closures(now)
            vals[0]["summary"] = self._describe_closures(closure).get(
                self, self.env._("No call is allowed within 60 days: check the hours")
            )
        quiet = {"mail_activity_quick_update": True}
        self.env["mail.activity"].with_context(**quiet).create(vals)

    def _lock_plan(self):
        """Let a rival who plans a call on this lead wait, then see what is planned."""
        # sudo: crm.lead - a fact, which users do not write
        self.sudo().write({"call_plan_number": self.call_plan_number + 1})
        # A rival fails as a serialization failure, which Odoo answers by trying again.
        self.flush_recordset(["call_plan_number"])

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
        self._ensure_stage_tasks()

    # === DO NOT CALL ===

    def _block_number(self):
        """Block the number of this lead everywhere; other leads leave the queue."""
        numbers = self._get_call_numbers()
        if not numbers:
            return
        # sudo: phone.blacklist - the person said so, whoever took the call
        self.env["phone.blacklist"].sudo()._add(
            sorted(numbers), message=self.env._("Said on the phone: do not call.")
        )
        # sudo: crm.lead - nobody rings this number again, colleagues neither
        others = self.sudo().search(
            [
                ("lead_role", "!=", False),
                ("won_status", "=", "pending"),
                ("id", "!=", self.id),
                "|",
                ("phone_sanitized", "in", list(numbers)),
                ("partner_id.phone_sanitized", "in", list(numbers)),
            ]
        )
        for lead in others.filtered(
            lambda lead: lead.next_call_at or lead._get_call_tasks()
        ):
            lead._close_call_tasks(self.env._("Do not call"))
            lead._ensure_stage_tasks()

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
        if call.outcome_code == "do_not_call":
            self._block_number()
        self._ensure_stage_tasks()

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
