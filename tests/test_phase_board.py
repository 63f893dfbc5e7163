"""The board of a property: who is where, for how long, and a mail to those shown."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Datetime
from odoo.tests import Form, tagged

from odoo.addons.mail.tests.common import MailCase

from .activity_report import ActivityReportCase
from .common import EstateCase


@tagged("post_install", "-at_install", "crm_real_estate")
class TestInformContacts(MailCase, EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prop = cls._create_property(state="on_market", agent_id=cls.agent.id)
        cls.leads = cls._create_seeker_leads(cls.prop, 6)
        cls.shown = cls.leads[:4]
        cls.shown.stage_id = cls.env.ref("crm_real_estate.crm_stage_sale_5")

    def _open(self, filtered=None, leads=None):
        """Press the button of the board; return the form of the composer."""
        action = self.prop.with_user(self.agent).action_open_board()
        context = {**action["context"], "active_domain": action["domain"]}
        if filtered:
            context["active_domain"] = [*action["domain"], filtered]
        board = (leads or self.env["crm.lead"]).with_user(self.agent)
        composer = board.with_context(**context).action_inform_contacts()
        composers = self.env["mail.compose.message"].with_user(self.agent)
        return Form(composers.with_context(**composer["context"]))

    def _send(self, form):
        form.subject = "News"
        form.body = "<p>The price has changed.</p>"
        with self.mock_mail_gateway():
            form.save().action_send_mail()
        sent = self._new_mails.filtered(lambda mail: mail.state != "cancel")
        return sent.recipient_ids

    def test_exactly_those_of_the_filter_get_it(self):
        """M108: the filter by phase shows 4 of 6, the mail goes to these."""
        form = self._open(("phase_number", "=", 5))
        self.assertFalse(form.estate_left_out)
        self.assertEqual(self._send(form), self.shown.partner_id)

    def test_who_opted_out_is_left_out_and_named(self):
        """M108: before sending one reads who gets nothing, and why."""
        self.shown[0].partner_id.automatic_messages_allowed = False
        self.shown[1].partner_id.email = False
        form = self._open(("phase_number", "=", 5))
        self.assertIn("Do not want automatic mails: Seeker 0", form.estate_left_out)
        self.assertIn("Have no mail address: Seeker 1", form.estate_left_out)
        self.assertEqual(self._send(form), self.shown[2:].partner_id)

    def test_those_that_were_chosen_get_it(self):
        form = self._open(leads=self.leads[4:])
        self.assertEqual(self._send(form), self.leads[4:].partner_id)

    def test_the_journal_tells_of_the_mail(self):
        self._send(self._open(("phase_number", "=", 5)))
        for lead in self.shown:
            row = lead.interaction_ids.filtered(lambda r: r.type_code == "mail_sent")
            self.assertTrue(row.is_automatic)

    def test_a_contact_with_two_leads_gets_one_mail(self):
        again = self._create_seeker_lead(
            self._create_property(state="on_market"), self.shown[0].partner_id
        )
        form = self._open(leads=self.shown | again)
        self.assertEqual(len(self._send(form)), 4)

    def test_a_filter_that_shows_nobody_is_refused_with_a_sentence(self):
        with self.assertRaises(UserError):
            self._open(("phase_number", "=", 9))


@tagged("post_install", "-at_install", "crm_real_estate")
class TestMovesAndDays(EstateCase):
    def test_the_history_tells_moves_of_the_system_from_those_by_hand(self):
        """M114: icon and cause of each move, and a filter for either."""
        lead = self._create_seeker_lead()
        self._log(lead, "documentation_sent")
        lead.with_user(self.agent).stage_id = self._phase("sale", 7)
        by_system, by_hand = lead.interaction_ids.filtered("phase_to").sorted("id")
        self.assertEqual((by_system.cause, by_system.is_automatic), ("journal", True))
        self.assertEqual((by_hand.cause, by_hand.is_automatic), ("person", False))
        view = self.env.ref("crm_real_estate.estate_interaction_view_search").arch_db
        self.assertIn("moves_by_hand", view)
        self.assertIn("moves_by_system", view)
        for name in ("estate_interaction_view_list", "crm_lead_view_form_estate"):
            view = self.env.ref(f"crm_real_estate.{name}").arch_db
            self.assertIn("estate_written_by", view)

    def test_a_lead_that_stays_too_long_is_stale(self):
        """M99: the shipped phases say after how many days."""
        lead = self._create_seeker_lead()
        stale = [("is_rotting", "=", True), ("id", "=", lead.id)]
        days = lead.stage_id.rotting_threshold_days
        self.assertEqual(days, 2)
        self.assertFalse(self.env["crm.lead"].search(stale))
        lead.date_last_stage_update = Datetime.now() - timedelta(days=days + 1)
        self.env.flush_all()
        self.assertEqual(self.env["crm.lead"].search(stale), lead)
        self.assertTrue(lead.is_rotting)


@tagged("activity_report")
class TestPhasesInReports(ActivityReportCase):
    def _get_lines(self, report):
        return report.line_ids.filtered(lambda line: line.section == "phase")

    def test_a_plan_with_the_option_tells_how_many_stand_where(self):
        """M109: on, counts per phase and no names; off, nothing."""
        for number in (5, 5, 7):
            lead = self._create_seeker_lead(self.prop)
            lead.stage_id = self._phase("sale", number)
        self._run_job()
        off = self._get_reports()[-1]
        self.assertFalse(self._get_lines(off))
        with Form(self.plan.with_user(self.manager)) as form:
            form.tells_phases = True
        self._run_job(days=14)
        report = self._get_reports()[-1]
        self.assertEqual(
            self._get_lines(report).mapped("text"),
            ["First viewing: 2", "Negotiation: 1"],
        )
        self.assertEqual(off.state, "sent")


@tagged("post_install", "-at_install", "crm_real_estate")
class TestPhaseCheck(EstateCase):
    """Which phases contradict the journal, and why."""

    def _get_reason(self, lead):
        self.env.flush_all()
        checks = self.env["estate.phase.check"].with_user(self.agent)
        return checks.search([("lead_id", "=", lead.id)]).reason

    def _move(self, lead, number):
        lead.with_user(self.agent).stage_id = self._phase("sale", number)

    def test_a_second_viewing_without_any_viewing_is_listed(self):
        """M138: on the list with the reason; gone when the viewings are told."""
        lead = self._create_seeker_lead()
        self.assertFalse(self._get_reason(lead))
        self._move(lead, 6)
        self.assertEqual(self._get_reason(lead), "second_viewing")
        self._create_viewing(lead).state = "done"
        self.assertEqual(self._get_reason(lead), "second_viewing")
        self._create_viewing(lead).state = "done"
        self.assertFalse(self._get_reason(lead))

    def test_a_corrected_viewing_is_none(self):
        """M138: what was corrected is no evidence."""
        lead = self._create_seeker_lead()
        self._create_viewing(lead).state = "done"
        self.assertEqual(lead.phase_number, 5)
        self.assertFalse(self._get_reason(lead))
        row = lead.interaction_ids.filtered(lambda r: r.type_code == "viewing_done")
        row._correct("It was another person")
        self.assertEqual(self._get_reason(lead), "no_viewing")

    def test_a_phase_that_nothing_leads_to_is_listed(self):
        lead = self._create_seeker_lead()
        self._move(lead, 8)
        self.assertEqual(self._get_reason(lead), "no_evidence")
        self._log(lead, "reservation")
        self.assertFalse(self._get_reason(lead))

    def test_who_chose_the_phase_with_an_action_gave_the_reason(self):
        lead = self._create_seeker_lead()
        self._log(lead, "note", stage_id=self._phase("sale", 7).id)
        self.assertEqual(lead.phase_number, 7)
        self.assertFalse(self._get_reason(lead))

    def test_a_journal_that_is_further_is_listed_until_somebody_decides(self):
        self.env.ref("crm_real_estate.automation_advance").active = False
        lead = self._create_seeker_lead()
        self._log(lead, "reservation")
        self.assertEqual(self._get_reason(lead), "behind")
        self._move(lead, 7)
        self._move(lead, 2)
        self.assertFalse(self._get_reason(lead))

    def test_an_answer_of_any_kind_explains_the_phase_answered(self):
        lead = self._create_seeker_lead()
        self._log(lead, "letter")
        self.assertEqual(lead.phase_number, 3)
        self.assertFalse(self._get_reason(lead))

    def test_a_row_opens_its_lead(self):
        lead = self._create_seeker_lead()
        self._move(lead, 6)
        self.env.flush_all()
        check = self.env["estate.phase.check"].search([("lead_id", "=", lead.id)])
        self.assertEqual(check.action_open_lead()["res_id"], lead.id)
