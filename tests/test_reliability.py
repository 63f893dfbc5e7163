"""The index of a contact: facts in, stars out, every star explained."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Datetime
from odoo.tests import Form, freeze_time, tagged

from ..tools import reliability
from .common import EstateCase
from .pdf import PdfCase


class ReliabilityCase(EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls._create_contact("Sam Seeker")
        cls.prop = cls._create_property(state="on_market")
        cls.lead = cls._create_seeker_lead(cls.prop, cls.contact)

    def _view(self, outcome, lead=None, **values):
        """Plan a viewing of two hours ago and say how it ended."""
        start = values.pop("start", Datetime.now() - timedelta(hours=2))
        viewing = self._create_viewing(lead or self.lead, start)
        viewing.write({"state": outcome, **values})
        return viewing

    def _tell(self, code, contact=None, days_ago=0, prop=None):
        """Write a fact to the journal."""
        return self.env["estate.interaction"]._write_journal(
            [
                {
                    "type": code,
                    "partner_id": (contact or self.contact).id,
                    "property_id": (prop or self.prop).id,
                    "occurred_at": Datetime.now() - timedelta(days=days_ago),
                }
            ]
        )

    def _score(self, contact=None):
        contact = contact or self.contact
        self.env.flush_all()
        contact.invalidate_recordset()
        return contact.reliability_score


@tagged("post_install", "-at_install")
class TestFactsMoveTheIndex(ReliabilityCase):
    def test_a_new_contact_begins_at_the_mean(self):
        """M134: 0.6 as long as fewer than 30 are rated."""
        self.assertEqual(self.contact.reliability_score, 60)
        self.assertEqual(self.contact.reliability_stars, 3)

    def test_value_and_stars_agree(self):
        """M90: 0 to 100 on the card as 0 to 5 stars."""
        for code in ("breach", "viewing_no_show", "reservation", "reservation"):
            self._tell(code)
            expected = reliability.get_stars(self._score())
            self.assertEqual(self.contact.reliability_stars, expected)
            self.assertEqual(self.lead.reliability_score, self._score())

    def test_coming_to_viewings_raises_it_and_staying_away_lowers_it(self):
        """M91: two of two attended raise it, one no-show of two lowers it."""
        other = self._create_contact("Norma No-Show")
        lead = self._create_seeker_lead(self.prop, other)
        for _turn in range(2):
            self._view("done")
        self._view("done", lead)
        self._view("no_show", lead)
        self.assertEqual(self._score(), 73.3)
        self.assertLess(self._score(other), 60)

    def test_a_fitting_offer_refused_lowers_it(self):
        """M92: three refused offers that fit."""
        self._refuse_offers(is_fitting=True)
        self.assertLess(self._score(), 60)

    def _refuse_offers(self, is_fitting):
        search = self.env["estate.search"].create(
            {"partner_id": self.contact.id, "deal_type": "sale"}
        )
        for _turn in range(3):
            prop = self._create_property(state="draft")
            pair = self.env["estate.pair"].create(
                {
                    "search_id": search.id,
                    "property_id": prop.id,
                    "is_fitting": is_fitting,
                }
            )
            pair._refuse(self.env["estate.refusal.reason"])

    def test_a_refusal_of_what_did_not_fit_does_not(self):
        """M92: the twin; refusing what does not fit weighs nothing."""
        self._refuse_offers(is_fitting=False)
        self.assertEqual(self._score(), 60)

    def test_who_cancels_and_when_makes_the_difference(self):
        """M134: late by the seeker counts; early, or by agency or owner, does not."""
        soon = Datetime.now() + timedelta(hours=5)
        later = Datetime.now() + timedelta(hours=30)
        for by in ("agency", "owner"):
            self._view("cancelled", start=soon, cancelled_by=by)
        self._view("cancelled", start=later, cancelled_by="seeker")
        self.assertEqual(self._score(), 60)
        self._view("cancelled", start=soon, cancelled_by="seeker")
        self.assertEqual(self._score(), 48)

    def test_a_viewing_after_an_offer_earns_the_viewing_only(self):
        self._tell("offer_answered", days_ago=1)
        self.assertGreater(self._score(), 60)
        self._view("done")
        self.assertEqual(self._score(), 68)

    def test_old_facts_fade(self):
        """M134: what a contact did a year ago weighs half."""
        self._tell("viewing_no_show", days_ago=365)
        self.assertEqual(self._score(), 48)

    def test_a_breach_is_noted_by_a_manager_alone(self):
        with self.assertRaises(AccessError):
            self._log(self.lead, "breach", self.agent)
        self.assertEqual(self._score(), 60)
        self._log(self.lead, "breach", self.manager)
        self.assertEqual(self._score(), 30)

    def test_a_correction_takes_a_fact_out_at_once(self):
        """M134: correctable by a further fact."""
        row = self._view("no_show").lead_id.interaction_ids.filtered(
            lambda row: row.type_code == "viewing_no_show"
        )
        self.assertEqual(self._score(), 40)
        wizard = self.env["estate.interaction.correct"].with_user(self.agent)
        wizard.create({"interaction_id": row.id, "reason": "He came"}).action_apply()
        self.assertEqual(self._score(), 60)

    def test_a_merge_adds_up_what_both_did(self):
        twin = self._create_contact("Sam S.", email=self.contact.email)
        self._tell("viewing_no_show", twin)
        self._tell("viewing_no_show")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.contact | twin).ids, self.contact
        )
        self.assertEqual(self._score(), 30)

    def test_contacts_of_other_businesses_have_no_index(self):
        stranger = self._create_contact("Stranger", estate_kind=False)
        self.assertEqual(stranger.reliability_score, 0)
        stranger.estate_kind = "standard"
        self.assertEqual(stranger.reliability_score, 60)


@tagged("post_install", "-at_install")
class TestEveryNight(ReliabilityCase):
    def _rate(self, days=0):
        with freeze_time(Datetime.now() + timedelta(days=days)):
            return self.env["res.partner"]._cron_rate_contacts()

    def test_the_job_reckons_as_the_plain_formula_does(self):
        codes = ["viewing_done", "viewing_no_show", "offer_refused", "reservation"]
        contacts = [self._create_contact(f"Contact {n}") for n in range(8)]
        for number, contact in enumerate(contacts):
            for turn in range(number):
                self._tell(codes[turn % 4], contact, days_ago=100 * turn)
        before = {contact: self._score(contact) for contact in contacts}
        # The same figures again by the set-based statement.
        self.env.cr.execute("UPDATE res_partner SET reliability_score = -1")
        self.env.invalidate_all()
        self._rate()
        for contact in contacts:
            self.assertAlmostEqual(self._score(contact), before[contact], delta=0.11)
            self.assertEqual(
                contact.reliability_stars, reliability.get_stars(self._score(contact))
            )

    def test_run_twice_it_changes_nothing_more(self):
        self._tell("viewing_no_show")
        self.env.flush_all()
        self._rate()
        self.assertEqual(self._rate(), 0)

    def test_it_lets_facts_fade_on_contacts_and_leads(self):
        self._tell("viewing_no_show")
        self.env.flush_all()
        self._rate(days=365)
        self.assertEqual(self._score(), 48)
        self.assertEqual(self.lead.reliability_score, 48)

    def test_from_thirty_rated_on_all_begin_at_their_mean(self):
        """M134: the mean of all rated, stored with its date."""
        contacts = [self._create_contact(f"Contact {n}") for n in range(30)]
        for contact in contacts:
            self._tell("viewing_done", contact)
        self.env.flush_all()
        self._rate()
        prior = self.env["res.partner"]._get_prior()
        self.assertGreaterEqual(prior["rated"], 30)
        self.assertTrue(prior["date"])
        expected = round(100 * prior["value"], 1)
        self.assertEqual(self._score(self._create_contact("New")), expected)


@tagged("post_install", "-at_install")
class TestTheBestComesFirst(ReliabilityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.best = cls._create_contact("Berta Best")
        cls.best_lead = cls._create_seeker_lead(cls.prop, cls.best)
        cls.worst = cls._create_contact("Willi Worst")
        cls.worst_lead = cls._create_seeker_lead(cls.prop, cls.worst)

    def test_the_board_of_a_property_lists_its_seekers_by_index(self):
        """M93: of two who stand in the same phase the more reliable is on top."""
        self._tell("viewing_no_show", self.worst)
        self._tell("reservation", self.best)
        self.env.flush_all()
        action = self.env.ref("crm_real_estate.crm_lead_action_property_board")
        views = action.view_ids.filtered(lambda v: v.view_mode in ("kanban", "list"))
        self.assertEqual(len(views), 2)
        for view in views.view_id:
            arch = self.env["crm.lead"].get_view(view.id, view.type)["arch"]
            self.assertIn('default_order="reliability_score desc', arch)
        found = (
            self.env["crm.lead"]
            .with_user(self.agent)
            .search(
                [("property_id", "=", self.prop.id)],
                order="reliability_score desc, id desc",
            )
        )
        self.assertEqual(found, self.best_lead | self.lead | self.worst_lead)


@tagged("post_install", "-at_install")
class TestEveryStarIsExplained(ReliabilityCase):
    def _explain(self, user=None):
        contact = self.contact.with_user(user or self.agent)
        action = contact.action_explain_reliability()
        wizard = self.env[action["res_model"]].with_user(user or self.agent)
        return wizard.browse(action["res_id"])

    def test_why_lists_each_fact_with_date_and_weight(self):
        """M134: the counted weights are what the index is made of."""
        self._view("done")
        self._tell("viewing_no_show", days_ago=365)
        self._tell("note")
        facts = self._explain().fact_ids
        self.assertEqual(facts.mapped("weight"), [1, -2])
        self.assertAlmostEqual(facts[1].left, 0.5, places=3)
        self.assertAlmostEqual(sum(facts.mapped("counted")), 0, places=2)
        with Form(self._explain()) as form:
            self.assertIn("100 ×", form.formula)

    def test_what_is_wrong_is_corrected_from_there(self):
        self._view("no_show")
        action = self._explain().fact_ids.action_correct()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.agent)
            .with_context(**action["context"])
        )
        form.reason = "He came, the agent was late"
        form.save().action_apply()
        self.assertEqual(self._score(), 60)
        self.assertFalse(self._explain().fact_ids)

    def test_a_stranger_to_the_entry_sees_no_button(self):
        self._view("no_show")
        self.assertFalse(self._explain(self.second_agent).fact_ids.may_correct)
        self.assertTrue(self._explain(self.manager).fact_ids.may_correct)


@tagged("post_install", "-at_install")
class TestPrintOut(PdfCase, ReliabilityCase):
    def test_the_print_out_names_every_fact_and_its_weight(self):
        """M134: a sheet for the person."""
        self.contact.name = "Сэм Dvořák"
        self._view("done")
        self._tell("viewing_no_show")
        self._tell("offer_refused")
        report = self.env["ir.actions.report"].with_user(self.agent)
        with self._real_pdfs():
            content, _kind = report._render_qweb_pdf(
                "crm_real_estate.report_reliability", self.contact.ids
            )
        text = self._squeeze(self._read_pdf(content))
        for expected in ("+1.00", "-2.00", "-0.25", "No-show", "Сэм Dvořák"):
            self.assertIn(expected, text)
        self.assertIn(str(self._score()), text)
