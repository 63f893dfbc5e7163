from datetime import timedelta

from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .activity_report import ActivityReportCase
from .common import NOW

DAYS = {"weekly": 7, "monthly": 31}


@tagged("activity_report")
class TestReportContents(ActivityReportCase):
    """What a plan asks for is what its reader gets."""

    def _get_kinds(self, owner):
        return set(self._get_reports(owner).line_ids.mapped("kind"))

    def _tell_everything(self, prop):
        self._tell("documentation_sent", day=1, prop=prop)
        self._tell("viewing_done", day=2, prop=prop, summary="They liked it")

    def test_two_owners_get_what_their_plans_say(self):
        """M4: A weekly "visits only", B monthly "all": both reports differ so."""
        with freeze_time(NOW):
            other = self._create_contact("Bruno Owner")
            second = self._create_property(
                owner_ids=other, state="on_market", street="Krátká 2"
            )
        visits = self.env["estate.interaction.type"]._get("viewing_done")
        with Form(self.plan.with_user(self.agent)) as form:
            form.type_ids.add(visits)
        monthly = other.report_plan_ids
        with freeze_time(NOW), Form(monthly.with_user(self.agent)) as form:
            form.rhythm = "monthly"
        self._tell_everything(self.prop)
        self._tell_everything(second)
        self._run_job(days=7)
        self.assertIn("Viewing carried out", self._get_kinds(self.owner))
        self.assertNotIn("Documentation sent", self._get_kinds(self.owner))
        self.assertFalse(self._get_reports(other))
        self._run_job(days=32)
        self.assertLessEqual(
            {"Viewing carried out", "Documentation sent"}, self._get_kinds(other)
        )

    def test_a_seeker_is_told_what_was_done_for_his_search(self):
        """M3: proposed, sent, visited, and how each property stands; once."""
        seeker = self._create_contact("Sam Seeker")
        with freeze_time(NOW):
            lead = self._create_seeker_lead(self.prop, seeker)
            plan = self.env["estate.report.plan"].with_user(self.agent)
            with Form(plan) as form:
                form.audience = "seeker"
                form.partner_id = seeker
        links = {"lead_id": lead.id, "partner_id": seeker.id}
        self._tell("matching_mail", day=1, **links)
        self._tell("documentation_sent", day=2, **links)
        self._tell("viewing_done", day=3, summary="For the owner: too dear", **links)
        self._tell("viewing_done", day=3, summary="Somebody else")
        self._run_job()
        self._run_job()
        report = self._get_reports(seeker)
        self.assertEqual(len(report), 1)
        self.assertEqual(
            report.line_ids.filtered(
                lambda line: line.section in ("action", "viewing")
            ).mapped("kind")[-3:],
            ["Matching offer sent", "Documentation sent", "Viewing carried out"],
        )
        texts = " ".join(filter(None, report.line_ids.mapped("text")))
        self.assertIn("The property is on the market", texts)
        self.assertNotIn("too dear", texts)
        self.assertEqual(len(self._get_mails(seeker)), 1)

    def test_a_quiet_report_is_skipped_where_the_plan_says_so(self):
        self.plan.when_quiet = "skip"
        self._run_job()
        self.assertFalse(self._get_reports())
        self._tell("documentation_sent", day=8)
        self._run_job(days=14)
        self.assertEqual(len(self._get_mails()), 1)

    def test_a_weekday_and_an_hour_hold_the_report_until_then(self):
        with freeze_time(NOW), Form(self.plan.with_user(self.agent)) as form:
            form.weekday = "4"
            form.hour = 16
        # NOW is a Wednesday at 10:00: the Friday after it is two days later.
        self.assertEqual(self.plan.next_date, NOW.date() + timedelta(days=2))
        self._run_job(days=2, hours=5)
        self.assertFalse(self._get_reports())
        self._run_job(days=2, hours=6)
        self.assertEqual(len(self._get_reports()), 1)
        self.assertEqual(self.plan.next_date, NOW.date() + timedelta(days=9))

    def test_rentals_have_a_rhythm_of_their_own(self):
        self.company.estate_report_rhythm_rent = "monthly"
        landlord = self._create_contact("Lara Landlord")
        self._create_property(owner_ids=landlord, deal_type="rent", state="on_market")
        self.assertEqual(landlord.report_plan_ids.rhythm, "monthly")

    def test_a_report_to_a_seeker_names_no_owner(self):
        seeker = self._create_contact("Sam Seeker")
        self._create_seeker_lead(self.prop, seeker)
        report = self._create_report(
            partner_id=seeker.id,
            audience="seeker",
            line_ids=[Command.create({"text": "Olga Owner says hello, Sam"})],
        )
        self.assertIn("(name) says hello, Sam", report.line_ids.mapped("text"))
