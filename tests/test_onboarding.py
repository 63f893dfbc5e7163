"""The first steps of a director: what is left to do, and the way to the first lead."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import EstateCase


@tagged("my_day")
class TestOnboarding(EstateCase):
    """A new company, in which nothing is set up yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.new = cls.env["res.company"].create(
            {"name": "New agency", "resource_calendar_id": cls.calendar.id}
        )
        cls.director.write(
            {
                "company_ids": [Command.set(cls.new.ids)],
                "company_id": cls.new.id,
                "group_ids": [
                    Command.link(cls.env.ref("crm_real_estate.group_settings").id),
                    Command.link(cls.env.ref("base.group_erp_manager").id),
                ],
            }
        )
        cls.env["crm.team"].search([]).filtered(
            lambda team: not team.company_id
        ).is_estate_office = False
        cls.env["estate.territory"].search([("company_id", "=", False)]).active = False
        cls.seller = cls.env["res.users"].create(
            {
                "name": "Sally Seller",
                "login": "estate-sally",
                "company_id": cls.new.id,
                "company_ids": [Command.set(cls.new.ids)],
                "group_ids": [
                    Command.set(cls.env.ref("sales_team.group_sale_salesman").ids)
                ],
            }
        )

    def _mine(self, model, user=None):
        return self.env[model].with_user(user or self.director).with_company(self.new)

    def _box(self, user=None):
        boxes = self._mine("estate.my.day", user).get_screen()["boxes"]
        return {box["code"]: box for box in boxes}.get("onboarding")

    def _done(self):
        return [step["code"] for step in self._box()["steps"] if step["is_done"]]

    def test_each_step_is_done_when_the_data_say_so(self):
        """M146: five steps, each with its link and its mark; then the box is gone."""
        box = self._box()
        self.assertEqual(
            [step["code"] for step in box["steps"]],
            ["office", "people", "territory", "intake", "listing"],
        )
        self.env["ir.mail_server"].search([]).active = False
        self.assertEqual((self._done(), self._box()["count"]), ([], 5))
        for step in box["steps"]:
            model = self.env[step["action"]["res_model"]]
            self.assertTrue(model.with_user(self.director).has_access("create"))
        office = self._mine("crm.team").create(
            {
                "name": "First office",
                "is_estate_office": True,
                "company_id": self.new.id,
                "resource_calendar_id": self.calendar.id,
            }
        )
        self.assertEqual(self._done(), ["office"])
        self._mine("crm.team.member").create(
            {"crm_team_id": office.id, "user_id": self.director.id}
        )
        self.assertEqual(self._done(), ["office", "people"])
        self._mine("estate.territory").create(
            {"name": "Town", "company_id": self.new.id}
        )
        self._mine("estate.intake.source").create({"name": "Portal"})
        self.assertEqual(self._done(), ["office", "people", "territory"])
        self.env["ir.mail_server"].create({"name": "Out", "smtp_host": "localhost"})
        self.assertEqual(self._box()["count"], 1)
        self._mine("estate.property").create(
            {"name": "House", "company_id": self.new.id}
        )
        self.assertIsNone(self._box())

    def test_a_director_removes_the_box_and_takes_it_back(self):
        """M146: it is dismissed for him alone, and comes back when he adds it."""
        day = self._mine("estate.my.day")
        day.remove_box("onboarding")
        self.assertIsNone(self._box())
        self.assertIn(
            "onboarding", [box["code"] for box in day.get_screen()["addable"]]
        )
        day.add_box("onboarding")
        self.assertTrue(self._box())

    def test_only_directors_have_it(self):
        for user in (self.operator, self.agent, self.manager):
            boxes = self.env["estate.my.day"].with_user(user).get_screen()
            codes = [box["code"] for box in boxes["boxes"] + boxes["addable"]]
            self.assertNotIn("onboarding", codes)

    def test_roles_are_proposed_and_given_by_a_click_alone(self):
        """M146: nothing is assigned silently."""
        office = self._mine("crm.team").create(
            {
                "name": "First office",
                "is_estate_office": True,
                "company_id": self.new.id,
            }
        )
        agent = self.env.ref("crm_real_estate.group_agent")
        wizard = self._mine("estate.onboarding").create({})
        line = wizard.line_ids.filtered(lambda one: one.user_id == self.seller)
        self.assertEqual((line.role, line.team_id), ("agent", office))
        self.assertNotIn(self.director, wizard.line_ids.user_id)
        self.assertNotIn(agent, self.seller.all_group_ids)
        self.assertFalse(self.seller.crm_team_ids)
        action = wizard.action_apply()
        self.assertEqual(action["tag"], "estate_my_day")
        self.assertIn(agent, self.seller.all_group_ids)
        self.assertEqual(self.seller.crm_team_ids, office)

    def test_whose_role_is_left_empty_keeps_what_he_had(self):
        before = self.seller.all_group_ids
        wizard = self._mine("estate.onboarding").create({})
        wizard.line_ids.role = False
        wizard.action_apply()
        self.assertEqual(self.seller.all_group_ids, before)

    def test_an_office_manager_gives_no_roles(self):
        with self.assertRaises(AccessError):
            self.env["estate.onboarding"].with_user(self.manager).create({})


@tagged("tours")
class TestFirstLead(EstateCase, HttpCase):
    browser_size = "1400x900"

    def test_a_director_reaches_his_first_lead_from_his_first_steps(self):
        """M146: from the box to a listing of his own, and its lead is somebody's."""
        self.env["estate.intake.source"].search([]).active = False
        self.env["estate.property"].search([]).active = False
        owner = self._create_contact("Olga First")
        company = self.env["res.company"].create(
            {"name": "New agency", "resource_calendar_id": self.calendar.id}
        )
        self.director.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        (self.office | self.call_centre).company_id = False
        self.start_tour(
            "/odoo/my-day", "estate_onboarding_first_lead", login=self.director.login
        )
        lead = self.env["crm.lead"].search([("partner_id", "=", owner.id)])
        self.assertEqual((lead.lead_role, lead.phase_number), ("owner", 1))
        self.assertEqual(lead.property_id.street, "Dlouhá 7")
        self.assertEqual(lead.company_id, company)
