"""A call centre with a lead to ring."""

from odoo.tests import freeze_time

from .common import NOW, EstateCase


class CallCase(EstateCase):
    """An owner lead of `self.operator`, on a Wednesday at 10:00 in Prague."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_operator.crm_team_member_ids.assignment_optout = True
        with freeze_time(NOW):
            cls.lead = cls._create_owner_lead()
            cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.clock = self._set_clock(NOW)

    def _set_clock(self, moment):
        return self.startPatcher(freeze_time(moment))

    def _note(self, code, lead=None, moment=None, **values):
        """Press the button of an outcome, as the operator does."""
        if moment:
            self._set_clock(moment)
        lead = lead or self.lead
        values = {"seen_count": lead.call_count} | values
        return lead.with_user(self.operator).action_call_outcome(code, **values)

    def _note_times(self, code, times):
        for _time in range(times):
            self._note(code)

    def _get_open_tasks(self, lead=None):
        return (lead or self.lead).activity_ids

    def _get_call_tasks(self):
        kind = self.env.ref("crm_real_estate.mail_activity_type_first_call")
        return self.lead.activity_ids.filtered(lambda t: t.activity_type_id == kind)
