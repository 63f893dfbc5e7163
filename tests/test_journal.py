"""Every event between the agency and the world is one row of the journal."""

from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.fields import Command, Datetime
from odoo.tests import tagged

from odoo.addons.sms.tests.common import SMSCase

from .journal import JournalCase


@tagged("post_install", "-at_install")
class TestMailsStandInTheJournal(JournalCase):
    def test_a_comment_to_the_seeker_is_one_mail_sent_by_its_author(self):
        message = self._post(self.lead, partner_ids=self.seeker.ids)
        row = self._get_new_rows().filtered(lambda r: r.type_code == "mail_sent")
        self.assertEqual(len(row), 1)
        self.assertEqual(row.origin, f"mail.message,{message.id}")
        self.assertEqual((row.user_id, row.is_automatic), (self.agent, False))
        self.assertEqual(
            (row.partner_id, row.lead_id, row.property_id),
            (self.seeker, self.lead, self.prop),
        )
        self.assertIn("Good day", row.summary)

    def test_a_comment_to_a_follower_outside_is_a_mail(self):
        self.lead.message_subscribe(self.seeker.ids)
        self._post(self.lead)
        self.assertEqual(self._get_new_codes(), ["mail_sent"])

    def test_a_comment_among_colleagues_is_not_told(self):
        self._post(self.lead, partner_ids=self.manager.partner_id.ids)
        self.assertEqual(self._get_new_codes(), [])

    def test_an_internal_note_is_not_told(self):
        self._post(self.lead, subtype_xmlid="mail.mt_note", partner_ids=self.seeker.ids)
        self.assertEqual(self._get_new_codes(), [])

    def test_what_a_button_sends_is_told_by_its_own_name(self):
        lead = self.lead.with_context(estate_interaction_code="documentation_sent")
        self._post(lead, partner_ids=self.seeker.ids)
        self.assertEqual(self._get_new_codes(), ["documentation_sent"])

    def test_what_has_not_happened_yet_is_refused_and_moves_nothing(self):
        phase, begin = self.lead.stage_id, Datetime.now()
        for ahead in (timedelta(minutes=6), timedelta(days=26_000)):
            with (
                self.subTest(ahead=ahead),
                self.assertRaisesRegex(ValidationError, "lies in the future"),
            ):
                self._log(self.lead, "reservation", occurred_at=begin + ahead)
        self.assertEqual(self.lead.stage_id, phase)

    def test_a_clock_that_is_some_minutes_ahead_is_no_obstacle(self):
        ahead = Datetime.now() + timedelta(minutes=4)
        self._log(self.lead, "letter", occurred_at=ahead)
        self.assertEqual(self._get_new_codes(), ["letter"])

    def test_a_mail_dated_ahead_was_received_now(self):
        self._post(
            self.lead,
            message_type="email",
            author_id=self.seeker.id,
            date=Datetime.now() + timedelta(days=400),
        )
        self.assertLessEqual(self._get_new_rows()[:1].occurred_at, Datetime.now())

    def test_a_mail_of_the_seeker_is_received(self):
        sent = self._post(self.lead, partner_ids=self.seeker.ids)
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(
                "crm.lead",
                self._write_reply(
                    sent, '"Sam" <sam@example.com>', "office@example.com"
                ),
            )
        row = self._get_new_rows().filtered(lambda r: r.type_code == "mail_received")
        self.assertEqual((row.lead_id, row.is_automatic), (self.lead, False))
        self.assertIn("Is it still free?", row.summary)

    def test_a_colleagues_answer_by_his_mail_program_is_sent(self):
        sent = self._post(self.lead, partner_ids=self.seeker.ids)
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(
                "crm.lead",
                self._write_reply(sent, self.agent.email_formatted, "sam@example.com"),
            )
        self.assertEqual(self._get_new_codes(), ["mail_sent", "mail_sent"])
        self.assertEqual(self._get_new_rows().mapped("user_id"), self.agent)

    def _write_reply(self, message, sender, to):
        return (
            f"From: {sender}\nTo: {to}\nSubject: Re: Enquiry\n"
            f"Message-Id: <reply-{message.id}@example.com>\n"
            f"In-Reply-To: {message.message_id}\nReferences: {message.message_id}\n\n"
            "Is it still free?\n"
        )

    def test_a_mail_to_a_contact_stands_in_his_timeline(self):
        self._post(self.seeker, partner_ids=self.seeker.ids)
        row = self._get_new_rows().filtered(lambda row: row.type_code == "mail_sent")
        self.assertEqual((row.partner_id, row.lead_id), (self.seeker, self.lead))

    def test_a_mail_about_a_property_names_the_owner_it_went_to(self):
        self._post(self.prop, partner_ids=self.prop.owner_ids.ids)
        row = self._get_new_rows()
        self.assertEqual(
            (row.type_code, row.property_id, row.partner_id),
            ("mail_sent", self.prop, self.prop.owner_ids),
        )

    def test_contacts_and_leads_of_other_businesses_are_not_told(self):
        stranger = self._create_contact("Stranger", estate_kind=False)
        lead = self.env["crm.lead"].create({"name": "Other", "partner_id": stranger.id})
        for record in (stranger, lead):
            self._post(record, self.env.user, partner_ids=stranger.ids)
            self._plan_task(record, user=self.env.user).action_feedback()
        self.assertEqual(self._get_new_codes(), [])

    def test_one_mail_is_told_once_whoever_tells_it(self):
        message = self._post(self.lead, partner_ids=self.seeker.ids)
        self.lead._journal_message(message)
        self.assertEqual(self._get_new_codes(), ["mail_sent"])

    def test_an_event_told_twice_in_one_go_is_one_row(self):
        event = {
            "type": "note",
            "lead_id": self.lead.id,
            "origin": "res.partner,1,test",
        }
        rows = self.env["estate.interaction"]._write_journal([event, dict(event)])
        self.assertEqual(len(rows), 1)


