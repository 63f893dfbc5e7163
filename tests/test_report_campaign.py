from odoo.tests import Form, freeze_time, tagged

from .activity_report import ActivityReportCase
from .common import NOW


@freeze_time(NOW)
@tagged("activity_report")
class TestReportCampaign(ActivityReportCase):
    """A mailing for loyalty carries each owner's own report."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(NOW):
            cls.second = cls._create_contact("Bruno Owner", email="bruno@example.com")
            cls.second_prop = cls._create_property(
                owner_ids=cls.second, state="on_market", street="Krátká 2"
            )
            cls.silent = cls._create_contact("Carl Owner", email="carl@example.com")
            cls._create_property(owner_ids=cls.silent, state="on_market")
            cls.opted_out = cls._create_contact("Dora Owner", email="dora@example.com")
            cls._create_property(owner_ids=cls.opted_out, state="on_market")
            for owner in (cls.owner, cls.second, cls.opted_out):
                owner._record_consent("given", "form", purpose="advertising")
            cls.opted_out.automatic_messages_allowed = False
            cls.everybody = cls.owner | cls.second | cls.silent | cls.opted_out

    def _open(self, **values):
        campaigns = self.env["estate.report.campaign"].with_user(self.agent)
        campaigns = campaigns.with_context(
            active_model="res.partner", active_ids=self.everybody.ids
        )
        with Form(campaigns) as form:
            for name, value in values.items():
                setattr(form, name, value)
        return form.record

    def _get_mailed(self, owner):
        return self.env["mail.mail"].search(
            [("model", "=", "res.partner"), ("res_id", "=", owner.id)]
        )

    def test_each_owner_gets_the_link_to_his_own_report(self):
        """M9: a mailing with each one's own report; who may not get it is named."""
        campaign = self._open(subject="Spring", body="<p>Greetings</p>")
        self.assertEqual(campaign.receiver_count, 2)
        self.assertIn("Carl Owner: did not agree", campaign.left_out)
        self.assertIn("Dora Owner: did not agree", campaign.left_out)
        campaign.action_send()
        for owner, prop in ((self.owner, self.prop), (self.second, self.second_prop)):
            mail = self._get_mailed(owner)
            self.assertEqual(len(mail), 1)
            self.assertIn(prop._get_owner_page_url(owner), mail.body_html)
        other_page = self.second_prop._get_owner_page_url(self.second)
        self.assertNotIn(other_page, self._get_mailed(self.owner).body_html)
        self.assertFalse(
            self._get_mailed(self.silent) | self._get_mailed(self.opted_out)
        )

    def test_the_last_report_is_attached_where_there_is_one(self):
        """M9: the same with the report as attachment."""
        report = self._create_report()
        report.action_send()
        campaign = self._open(carry="attachment", subject="Spring", body="<p>Hi</p>")
        self.assertIn("Bruno Owner: has got no report yet", campaign.left_out)
        campaign.action_send()
        attached = self._get_mailed(self.owner).attachment_ids
        self.assertEqual(
            attached.mapped("checksum"), [report.pdf_attachment_id.checksum]
        )

    def test_an_sms_carries_the_link(self):
        """M9: the same by SMS."""
        campaign = self._open(channel="sms", sms_text="Spring greetings")
        campaign.action_send()
        messages = self.env["sms.sms"].search(
            [("partner_id", "in", self.everybody.ids)]
        )
        self.assertEqual(messages.partner_id, self.owner | self.second)
        for message in messages:
            page = message.partner_id.owned_property_ids._get_owner_page_url(
                message.partner_id
            )
            self.assertIn(page, message.body)
