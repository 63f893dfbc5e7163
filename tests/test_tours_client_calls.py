from odoo.tests import tagged

from .test_tours import TourCase


class ClientCalls:
    def test_who_calls_is_known_or_is_a_new_contact(self):
        """M79, M81, M82: the number, a name, nobody; by keys alone."""
        self._create_contact(
            "Morava Estates", estate_kind="agency", phone="+420 543 210 100"
        )
        for name in ("Jan Dvořák", "Jana Dvořák"):
            client = self._create_contact(name, user_id=self.agent.id)
            lead = self._create_seeker_lead(partner=client)
            self._log(lead, "note", summary="Wants a balcony")
        self.start_tour(
            "/estate/caller?number=00420543210100",
            "estate_client_calls",
            login=self.agent.login,
        )
        self.env.invalidate_all()
        contact = self.env["res.partner"].search([("name", "=", "Eva Malá")])
        self.assertEqual(contact.phone_sanitized, "+420602333444")
        self.assertEqual(contact.email, "eva@example.com")
        self.assertEqual(contact.estate_kind, "standard")


@tagged("tours")
class TestDesktopClientCalls(ClientCalls, TourCase):
    browser_size = "1400x900"


@tagged("tours")
class TestPhoneClientCalls(ClientCalls, TourCase):
    browser_size = "390x844"
    touch_enabled = True