@tagged("post_install", "-at_install")
class TestBatchesStandInTheJournal(SMSCase, JournalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._create_seeker_lead(cls.prop, cls._create_contact("Second"))
        cls.before = cls.env["estate.interaction"].search([])

    def _compose(self, records, **values):
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.agent)
            .with_context(
                default_model=records._name,
                default_res_ids=records.ids,
                default_composition_mode="mass_mail",
            )
        )
        wizard = composer.create(
            {"subject": "News", "body": "<p>Come and see</p>", **values}
        )
        with self.mock_mail_gateway():
            wizard._action_send_mail()

    def test_a_mass_mail_is_one_automatic_row_for_each_lead(self):
        self._compose(self.lead | self.second)
        rows = self._get_new_rows()
        self.assertEqual(self._get_new_codes(), ["mail_sent"] * 2)
        self.assertEqual(rows.lead_id, self.lead | self.second)
        self.assertEqual(rows.mapped("is_automatic"), [True, True])
        self.assertIn("Come and see", rows[0].summary)

    def test_the_last_of_many_batches_is_as_automatic_as_the_first(self):
        self.env["ir.config_parameter"].set_param("mail.batch_size", 1)
        self._compose(self.lead | self.second)
        self.assertEqual(set(self._get_new_rows().mapped("is_automatic")), {True})

    def test_a_mass_mail_to_one_is_written_by_a_person(self):
        self._compose(self.lead)
        rows = self._get_new_rows().filtered(lambda r: r.type_code == "mail_sent")
        self.assertEqual(rows.mapped("is_automatic"), [False])

    def test_a_mail_that_did_not_leave_is_not_told(self):
        self.seeker.automatic_messages_allowed = False
        self._compose(self.lead | self.second)
        self.assertEqual(self._get_new_rows().lead_id, self.second)

    def test_a_mass_mail_to_contacts_stands_in_their_timelines(self):
        partners = (self.lead | self.second).partner_id
        partners._record_consent("given", "form", ("email",), "advertising")
        self._compose(partners)
        self.assertEqual(self._get_new_rows().partner_id, partners)

    def _text(self, records, mode):
        composer = (
            self.env["sms.composer"]
            .with_user(self.agent)
            .with_context(
                default_res_model=records._name,
                default_res_ids=records.ids,
                default_composition_mode=mode,
            )
        )
        with self.mockSMSGateway():
            composer.create({"body": "Come and see"})._action_send_sms()

    def test_a_text_to_one_is_a_persons(self):
        self._text(self.lead, "comment")
        row = self._get_new_rows()
        self.assertEqual((row.type_code, row.is_automatic), ("sms_sent", False))

    def test_texts_to_several_are_automatic(self):
        self._text(self.lead | self.second, "mass")
        rows = self._get_new_rows()
        self.assertEqual(self._get_new_codes(), ["sms_sent"] * 2)
        self.assertEqual(rows.mapped("is_automatic"), [True, True])


