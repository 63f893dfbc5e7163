"""Hand a contact over to a colleague, who is told at once; and take it back."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time

from .common import NOW, EstateCase


@freeze_time(NOW)
class TestHandOver(EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls._create_contact("Sam Seeker", user_id=cls.agent.id)
        cls.lead = cls._create_seeker_lead(partner=cls.contact)
        cls.brno = cls._create_team("Office Brno")
        cls.far = cls._create_user("far", "group_agent", cls.brno)
        cls.near = cls._create_user(
            "near", "group_agent", cls.office, levels=("office", "own")
        )

    def _hand_over(self, receiver, contacts=None, giver=None, **values):
        """Hand over through the form, as it opens from a list of contacts."""
        contacts = contacts or self.contact
        wizard = (
            self.env["estate.contact.hand.over"]
            .with_user(giver or self.agent)
            .with_context(active_model="res.partner", active_ids=contacts.ids)
        )
        with Form(wizard) as form:
            form.user_id = receiver
            for name, value in values.items():
                form[name] = value
        return form.save().action_apply()

    def _get_row(self):
        return self.env["estate.hand.over"].search(
            [("partner_id", "=", self.contact.id)], limit=1
        )

    def test_the_contact_its_open_leads_and_tasks_get_a_new_person(self):
        """M88: a wizard with the new person and a note; the history is kept."""
        done = self._create_seeker_lead(partner=self.contact)
        done.action_set_won()
        task = self.contact.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.agent.id
        )
        colleagues = self.contact.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.second_agent.id
        )
        self._log(self.lead, "letter", summary="Sent the plans")
        before = self.contact.interaction_ids
        self._hand_over(self.second_agent, note="Calls best in the evening")
        self.assertEqual(self.contact.user_id, self.second_agent)
        self.assertEqual(self.lead.user_id, self.second_agent)
        self.assertEqual(task.user_id, self.second_agent)
        self.assertEqual(colleagues.user_id, self.second_agent)
        self.assertEqual(done.user_id, self.agent, "what ended stays whose it was")
        self.assertLessEqual(before, self.contact.interaction_ids)
        written = self.contact.interaction_ids - before
        self.assertIn("hand_over", written.mapped("type_code"))
        told = written.filtered(lambda row: row.type_code == "hand_over")
        self.assertEqual(told.summary, "From Agent to Agent2")
        row = self._get_row()
        self.assertEqual(
            (row.from_user_id, row.to_user_id, row.user_id, row.note),
            (self.agent, self.second_agent, self.agent, "Calls best in the evening"),
        )
        self.assertEqual(row.lead_count, 1)

    def test_the_receiver_has_a_task_at_once(self):
        """M89: an activity exists at once, with the note."""
        self._hand_over(self.second_agent, note="Calls best in the evening")
        task = self.contact.activity_ids.filtered(lambda a: "Handed" in a.summary)
        self.assertEqual(task.user_id, self.second_agent)
        self.assertIn("evening", task.note)

    def _get_mails(self):
        return self.env["mail.mail"].search(
            [("subject", "ilike", "Handed over by Agent")]
        )

    def _get_texts(self):
        return self.env["sms.sms"].search([("body", "ilike", "Handed over by")])

    def test_the_receiver_is_mailed_when_he_chose_so(self):
        """M89: by mail, as his preferences say."""
        self.second_agent.with_user(self.second_agent).hand_over_notice = "mail"
        self._hand_over(self.second_agent)
        mail = self._get_mails()
        self.assertIn("agent2@agency.example.com", mail.email_to)
        self.assertIn("Sam Seeker", mail.subject)
        self.assertFalse(self._get_texts())

    def test_the_receiver_gets_an_sms_when_he_chose_so(self):
        """M89: by SMS, as his preferences say."""
        self.second_agent.phone = "+420 777 000 111"
        self.second_agent.with_user(self.second_agent).hand_over_notice = "sms"
        self._hand_over(self.second_agent)
        self.assertEqual(self._get_texts().number, "+420777000111")
        self.assertFalse(self._get_mails())

    def test_the_receiver_is_told_once(self):
        """M89: the hand-over tells him, no alert about each enquiry on top."""
        alerts = self.lead.alert_ids
        self._hand_over(self.second_agent)
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(self.lead.alert_ids, alerts)
        self._get_row().with_user(self.agent).action_undo()
        self.env.cr.precommit.run()
        self.assertEqual(self.lead.alert_ids, alerts)
        # The twin: who is given it by hand is alerted.
        self.lead.with_user(self.manager).user_id = self.second_agent
        self.env.cr.precommit.run()
        self.assertEqual((self.lead.alert_ids - alerts).user_id, self.second_agent)

    def test_what_is_noted_is_text_and_never_markup(self):
        """M89: the note in task and mail is what was typed."""
        self.second_agent.with_user(self.second_agent).hand_over_notice = "mail"
        note = "Calls <b>back</b>\nat <img src=x onerror=alert(1)> six"
        self._hand_over(self.second_agent, note=note)
        task = self.contact.activity_ids.filtered(lambda a: "Handed" in a.summary)
        mail = self._get_mails()
        for html in (task.note, mail.body_html):
            self.assertNotIn("<img", html)
            self.assertIn("&lt;b&gt;back&lt;/b&gt;<br", html)
        self.assertTrue(mail.auto_delete)

    def test_a_hand_over_is_taken_back_once(self):
        """M88: reversible; who was given the contact since keeps it."""
        task = self.contact.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.agent.id
        )
        self._hand_over(self.second_agent)
        row = self._get_row()
        self.assertFalse(row.with_user(self.operator).may_undo)
        with self.assertRaises(AccessError):
            row.with_user(self.operator).action_undo()
        row.with_user(self.agent).action_undo()
        self.assertEqual(self.contact.user_id, self.agent)
        self.assertEqual(self.lead.user_id, self.agent)
        self.assertEqual(self.lead.team_id, self.office)
        self.assertEqual(task.user_id, self.agent)
        self.assertFalse(self.contact.activity_ids - task, "the notice is gone")
        self.assertEqual(row.state, "undone")
        with self.assertRaises(AccessError):
            row.with_user(self.agent).action_undo()

    def test_what_was_given_away_since_is_not_taken_back(self):
        self._hand_over(self.second_agent)
        row = self._get_row()
        self._hand_over(self.manager, giver=self.second_agent)
        with self.assertRaisesRegex(UserError, "somebody else"):
            row.with_user(self.agent).action_undo()
        self.assertEqual(self.contact.user_id, self.manager)

    def test_to_other_offices_only_who_sees_a_side_of_the_company(self):
        """M88: a person of the office; of another one for the level company."""
        wizards = self.env["estate.contact.hand.over"]
        self.assertIn(self.far, wizards.with_user(self.agent)._get_receivers())
        near = wizards.with_user(self.near)._get_receivers()
        self.assertIn(self.agent, near)
        self.assertNotIn(self.far, near)
        own = self._create_contact("Own", user_id=self.near.id)
        wizard = wizards.with_user(self.near).create(
            {"partner_ids": [Command.set(own.ids)], "user_id": self.far.id}
        )
        with self.assertRaisesRegex(UserError, "does not work in your office"):
            wizard.action_apply()
        self._hand_over(self.agent, contacts=own, giver=self.near)
        self.assertEqual(own.user_id, self.agent)

    def test_only_the_responsible_or_a_manager_hands_over(self):
        with self.assertRaisesRegex(AccessError, "looked after by Agent"):
            self._hand_over(self.far, giver=self.second_agent)
        self._hand_over(self.far, giver=self.manager)
        self.assertEqual(self.contact.user_id, self.far)
        self.assertEqual(self.lead.user_id, self.far)
        self.assertEqual(self._get_row().from_user_id, self.agent)

    def test_what_the_distribution_gave_away_goes_along_with_the_right_only(self):
        """M88, M45: routed leads stay with who has no right to reassign."""
        routed = self._create_owner_lead()
        owner = routed.partner_id
        routed.sudo().user_id = self.agent
        owner.user_id = self.agent
        self.assertTrue(routed.is_routed)
        self._hand_over(self.second_agent, contacts=owner)
        self.assertEqual(owner.user_id, self.second_agent)
        self.assertEqual(routed.user_id, self.agent)
        self._hand_over(self.far, contacts=owner, giver=self.manager)
        self.assertEqual(owner.user_id, self.far)

    def test_who_gives_away_what_he_saw_comes_back_to_the_list(self):
        own = self._create_contact("Own", user_id=self.near.id)
        own.owned_property_ids = self._create_property(owner_ids=own, team_id=False)
        action = self._hand_over(self.agent, contacts=own, giver=self.near)
        self.assertFalse(own.with_user(self.near).has_access("read"))
        self.assertEqual(action["res_model"], "res.partner")

    def test_what_was_noted_at_a_hand_over_is_erased_with_the_person(self):
        self._hand_over(self.second_agent, note="Calls best in the evening")
        self.contact._erase_personal_data("Asked by mail")
        self.assertNotIn("evening", self._get_row().note)

    def _create_search(self):
        search = self.env["estate.search"].create(
            {"partner_id": self.contact.id, "agent_id": self.agent.id}
        )
        task = search.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.agent.id
        )
        return search, task

    def test_the_searches_of_a_contact_go_along_with_their_tasks(self):
        """M88: the form names them, and they come back."""
        search, task = self._create_search()
        self._hand_over(self.second_agent)
        self.assertEqual((search.agent_id | task.user_id), self.second_agent)
        self._get_row().with_user(self.agent).action_undo()
        self.assertEqual((search.agent_id | task.user_id), self.agent)

    def test_a_search_that_is_taken_off_the_form_stays(self):
        search, task = self._create_search()
        self._hand_over(self.second_agent, search_ids=self.env["estate.search"])
        self.assertEqual((search.agent_id | task.user_id), self.agent)
        self.assertEqual(self.lead.user_id, self.second_agent)
