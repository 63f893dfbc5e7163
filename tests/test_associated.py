"""A contact with several open enquiries: an answer belongs to one of them."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time

from .common import NOW, EstateCase


class TestAssociatedTo(EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seeker = cls._create_contact("Sam Seeker")
        cls.flat, cls.house = (
            cls._create_property(state="on_market", street=street)
            for street in ("Dlouhá 1", "Krátká 2")
        )
        cls.first = cls._create_seeker_lead(cls.flat, cls.seeker)
        cls.second = cls._create_seeker_lead(cls.house, cls.seeker)

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOW))

    def _open_composer(self, user=None, **context):
        composers = self.env["mail.compose.message"].with_user(user or self.agent)
        return Form(
            composers.with_context(
                default_model="res.partner",
                default_res_ids=self.seeker.ids,
                default_partner_ids=self.seeker.ids,
                default_composition_mode="comment",
                default_subtype_xmlid="mail.mt_comment",
                clicked_on_full_composer=True,
                **context,
            )
        )

    def _write(self, lead=None, **context):
        """Write to the contact in the composer and choose what it is about."""
        with self._open_composer(**context) as form:
            form.subject, form.body = "Answer", "<p>Yes, it is free.</p>"
            if lead:
                form.estate_lead_id = lead
        form.record._action_send_mail()

    def _mails(self, lead):
        return lead.interaction_ids.filtered(lambda row: row.type_code == "mail_sent")

    def test_the_composer_asks_which_enquiry_is_answered(self):
        """M59: the row lands on the chosen one only."""
        with self.assertRaises(AssertionError), self._open_composer() as form:
            form.subject = "Answer"
        self._write(self.second)
        self.assertEqual(len(self._mails(self.second)), 1)
        self.assertEqual(self._mails(self.second).property_id, self.house)
        self.assertFalse(self._mails(self.first))

    def test_a_client_that_does_not_choose_is_refused(self):
        """M59: the server refuses, too."""
        composer = self.env["mail.compose.message"].with_user(self.agent)
        vals = {
            "model": "res.partner",
            "res_ids": str(self.seeker.ids),
            "body": "<p>Yes</p>",
            "partner_ids": self.seeker.ids,
        }
        for chosen in (False, self._create_seeker_lead(self.flat).id):
            with self.assertRaisesRegex(UserError, "2 open enquiries"):
                composer.create({**vals, "estate_lead_id": chosen})._action_send_mail()

    def test_an_answer_to_a_mail_belongs_to_the_enquiry_of_that_mail(self):
        self._write(self.second)
        sent = self.seeker.message_ids[:1]
        self.seeker.message_post(
            body="Thank you",
            author_id=self.seeker.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            parent_id=sent.id,
        )
        row = self.seeker.interaction_ids.sorted("id")[-1:]
        self.assertEqual((row.type_code, row.lead_id), ("mail_received", self.second))
        form = self._open_composer(default_parent_id=self.seeker.message_ids[:1].id)
        self.assertEqual(form.estate_lead_id, self.second)

    def test_enquiries_that_the_writer_may_not_see_are_not_asked_for(self):
        """M59: of one among others he writes; without any he writes to the contact."""
        levels = ("own", "own")
        near = self._create_user("near", "group_agent", self.office, levels=levels)
        self.seeker.user_id = near
        for mine in (self.second, self.second.browse()):
            (self.first | self.second).user_id = self.agent
            mine.user_id = near
            with self.subTest(seen=bool(mine)):
                form = self._open_composer(user=near)
                self.assertFalse(form.estate_open_lead_ids)
                self.assertFalse(self.seeker.with_user(near).needs_associated_lead())
                form.subject, form.body = "Answer", "<p>Yes, it is free.</p>"
                form.save()._action_send_mail()
                rows = self.seeker.interaction_ids.sorted("id")
                row = rows.filtered(lambda row: row.type_code == "mail_sent")[-1:]
                self.assertEqual((row.user_id, row.lead_id), (near, mine))

    def test_one_open_enquiry_is_meant_without_a_question(self):
        self.first.action_set_lost()
        form = self._open_composer()
        self.assertFalse(form.estate_open_lead_ids)
        self._write()
        self.assertEqual(len(self._mails(self.second)), 1)

    def test_the_wizard_of_actions_asks_too(self):
        """M59: an interaction logged lands on the chosen one."""
        letter = self.env["estate.interaction.type"]._get("letter")
        logs = self.env["estate.interaction.log"].with_user(self.agent)
        form = Form(logs.with_context(default_partner_id=self.seeker.id))
        form.type_id = letter
        with self.assertRaises(AssertionError):
            form.save()
        form.lead_id = self.first
        form.save().action_log()
        self.assertEqual(self._codes(self.first).count("letter"), 1)
        self.assertNotIn("letter", self._codes(self.second))
        with self.assertRaises(UserError):
            logs.create(
                {"partner_id": self.seeker.id, "type_id": letter.id}
            ).action_log()

    def test_the_chatter_asks_before_it_sends(self):
        """M59: the browser goes on in the large composer when this says so."""
        seeker = self.seeker.with_user(self.agent)
        self.assertTrue(seeker.needs_associated_lead())
        self.first.action_set_lost()
        self.assertFalse(seeker.needs_associated_lead())
        stranger = self._create_user("stranger")
        with self.assertRaises(AccessError):
            self.seeker.with_user(stranger).needs_associated_lead()
