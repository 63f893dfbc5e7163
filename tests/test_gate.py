"""Who said no gets nothing automatic; what a person writes by hand still goes."""

from types import SimpleNamespace

from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.mail.tests.common import MailCase
from odoo.addons.sms.tests.common import SMSCase

from .common import EstateCase


@tagged("post_install", "-at_install")
class TestGate(EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls._create_contact("Sam Seeker")

    def _passes(self, channel="email", purpose="report"):
        return bool(self.contact._may_receive_automatic(channel, purpose))

    def test_a_contact_that_said_nothing_passes(self):
        self.assertTrue(self._passes())
        self.assertTrue(self._passes("sms"))

    def test_the_opt_out_stops_every_channel_and_purpose(self):
        with Form(self.contact.with_user(self.agent)) as form:
            form.automatic_messages_allowed = False
        self.assertFalse(self._passes())
        self.assertFalse(self._passes("sms", "reminder"))

    def test_the_switch_writes_the_proof(self):
        contact = self.contact.with_user(self.agent)
        for allowed in (False, True):
            with Form(contact) as form:
                form.automatic_messages_allowed = allowed
        rows = self.contact.consent_ids.sorted("id")
        self.assertEqual(
            [(row.channel, row.state) for row in rows],
            [
                ("email", "denied"),
                ("sms", "denied"),
                ("email", "given"),
                ("sms", "given"),
            ],
        )
        self.assertEqual(rows.user_id, self.agent)
        self.assertTrue(self._passes())

    def test_a_save_that_changes_nothing_writes_nothing(self):
        self.contact.write({"automatic_messages_allowed": True})
        self.assertFalse(self.contact.consent_ids)

    def test_who_is_entered_as_opted_out_has_said_no(self):
        contact = self._create_contact("New", automatic_messages_allowed=False)
        self.assertEqual(set(contact.consent_ids.mapped("state")), {"denied"})

    def test_a_denied_purpose_stops_that_purpose_alone(self):
        self.contact._record_consent("denied", "call", ("email",), "matching")
        self.assertFalse(self._passes("email", "matching"))
        self.assertTrue(self._passes("email", "report"))
        self.assertTrue(self._passes("sms", "matching"))

    def test_the_latest_word_counts(self):
        self.contact._record_consent("denied", "call", ("email",), "report")
        self.contact._record_consent("given", "form", ("email",), "report")
        self.assertTrue(self._passes())

    def test_a_denial_of_everything_outlasts_a_consent_to_one_purpose(self):
        self.contact._record_consent("denied", "call", ("email",), "all")
        self.contact._record_consent("given", "form", ("email",), "report")
        self.assertFalse(self._passes())

    def test_odoos_blacklists_count(self):
        self.env["mail.blacklist"]._add(self.contact.email)
        self.assertFalse(self._passes())
        self.assertTrue(self._passes("sms"))
        self.env["phone.blacklist"].add(self.contact.phone_sanitized)
        self.contact.invalidate_recordset()
        self.assertFalse(self._passes("sms"))

    def test_without_an_address_nothing_passes(self):
        self.contact.write({"email": False, "phone": False, "estate_kind": "draft"})
        self.assertFalse(self._passes() or self._passes("sms"))

    def test_an_archived_contact_does_not_pass(self):
        self.contact.active = False
        self.assertFalse(self._passes())

    def test_the_gate_asks_once_for_many(self):
        contacts = self.contact.browse(
            [self._create_contact(f"Contact {number}").id for number in range(30)]
        )
        contacts._may_receive_automatic("email", "report")
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            contacts._may_receive_automatic("email", "report")


class SendingCase(MailCase, EstateCase):
    """Two seekers; the second does not want anything automatic."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prop = cls._create_property(state="on_market")
        cls.willing = cls._create_contact("Wilma Willing", email="wilma@example.com")
        cls.refusing = cls._create_contact("Rolf Refusing", email="rolf@example.com")
        # General mailings ask for consent; these two once gave it.
        for partner in cls.willing | cls.refusing:
            partner._record_consent("given", "form", purpose="advertising")
        cls.refusing.automatic_messages_allowed = False
        cls.partners = cls.willing | cls.refusing
        cls.leads = cls.env["crm.lead"].browse(
            [cls._create_seeker_lead(cls.prop, partner).id for partner in cls.partners]
        )

    def _compose(self, records, mode="mass_mail", **values):
        """Write to these records with Odoo's composer, as the agent."""
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.agent)
            .with_context(
                default_model=records._name,
                default_res_ids=records.ids,
                default_composition_mode=mode,
            )
        )
        wizard = composer.create(
            {"subject": "News", "body": "<p>Come and see</p>", **values}
        )
        with self.mock_mail_gateway():
            return wizard._action_send_mail()


