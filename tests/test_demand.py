"""How many seekers wait for a property, and what a seeker really wants."""

from odoo.fields import Command
from odoo.tests import Form, freeze_time

from .activity_report import ActivityReportCase
from .common import NOW
from .matching import MatchingCase


@freeze_time(NOW)
class TestDemand(MatchingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(NOW):
            for number, price in enumerate((5_000_000, 4_900_000, 4_750_000, 0)):
                partner = cls._create_contact(f"Waiting {number}")
                cls._create_search(partner, price_max=price)
            # A second search of the same contact is no second seeker.
            cls._create_search(partner, price_max=9_000_000)
            cls._create_search(cls.seeker, price_max=9_000_000, active=False)

    def test_the_curve_equals_a_hand_count_and_names_nobody(self):
        """M133: 2 at the price, 4 at five percent less, each seeker once."""
        prop = self._create_offer(price=5_000_000)
        counted = prop._count_demand((10, 0, -1, -2, -5))[prop]
        self.assertEqual(counted, {10: 1, 0: 2, -1: 2, -2: 3, -5: 4})
        form = Form(prop.with_user(self.agent))
        self.assertEqual(form.demand_text, "2 seekers match, at −5 % it is 4.")
        self.assertNotIn("Waiting", form.demand_curve)

    def test_the_first_call_tells_it(self):
        """M133: on the first-call task."""
        prop = self._create_property(price=5_000_000)
        lead = self._create_owner_lead(prop)
        note = lead.activity_ids.note
        self.assertIn("2 seekers match, at −5 % it is 4.", note)
        self.assertNotIn("Waiting", note)

    def test_without_a_price_nothing_is_told(self):
        prop = self._create_property(price=0)
        self.assertFalse(prop.demand_text or prop.demand_curve)
        self.assertNotIn(
            "seekers match", self._create_owner_lead(prop).activity_ids.note
        )


class TestDemandInReports(ActivityReportCase):
    def test_the_owner_reads_it_when_his_plan_says_so(self):
        """M133: in the owner's report, off by default."""
        self.env["estate.search"].create({"partner_id": self._create_contact("Sam").id})
        self.env.cr.flush()
        for wanted in (False, True):
            with Form(self.plan.with_user(self.agent)) as form:
                self.assertEqual(form.with_demand, False)
                form.with_demand = wanted
            report = self._create_report(with_demand=wanted)
            lines = report.line_ids.filtered(lambda line: line.section == "demand")
            self.assertEqual(
                lines.mapped("text"),
                ["1 seekers match, at −5 % it is 1."] if wanted else [],
            )
            self.plan.with_demand = False
        self.plan.with_demand = True
        self._run_job()
        self.assertIn("demand", self._get_reports()[-1:].line_ids.mapped("section"))


@freeze_time(NOW)
class TestSaysAndDoes(MatchingCase):
    def test_five_refusals_too_small_are_taken_over_with_one_click(self):
        """M135: the derived search shows a larger minimum."""
        search = self._create_search(area_min=50)
        for area in (52, 55, 58, 60, 61):
            pair = self._get_pairs(search, self._create_offer(living_area=area))
            pair._refuse(self.reasons["small"])
        search = search.with_user(self.agent)
        self.assertEqual(search.derived_text, "Area from (m²) 65 (says 50)")
        search.action_take_over_deeds()
        self.assertEqual(search.area_min, 65)
        search.invalidate_recordset(["derived_text"])
        self.assertFalse(search.derived_text)

    def test_a_place_refused_again_and_again_is_left_out(self):
        search = self._create_search(territory_ids=[Command.set(self.city.ids)])
        reason = self.env.ref("crm_real_estate.estate_refusal_reason_place")
        for _number in range(3):
            self._get_pairs(search, self._create_offer())._refuse(reason)
        self.assertEqual(search.derived_text, "Not there: Praha 1")
        search.action_take_over_deeds()
        self.assertEqual(search.excluded_territory_ids, self.district)