@tagged("post_install", "-at_install")
class TestTasksStandInTheJournal(JournalCase):
    def test_a_done_task_is_one_row_with_what_was_noted(self):
        activity = self._plan_task(self.lead)
        activity.with_user(self.agent).action_feedback("He is thinking")
        row = self._get_new_rows().filtered(lambda r: r.type_code == "todo_done")
        self.assertEqual(len(row), 1)
        self.assertEqual(row.origin, f"mail.activity,{activity.id}")
        self.assertEqual(
            (row.summary, row.internal_note), ("Think of him", "He is thinking")
        )
        self.assertEqual((row.user_id, row.is_automatic), (self.agent, False))
        self.assertEqual(self._get_new_codes(), ["todo_done"])

    def test_kinds_of_tasks_are_told_as_what_they_were(self):
        cases = {
            "mail.mail_activity_data_call": "call_reached",
            "mail.mail_activity_data_meeting": "meeting",
        }
        for kind, code in cases.items():
            self._plan_task(self.lead, kind).with_user(self.agent).action_feedback()
            with self.subTest(kind=kind):
                self.assertEqual(self._get_new_codes()[-1], code)

    def test_tasks_of_contacts_and_properties_are_told(self):
        for record in (self.seeker, self.prop):
            self._plan_task(record).with_user(self.agent).action_feedback()
        rows = self._get_new_rows()
        self.assertEqual(rows.mapped("type_code"), ["todo_done"] * 2)
        self.assertEqual(rows.partner_id, self.seeker)
        self.assertEqual(rows.property_id, self.prop)

    def test_a_task_on_a_colleagues_lead_can_be_closed(self):
        self.lead.user_id = self.second_agent
        activity = self._plan_task(self.lead)
        activity.with_user(self.agent).action_feedback("Done")
        self.assertEqual(self._get_new_codes(), ["todo_done"])

    def test_a_cancelled_task_is_not_told(self):
        self._plan_task(self.lead).with_user(self.agent).action_cancel()
        self.assertEqual(self._get_new_codes(), [])


@tagged("post_install", "-at_install")
class TestTheJournalTellsWhoActed(JournalCase):
    def _create_automation(self, **action):
        model = self.env["ir.model"]._get_id("crm.lead")
        return self.env["base.automation"].create(
            {
                "name": "Do it",
                "model_id": model,
                "trigger": "on_create_or_write",
                "filter_pre_domain": "[('priority', '!=', '2')]",
                "filter_domain": "[('priority', '=', '2')]",
                "action_server_ids": [
                    Command.create({"name": "Do it", "model_id": model, **action})
                ],
            }
        )

    def test_what_a_rule_posts_is_automatic_whoever_set_it_off(self):
        self._create_automation(
            state="code",
            code="record.message_post(body='x', message_type='comment', "
            f"subtype_xmlid='mail.mt_comment', partner_ids={self.seeker.ids})",
        )
        with self.mock_mail_gateway():
            self.lead.with_user(self.agent).priority = "2"
        row = self._get_new_rows().filtered(lambda r: r.type_code == "mail_sent")
        message = self.lead.message_ids.filtered(lambda m: m.message_type == "comment")
        self.assertEqual((row.is_automatic, message.estate_automatic), (True, True))

    def test_what_a_person_posts_is_not(self):
        message = self._post(self.lead, partner_ids=self.seeker.ids)
        self.assertFalse(message.estate_automatic)

    def test_a_task_closed_by_a_rule_is_automatic(self):
        self._create_automation(
            state="code", code="record.activity_ids.action_feedback()"
        )
        self.lead.activity_ids.unlink()
        self._plan_task(self.lead)
        self.lead.with_user(self.agent).priority = "2"
        row = self._get_new_rows().filtered(lambda r: r.type_code == "todo_done")
        self.assertEqual(row.mapped("is_automatic"), [True])

    def test_a_mail_template_of_a_rule_is_told_as_automatic(self):
        model = self.env["ir.model"]._get_id("crm.lead")
        template = self.env["mail.template"].create(
            {
                "name": "News",
                "model_id": model,
                "subject": "News",
                "body_html": "<p>Come and see</p>",
                "auto_delete": True,
                "partner_to": "{{ object.partner_id.id }}",
            }
        )
        self._create_automation(
            state="mail_post", mail_post_method="email", template_id=template.id
        )
        with self.mock_mail_gateway():
            self.lead.with_user(self.agent).priority = "2"
        row = self._get_new_rows().filtered(lambda r: r.type_code == "mail_sent")
        self.assertEqual(row.mapped("is_automatic"), [True])

    def test_a_mail_to_a_colleague_about_a_lead_is_not_told(self):
        with self.mock_mail_gateway():
            self.env["mail.mail"].create(
                {
                    "model": "crm.lead",
                    "res_id": self.lead.id,
                    "subject": "New lead",
                    "email_to": "agent.private@example.com",
                }
            )
        self.assertEqual(self._get_new_codes(), [])
