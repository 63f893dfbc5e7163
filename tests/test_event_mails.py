"""News about a property reach those in the chosen phases, once, through the gate."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .common import EstateCase


@tagged("post_install", "-at_install", "crm_real_estate")
class TestEventMails(MailCase, EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prop = cls._create_property(
            state="on_market", agent_id=cls.agent.id, name="House on the hill"
        )
        cls.asked, cls.answered, cls.viewed = (
            cls._create_seeker_lead(
                cls.prop,
                cls._create_contact(f"Seeker {n}", email=f"seeker{n}@example.com"),
            )
            for n in (2, 3, 5)
        )
        cls.answered.stage_id = cls.env.ref("crm_real_estate.crm_stage_sale_3")
        cls.viewed.stage_id = cls.env.ref("crm_real_estate.crm_stage_sale_5")

    def _switch_on(self, name):
        self.env.ref(f"crm_real_estate.automation_{name}_news").active = True

    def _run_job(self):
        """Let the job send; return the mails that are on their way."""
        with self.mock_mail_gateway(), self.enter_registry_test_mode():
            self.env.ref("crm_real_estate.ir_cron_send_notices").method_direct_trigger()
        return self._new_mails.filtered(lambda mail: mail.state == "outgoing")

    def _get_notices(self):
        return self.env["estate.notice"].search(
            [("lead_id", "in", (self.asked | self.answered | self.viewed).ids)]
        )

    def test_a_price_change_reaches_the_chosen_phases(self):
        """M127: only those, each once; property and price are named."""
        self._switch_on("price")
        self.prop.with_user(self.agent).price = 4_800_000
        mails = self._run_job()
        people = (self.answered | self.viewed).partner_id
        self.assertEqual(mails.recipient_ids, people)
        for mail in mails:
            self.assertTrue(mail.estate_automatic)
            self.assertIn("House on the hill", mail.subject)
            self.assertIn("4,800,000", mail.body_html)
            self.assertIn("5,000,000", mail.body_html)
        self.assertIn("event_mail", self._codes(self.viewed))
        self.assertFalse(self._run_job())

    def test_who_opted_out_is_left_out_with_the_reason(self):
        """M127: the list says who got nothing, and why."""
        self._switch_on("price")
        self.viewed.partner_id.automatic_messages_allowed = False
        self.prop.price = 4_800_000
        self.assertEqual(self._run_job().recipient_ids, self.answered.partner_id)
        notice = self._get_notices().filtered(lambda n: n.lead_id == self.viewed)
        self.assertEqual((notice.state, notice.reason), ("left_out", "opted_out"))

    def test_two_changes_before_the_job_are_one_mail(self):
        self._switch_on("price")
        self.prop.price = 4_800_000
        self.prop.price = 4_700_000
        mails = self._run_job()
        self.assertEqual(len(mails), 2)
        self.assertIn("4,700,000", mails[0].body_html)

    def test_who_gave_up_meanwhile_hears_nothing(self):
        self._switch_on("price")
        self.prop.price = 4_800_000
        self.viewed.action_set_lost()
        self.assertEqual(self._run_job().recipient_ids, self.answered.partner_id)

    def test_a_sale_is_told_to_who_was_interested(self):
        """M127: sold or let."""
        self._switch_on("closed")
        self.prop.state = "closed"
        mails = self._run_job()
        self.assertEqual(
            mails.recipient_ids, (self.asked | self.answered | self.viewed).partner_id
        )
        self.assertIn("has been sold", mails[0].body_html)

    def test_a_similar_property_is_told_to_who_asked_about_one_like_it(self):
        """M127: same deal, type and place, a price that is near."""
        self._switch_on("similar")
        far = self._create_property(price=9_000_000, name="Palace")
        near = self._create_property(price=5_200_000, name="House in the dale")
        for prop in (far, near):
            prop.with_user(self.manager).state = "on_market"
        mails = self._run_job()
        self.assertEqual(mails.recipient_ids, (self.answered | self.viewed).partner_id)
        for mail in mails:
            self.assertIn("House in the dale", mail.body_html)
            self.assertIn("House on the hill", mail.body_html)
            self.assertNotIn("Palace", mail.body_html)

    def test_as_shipped_nothing_is_sent_to_many(self):
        """M144: an admin switches event mails on."""
        self.prop.price = 4_800_000
        self.prop.state = "closed"
        self.assertFalse(self._get_notices())

    def test_an_action_without_phases_is_refused(self):
        rule = self.env.ref("crm_real_estate.automation_price_news_action")
        with self.assertRaises(ValidationError):
            rule.estate_audience_stage_ids = False
