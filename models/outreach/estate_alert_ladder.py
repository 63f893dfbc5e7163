import logging

from odoo import api, fields, models
from odoo.fields import Domain

from .. import inner

_logger = logging.getLogger(__name__)
BATCH = 50
RETRY_MINUTES = 10
CRON = "crm_real_estate.ir_cron_alert_ladder"


class Alert(models.Model):
    """The ladder of an alert that nobody saw: an SMS, then the next candidate.

    It climbs in the open minutes of the office only.
    """

    _inherit = "estate.alert"

    def _plan_first_step(self):
        """Say when these new alerts are followed by an SMS or the next candidate."""
        for alert in self:
            company = alert.company_id
            if company.estate_alert_sms_seconds and not alert.sms_at:
                alert._plan_step(company.estate_alert_sms_seconds / 60)
            else:
                alert._plan_passing_on()
        self._wake_ladder()

    def _plan_passing_on(self):
        for alert in self:
            alert._plan_step(alert.company_id.estate_alert_pass_minutes)

    def _plan_step(self, minutes):
        """Set the next step so many open minutes after the alert; 0 means none."""
        self.ensure_one()
        company = self.company_id
        if not (minutes and company.estate_alert_ladder):
            self.step_due_at = False
            return
        office = self.lead_id.team_id.with_company(company)
        self.step_due_at = office._add_business_minutes(self.sent_at, minutes)

    def _wake_ladder(self):
        cron = self.env.ref(CRON, raise_if_not_found=False)
        moments = {alert.step_due_at for alert in self if alert.step_due_at}
        if cron and moments:
            # sudo: ir.cron - whoever assigns sets off the ladder
            cron.sudo()._trigger(at=sorted(moments))

    # === THE JOB ===

    @api.model
    def _cron_climb_ladder(self):
        """Do what is due with alerts that nobody saw, each in its own savepoint."""
        cron, failed = self.env["ir.cron"], []
        due = Domain("step_due_at", "<=", fields.Datetime.now())
        cron._commit_progress(remaining=self.search_count(due))
        while True:
            domain = due & Domain("id", "not in", failed)
            alerts = self.search(domain, limit=BATCH, order="step_due_at, id")
            alerts = alerts.try_lock_for_update(allow_referencing=True)
            if not alerts:
                break
            for alert in alerts.filtered_domain(domain):
                if not alert._try_climb():
                    failed.append(alert.id)
            if not cron._commit_progress(len(alerts)):
                break

    def _try_climb(self):
        """Do the next step of this alert; return whether it could be done."""
        try:
            with self.env.cr.savepoint():
                inner.say(self, automatic=True)._climb()
        except Exception as error:  # noqa: BLE001 - one must not stop the others
            _logger.warning("Alert %s: %s", self.id, type(error).__name__)
            _logger.debug("Alert %s", self.id, exc_info=True)
            # Not at once again: what failed may need somebody's hand.
            again = fields.Datetime.add(fields.Datetime.now(), minutes=RETRY_MINUTES)
            self.step_due_at = again
            self._wake_ladder()
            return False
        return True

    def _climb(self):
        self.ensure_one()
        if not self._is_waited_for():
            self._close()
        elif not self.sms_at and self.company_id.estate_alert_sms_seconds:
            self.with_context(lang=self.user_id.lang)._text(self.user_id)
            # Also who has no number is not written to again.
            self.sms_at = fields.Datetime.now()
            self._plan_passing_on()
            self._wake_ladder()
        else:
            self._pass_on()

    def _is_waited_for(self):
        """Tell whether the person still has this lead and it is still open."""
        lead = self.lead_id
        return lead.user_id == self.user_id and lead.won_status == "pending"

    def _pass_on(self):
        """Give the lead to the next candidate; a person's own choice stands."""
        self.step_due_at = False
        if not self._is_given_by_distribution():
            return
        self.write({"passed_on_at": fields.Datetime.now()})
        self._close_windows()
        inner.say(self.lead_id, taken_why="alert_unseen")._take_back()

    def _is_given_by_distribution(self):
        last = self.lead_id.decision_ids.sorted("id")[-1:]
        return last.user_id == self.user_id
