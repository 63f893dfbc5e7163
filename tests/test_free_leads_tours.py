"""Free objects in a browser: claimed from the list, the cards and the form."""

from odoo.tests import HttpCase, tagged

from .common import EstateCase


class FreeLeadsTours(EstateCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules["first_call"].strategy = "announce"
        cls.env["crm.lead"].search(
            [("lead_role", "!=", False), ("user_id", "=", False)]
        ).user_id = cls.env.ref("base.user_admin")
        cls.lead = cls._create_owner_lead()

    def _tour(self, name, path):
        self.start_tour(f"/odoo/{path}", name, login=self.operator.login)
        self.env.invalidate_all()


class Claims:
    def test_a_free_object_is_claimed_with_one_click(self):
        """M39: any employee reserves the object for himself."""
        self._tour("estate_claim_from_list", "free-objects")
        self.assertEqual(self.lead.user_id, self.operator)

    def test_a_free_lead_is_claimed_from_its_form(self):
        self._tour("estate_claim_from_form", f"free-objects/{self.lead.id}")
        self.assertEqual(self.lead.user_id, self.operator)


@tagged("tours")
class TestFreeLeadsAtADesk(Claims, FreeLeadsTours):
    """At a desk of 1400 x 900."""

    browser_size = "1400x900"


@tagged("tours")
class TestFreeLeadsOnAPhone(Claims, FreeLeadsTours):
    """By touch at 390 x 844."""

    browser_size = "390x844"
    touch_enabled = True
