"""Who has a routed lead is changed by those with the right; the journal tells it."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import NOW, EstateCase

SENTENCE = "given to .* by the distribution.*Reassign leads"


@freeze_time(NOW)
@tagged("reassign")
class ReassignCase(EstateCase):
    def setUp(self):
        super().setUp()
        self.second_agent.crm_team_member_ids.assignment_optout = True
        self.lead = self._create_seeker_lead(user_id=False, received_at=NOW)
        self.assertEqual(self.lead.user_id, self.agent)

    def _as(self, user):
        return self.lead.with_user(user)

    def _get_rows(self):
        return self.lead.interaction_ids.filtered(
            lambda row: row.type_code == "reassigned"
        )


class WithoutTheRight(ReassignCase):
    def test_the_form_is_read_only_there(self):
        """M45: agent and office of a routed lead, on the form."""
        form = Form(
            self._as(self.agent), view="crm_real_estate.crm_lead_view_form_estate"
        )
        for name in ("user_id", "team_id"):
            with self.assertRaisesRegex(AssertionError, "readonly"):
                form[name] = form[name]

    def test_rpc_refuses_with_a_sentence(self):
        """M45: RPC, one lead."""
        for values in (
            {"user_id": self.second_agent.id},
            {"user_id": False},
            {"team_id": self.call_centre.id},
        ):
            with self.subTest(values), self.assertRaisesRegex(AccessError, SENTENCE):
                self._as(self.agent).write(values)

    def test_the_mass_edit_of_a_list_is_refused_as_a_whole(self):
        """M45: list; the lead that nobody routed stays as it was, too."""
        free = self._create_seeker_lead()
        both = (self.lead | free).with_user(self.agent)
        with self.assertRaisesRegex(AccessError, SENTENCE):
            both.web_save({"user_id": self.second_agent.id}, {"user_id": {}})
        self.assertEqual(free.user_id, self.agent)

    def test_an_import_is_refused(self):
        """M45: import."""
        result = self._as(self.agent).load(
            [".id", "user_id/.id"], [[str(self.lead.id), str(self.second_agent.id)]]
        )
        self.assertFalse(result["ids"])
        self.assertRegex(result["messages"][0]["message"], SENTENCE)
        self.assertEqual(self.lead.user_id, self.agent)

    def test_the_property_of_a_routed_owner_keeps_its_agent(self):
        """M45: enquiries would go to whoever stands there."""
        lead = self._create_owner_lead()
        lead.with_user(lead.user_id).action_call_outcome("agreed")
        prop = lead.property_id
        self.assertEqual(prop.agent_id, self.agent)
        with self.assertRaisesRegex(AccessError, SENTENCE):
            prop.with_user(self.agent).agent_id = self.second_agent

    def test_writing_who_has_it_already_is_no_change(self):
        self._as(self.agent).write({"user_id": self.agent.id, "name": "Same"})

    def test_the_wizard_is_not_his(self):
        with self.assertRaises(AccessError):
            self.env["estate.lead.reassign"].with_user(self.agent).create(
                {"lead_ids": self.lead.ids, "user_id": self.second_agent.id}
            )

    def test_what_nobody_has_is_taken_from_the_pool(self):
        self.rules["enquiry"].active = False
        self.agent.crm_team_member_ids.assignment_optout = True
        lead = self._create_seeker_lead(user_id=False, received_at=NOW)
        self.assertFalse(lead.user_id)
        lead.with_user(self.agent).user_id = self.agent
        self.assertEqual(lead.user_id, self.agent)

    def test_a_lead_that_was_never_routed_is_given_on_freely(self):
        free = self._create_seeker_lead()
        free.with_user(self.agent).user_id = self.second_agent
        self.assertEqual(free.user_id, self.second_agent)


class WithTheRight(ReassignCase):
    def test_an_office_manager_changes_it_and_the_journal_tells(self):
        """M45: who, from whom, to whom."""
        self._as(self.manager).user_id = self.second_agent
        row = self._get_rows()
        self.assertEqual(len(row), 1)
        self.assertEqual(row.user_id, self.manager)
        self.assertRegex(row.summary, "From Agent .*to Agent2")

    def test_one_person_can_be_given_the_right(self):
        self.agent.group_ids = [
            Command.link(self.env.ref("crm_real_estate.group_reassign").id)
        ]
        self._as(self.agent).user_id = self.second_agent
        self.assertEqual(len(self._get_rows()), 1)

    def test_the_wizard_keeps_the_reason(self):
        """M45: why, which is optional."""
        wizard = Form(
            self.env["estate.lead.reassign"]
            .with_user(self.manager)
            .with_context(default_lead_ids=self.lead.ids)
        )
        wizard.user_id = self.second_agent
        wizard.reason = "Speaks Russian"
        wizard.save().action_apply()
        self.assertEqual(self.lead.user_id, self.second_agent)
        self.assertEqual(self._get_rows().internal_note, "Speaks Russian")

    def test_the_open_task_goes_along(self):
        self._as(self.manager).user_id = self.second_agent
        self.assertEqual(self.lead.activity_ids.user_id, self.second_agent)

    def test_the_distribution_itself_writes_a_decision_and_no_such_row(self):
        self.lead._dispatch("enquiry")
        self.assertFalse(self._get_rows())
