import re
from datetime import timedelta

from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from .activity_report import ActivityReportCase
from .common import NOW


@tagged("-at_install", "post_install", "activity_report")
class TestOwnerPage(HttpCase, ActivityReportCase):
    """An owner follows his property on a private page; the agent is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._tell("documentation_sent", day=-1)
        seeker = cls._create_contact("Jana Nováková")
        lead = cls._create_seeker_lead(cls.prop, seeker)
        cls._tell("viewing_done", lead_id=lead.id, day=-1, summary="Nováková likes it")
        cls._tell("note", day=-1, owner_comment="Paint it", internal_note="Too dear")

    def _open(self, url):
        with freeze_time(NOW):
            return self.url_open(url.replace(self.prop.get_base_url(), ""))

    def _get_url(self, prop=None, owner=None):
        return (prop or self.prop)._get_owner_page_url(owner or self.owner)

    def test_the_private_link_shows_what_the_report_shows_and_nothing_else(self):
        """M122: the page has the report's lines, no seeker and no internal note."""
        page = self._open(self._get_url())
        self.assertEqual(page.status_code, 200)
        report = self._create_report(
            date_from=NOW.date() - timedelta(days=7), date_to=NOW.date()
        )
        for text in filter(None, report.line_ids.mapped("text")):
            self.assertIn(text, page.text)
        self.assertIn("(seeker) likes it", page.text)
        self.assertNotIn("Nováková", page.text)
        self.assertNotIn("Too dear", page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")

    def test_the_page_has_phases_and_demand_curve_where_the_reports_have_them(self):
        """M122: the wishes of the owner's plan are those of his page, too."""
        self.env["estate.search"].create({"partner_id": self._create_contact("Sam").id})
        for wanted in (False, True):
            self.plan.write({"tells_phases": wanted, "with_demand": wanted})
            page = self._open(self._get_url()).text
            for told in ("Seekers by phase", "seekers match", "o_estate_demand"):
                self.assertEqual(told in page, wanted, told)
        self.assertNotIn("Sam", page)

    def test_the_page_is_that_of_the_agency_of_the_property(self):
        agency = self.env["res.company"].create({"name": "Other agency"})
        owner = self._create_contact("Otto", company_id=False)
        prop = self._create_property(
            owner_ids=owner, state="on_market", company_id=agency.id
        )
        page = self._open(self._get_url(prop, owner)).text
        self.assertIn(f"/logo.png?company={agency.id}", page)

    def test_forged_foreign_and_missing_pages_are_the_same_404(self):
        """M122: another owner's id, a forged token, a property that is not there."""
        stranger = self._create_contact("Petr Stranger")
        url = self._get_url()
        answers = [
            self._open(address)
            for address in (
                f"{url[:-1]}{'0' if url[-1] != '0' else '1'}",
                url.replace(f"/{self.owner.id}/", f"/{stranger.id}/"),
                self._get_url(owner=stranger),
                url.replace(f"/{self.prop.id}/", "/999999999/"),
            )
        ]
        self.assertEqual({answer.status_code for answer in answers}, {404})
        bodies = {re.sub(r'csrf_token: "[^"]*"', "", one.text) for one in answers}
        self.assertEqual(len(bodies), 1)

    def test_who_sold_sees_it_no_longer(self):
        url = self._get_url()
        self.prop.owner_ids = self._create_contact("Bruno Buyer")
        self.assertEqual(self._open(url).status_code, 404)

    def test_the_agent_is_told_once_a_day_that_the_owner_looks(self):
        """M122: the agent is told when the owner looks, and not at each reload."""
        for _reload in range(3):
            self._open(self._get_url())
        self.assertEqual(self._codes(self.prop).count("owner_looked"), 1)
        told = self.env["mail.message"].search(
            [("model", "=", self.prop._name), ("res_id", "=", self.prop.id)]
        )
        told = told.filtered(lambda one: "looks at" in (one.subject or ""))
        self.assertEqual(told.notified_partner_ids, self.agent.partner_id)

    def test_a_question_becomes_a_task_of_the_agent(self):
        """M122: what the owner asks on the page is a task."""
        url = self._get_url()
        page = self._open(url)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        with freeze_time(NOW):
            answer = self.url_open(
                url.replace(self.prop.get_base_url(), ""),
                data={
                    "csrf_token": token,
                    "question": "When is <b>the next</b> viewing?",
                },
            )
        self.assertIn("Thank you", answer.text)
        task = self.prop.activity_ids
        self.assertEqual(task.user_id, self.agent)
        self.assertIn("When is &lt;b&gt;the next", task.note)

    def test_an_owner_with_a_login_lists_and_opens_his_own(self):
        new_test_user(
            self.env,
            "olga",
            groups="base.group_portal",
            password="olga-olga-olga",
            partner_id=self.owner.id,
        )
        other = self._create_property(owner_ids=self._create_contact("Bruno"))
        self.authenticate("olga", "olga-olga-olga")
        self.assertIn(self.prop.name, self._open("/my/real_estate").text)
        mine = self._open(f"/my/real_estate/{self.prop.id}")
        self.assertIn("Documentation sent", mine.text)
        self.assertEqual(self._open(f"/my/real_estate/{other.id}").status_code, 404)