@tagged("post_install", "-at_install")
class TestBatchesPassTheGate(SendingCase):
    def test_a_mail_to_several_leaves_out_who_said_no(self):
        """M95: with the box off no automatic mail leaves to him."""
        for records in (self.partners, self.leads):
            with self.subTest(model=records._name):
                mails, _messages = self._compose(records)
                states = {
                    mail.res_id: (mail.state, mail.failure_type) for mail in mails
                }
                willing, refusing = records
                self.assertEqual(states[refusing.id], ("cancel", "mail_optout"))
                self.assertNotEqual(states[willing.id][0], "cancel")

    def test_a_mail_written_to_one_by_hand_goes(self):
        """M95: what a person writes to him by hand still goes."""
        lead = self.leads[1]
        _mails, message = self._compose(lead, "comment", partner_ids=self.refusing.ids)
        self.assertIn(self.refusing, message.notified_partner_ids)

    def test_a_mass_mail_to_one_alone_was_written_to_him(self):
        mails, _messages = self._compose(self.refusing)
        self.assertNotEqual(mails.state, "cancel")

    def test_rules_about_other_businesses_keep_to_odoos_ways(self):
        """Odoo itself lets a rule write to a blacklisted contact."""
        self._create_mail_rule("comment")
        stranger = self._create_contact("Stranger", estate_kind=False)
        self.env["mail.blacklist"]._add(stranger.email)
        lead = self.env["crm.lead"].create(
            {"name": "Other business", "partner_id": stranger.id}
        )
        lead.message_subscribe(stranger.ids)
        with self.mock_mail_gateway():
            lead.priority = "2"
        self.assertIn(stranger, lead.message_ids.notified_partner_ids)

    def test_a_mail_template_sent_by_hand_goes(self):
        template = self._create_template()
        with self.mock_mail_gateway():
            template.with_user(self.agent).send_mail(self.leads[1].id)
        self.assertNotEqual(self._new_mails.state, "cancel")

    def _create_template(self):
        return self.env["mail.template"].create(
            {
                "name": "News",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "subject": "News",
                "body_html": "<p>Come and see</p>",
                "partner_to": "{{ object.partner_id.id }}",
                "auto_delete": False,
            }
        )

    def _create_mail_rule(self, method):
        return self.env["base.automation"].create(
            {
                "name": "Tell the seeker",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "trigger": "on_create_or_write",
                "filter_domain": "[('priority', '=', '2')]",
                "filter_pre_domain": "[('priority', '!=', '2')]",
                "action_server_ids": [
                    Command.create(
                        {
                            "name": "Mail",
                            "model_id": self.env["ir.model"]._get_id("crm.lead"),
                            "state": "mail_post",
                            "mail_post_method": method,
                            "template_id": self._create_template().id,
                        }
                    )
                ],
            }
        )

    def test_odoos_mailings_are_told_whom_to_leave_out(self):
        mailing = SimpleNamespace(_get_recipients=lambda: self.partners.ids)
        self.assertEqual(
            self.env["res.partner"]._mailing_get_opt_out_list(mailing),
            {"rolf@example.com"},
        )
        self.assertEqual(
            self.env["res.partner"]._mailing_get_opt_out_list_sms(mailing),
            self.refusing.ids,
        )
        mailing = SimpleNamespace(_get_recipients=lambda: self.leads.ids)
        self.assertEqual(
            self.env["crm.lead"]._mailing_get_opt_out_list(mailing),
            {"rolf@example.com"},
        )
        self.assertEqual(
            self.env["crm.lead"]._mailing_get_opt_out_list_sms(mailing),
            self.leads[1].ids,
        )


@tagged("post_install", "-at_install")
class TestTextMessagesPassTheGate(SMSCase, SendingCase):
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
        wizard = composer.create({"body": "Come and see", "mass_keep_log": True})
        with self.mockSMSGateway():
            wizard._action_send_sms()
        return (
            self.env["sms.sms"].sudo().search([("partner_id", "in", self.partners.ids)])
        )

    def test_a_text_to_several_leaves_out_who_said_no(self):
        for records in (self.partners, self.leads):
            with self.subTest(model=records._name):
                texts = self._text(records, "mass")
                refused = texts.filtered(lambda t: t.partner_id == self.refusing)
                self.assertEqual(set(refused.mapped("failure_type")), {"sms_optout"})
                self.assertNotIn("canceled", (texts - refused).mapped("state"))

    def test_a_text_written_to_one_by_hand_goes(self):
        self._text(self.leads[1], "comment")
        self.assertEqual(len(self._sms), 1)

    def test_posting_texts_on_several_leads_is_a_batch(self):
        self._text(self.leads, "comment")
        self.assertEqual(
            [sms["number"] for sms in self._sms], [self.willing.phone_sanitized]
        )
