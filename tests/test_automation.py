"""The default behaviour is automated actions: an admin stops, narrows and adds them."""

from ast import literal_eval
from datetime import timedelta

from odoo.fields import Domain

from .automation import AutomationCase
from .common import NOW


class ShippedRule:
    """Three tests for one shipped rule.

    `xmlid` names the rule, `_cause` does what sets it off, on records that `fits`
    matches, and returns how often the rule had its effect.
    """

    xmlid = ""
    fits = ()

    def setUp(self):
        super().setUp()
        self.rule = self.env.ref(f"crm_real_estate.{self.xmlid}")

    def test_left_alone_it_acts_exactly_once(self):
        """M141: leave the shipped rule."""
        self.assertEqual(self._cause(), 1)

    def test_archived_it_stops(self):
        """M141: archive the shipped rule."""
        self.rule.action_archive()
        self.assertEqual(self._cause(), 0)

    def test_with_another_filter_it_follows_that(self):
        """M141: change the filter of the shipped rule."""
        wider = Domain(literal_eval(self.rule.filter_domain))
        self.rule.filter_domain = repr(list(wider & ~Domain(self.fits)))
        self.assertEqual(self._cause(), 0)
        self.rule.filter_domain = repr(list(wider & Domain(self.fits)))
        self.assertEqual(self._cause(), 1)

    def _cause(self):
        raise NotImplementedError


class TheFirstCallRule(ShippedRule, AutomationCase):
    xmlid = "automation_first_call"
    fits = [("deal_type", "=", "sale")]

    def _cause(self):
        return len(self._create_owner_lead().activity_ids)

    def test_another_filter_lets_other_leads_through(self):
        """M141: change the filter, it follows."""
        self.rule.filter_domain = "[('deal_type', '=', 'rent')]"
        lead = self._create_owner_lead(self._create_property(deal_type="rent"))
        self.assertEqual(len(lead.activity_ids), 1)


class TheEnquiryRule(ShippedRule, AutomationCase):
    xmlid = "automation_enquiry"
    fits = [("deal_type", "=", "sale")]

    def _cause(self):
        lead = self._create_seeker_lead(user_id=False, received_at=NOW)
        return len(lead.decision_ids)


class TheNextCallRule(ShippedRule, AutomationCase):
    xmlid = "automation_next_call"
    fits = [("outcome_id.code", "=", "busy")]

    def _cause(self):
        lead = self._call("busy")
        self.assertEqual(len(lead.activity_ids), 1)
        return int(lead.next_call_at == NOW + timedelta(minutes=15))


class TheAgreedRule(ShippedRule, AutomationCase):
    xmlid = "automation_agreed"
    fits = [("lead_id.deal_type", "=", "sale")]

    def _cause(self):
        lead = self._call("agreed")
        steps = lead.decision_ids.mapped("step")
        moves = self._count_moves(lead, "acquisition/4")
        self.assertEqual(steps.count("agent"), moves)
        return moves


class TheRefusedRule(ShippedRule, AutomationCase):
    xmlid = "automation_refused"
    fits = [("lead_id.deal_type", "=", "sale")]
    code = "refused"

    def _cause(self):
        return self._count_moves(self._call(self.code), "acquisition/8")


class TheWrongNumberRule(TheRefusedRule):
    xmlid = "automation_wrong_number"
    code = "wrong_number"


class TheDoNotCallRule(TheRefusedRule):
    xmlid = "automation_do_not_call"
    code = "do_not_call"


class TheAdvanceRule(ShippedRule, AutomationCase):
    xmlid = "automation_advance"
    fits = [("type_id.code", "=", "documentation_sent")]

    def _cause(self):
        lead = self._create_seeker_lead()
        self._log(lead, "documentation_sent")
        return self._count_moves(lead, "sale/4")


class TheAnsweredRule(ShippedRule, AutomationCase):
    xmlid = "automation_answered"
    fits = [("lead_id.deal_type", "=", "sale")]

    def _cause(self):
        lead = self._create_seeker_lead()
        lead.with_user(self.agent).message_post(
            body="Tomorrow at five?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=lead.partner_id.ids,
        )
        return self._count_moves(lead, "sale/3")
