"""In the browser of an agent: what he sees and hears when a colleague assigns."""

from unittest.mock import patch

from odoo import api
from odoo.tests import HttpCase, tagged
from odoo.tests.common import ChromeBrowser

from .common import EstateCase


@tagged("tours")
class TestAlertTours(EstateCase, HttpCase):
    browser_size = "1400x900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent.password = "estate-agent"
        # Nothing is given away by itself.
        cls.rules["enquiry"].active = False
        cls.seeker = cls._create_contact("Sam Seeker", phone="+420 777 123 456")
        cls.leads = [
            cls._create_seeker_lead(
                cls._create_property(state="on_market", street=f"Dlouhá {number}"),
                cls.seeker,
                name=f"{word} enquiry",
                user_id=False,
            )
            for number, word in enumerate(("First", "Second", "Third"), 1)
        ]

    def _allow_tabs(self):
        """Let the script of a tour open a second tab of the same browser."""
        spawn = ChromeBrowser._spawn_chrome

        def spawn_with_tabs(browser, cmd):
            return spawn(browser, [cmd[0], "--disable-popup-blocking", *cmd[1:]])

        return patch.object(ChromeBrowser, "_spawn_chrome", spawn_with_tabs)

    def _get_states(self):
        self.env.invalidate_all()
        return [lead.alert_ids.mapped("state") for lead in self.leads]

    def test_the_agents_browser_tells_him_and_nobody_else(self):
        """M50, M51, M52: the window, the call of play(), the title; others nothing.

        The agent has two tabs: both show the window, one of them rings.
        """
        manager, agent, other = self.manager, self.agent, self.second_agent
        mine, others = [lead.id for lead in self.leads[:2]], [self.leads[2].id]

        @api.model
        def assign_in_test(model, who):
            ids, user = (mine, agent) if who == "me" else (others, other)
            lead = model.env["crm.lead"].with_user(manager).browse(ids.pop(0))
            lead.write({"user_id": user.id})

        alerts = self.registry["estate.alert"]
        assigning = patch.object(alerts, "assign_in_test", assign_in_test, create=True)
        with assigning, self._allow_tabs():
            self.start_tour("/odoo/enquiries", "estate_alert", login="estate-agent")
        self.assertEqual(self._get_states(), [["ignored"], ["opened"], ["sent"]])
        self.assertTrue(all(lead.alert_ids.shown_at for lead in self.leads[:2]))

    def test_the_link_of_the_mail_opens_the_composer(self):
        """M58: click to answer."""
        self.leads[0].with_user(self.manager).user_id = self.agent
        self.env.cr.precommit.run()
        alert = self.leads[0].alert_ids
        self.start_tour(
            f"/real_estate/alert/{alert.id}",
            "estate_alert_answer",
            login="estate-agent",
        )
        self.assertEqual(self._get_states()[0], ["opened"])

    def test_the_chatter_of_a_contact_asks_which_enquiry_is_answered(self):
        """M59: the plain composer goes on in the large one, which asks."""
        self.start_tour(
            f"/odoo/contacts/{self.seeker.id}",
            "estate_associated",
            login="estate-agent",
        )
        self.env.invalidate_all()
        answered = ["mail_sent" in self._codes(lead) for lead in self.leads]
        self.assertEqual(answered, [False, True, False])
