"""Who is given an enquiry hears of it at once, by the kinds he has chosen."""

import json
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, freeze_time

from ..models import inner
from .common import NOW, EstateCase
from .intake_enquiries import EnquiryCase

KINDS = ("popup", "sound", "title", "mail", "sms", "push")


class AlertCase(EstateCase):
    with_alert_mail = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent.partner_id.phone = "+420 777 000 222"
        cls.prop = cls._create_property(state="on_market")
        # Nothing is given away by itself.
        cls.rules["enquiry"].active = False

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOW))
        self._finish()

    def _finish(self):
        """Let the transaction come to its end; alerts are sent then."""
        self.env.cr.precommit.run()

    def _choose(self, user, *kinds):
        """Choose kinds of alert in one's own preferences."""
        with Form(
            user.with_user(user), view="base.view_users_form_simple_modif"
        ) as form:
            for kind in KINDS:
                form[f"estate_alert_{kind}"] = kind in kinds

    def _create_free_lead(self, **values):
        return self._create_seeker_lead(self.prop, user_id=False, **values)

    def _assign(self, lead, user, by=None):
        lead.with_user(by or self.manager).write({"user_id": user.id})
        self._finish()

    def _get_alerts(self, lead):
        return self.env["estate.alert"].search([("lead_id", "=", lead.id)])

    def _heard(self, user):
        """Return what the browsers of a user heard of alerts, oldest first."""
        channel = json.dumps(
            [self.env.cr.dbname, "res.partner", user.partner_id.id],
            separators=(",", ":"),
        )
        rows = self.env["bus.bus"].search([("channel", "=", channel)], order="id")
        messages = [json.loads(row.message) for row in rows]
        return [m["payload"] for m in messages if m["type"] == "estate.alert"]

    def _mails_to(self, address):
        return self.env["mail.mail"].search([("email_to", "=", address)])

    def _texts(self):
        return self.env["sms.sms"].search([("number", "=", "+420777000222")])


class TestAlertKinds(AlertCase):
    def test_an_assignment_tells_by_all_chosen_kinds_and_saving_again_by_none(self):
        """M50, M51, M52, M53, M54, M55: nothing before, all kinds once, no more."""
        self._choose(self.agent, "popup", "sound", "title", "mail", "sms")
        lead = self._create_free_lead()
        self._finish()
        self.assertFalse(self._get_alerts(lead))
        for _again in range(2):
            self._assign(lead, self.agent)
            (heard,) = self._heard(self.agent)
            self.assertEqual(heard["kinds"], ["popup", "sound", "title"])
            self.assertEqual(heard["cards"][0]["lead_id"], lead.id)
            mail = self._mails_to("agent@agency.example.com")
            self.assertEqual((len(mail), mail.state), (1, "outgoing"))
            self.assertEqual(len(self._texts()), 1)
            self.assertIn(lead.partner_id.name, self._texts().body)
        self.assertFalse(self._heard(self.second_agent))
        lead.with_user(self.agent).write({"name": "Saved again"})
        self._finish()
        self.assertEqual(len(self._get_alerts(lead)), 1)

    def test_a_user_gets_only_the_kinds_that_he_ticked(self):
        """M49: only "sound" ticked gives sound and no window."""
        self._choose(self.agent, "sound")
        lead = self._create_free_lead()
        self._assign(lead, self.agent)
        self.assertEqual(self._heard(self.agent)[0]["kinds"], ["sound"])
        self.assertFalse(self._mails_to("agent@agency.example.com"))
        self.assertFalse(self._texts())

    def test_nobody_is_told_by_kinds_when_he_chose_none(self):
        self._choose(self.agent)
        lead = self._create_free_lead()
        self._assign(lead, self.agent)
        self.assertFalse(self._heard(self.agent))

    def test_browsers_that_allowed_it_get_a_push(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("mail.web_push_vapid_public_key", "public")
        parameters.set_param("mail.web_push_vapid_private_key", "private")
        self.env["mail.push.device"].create(
            {
                "partner_id": self.agent.partner_id.id,
                "endpoint": "https://push.example.com/1",
                "keys": "{}",
            }
        )
        self._choose(self.agent, "push")
        lead = self._create_free_lead()
        self._assign(lead, self.agent)
        push = self.env["mail.push"].search([])
        payload = json.loads(push.payload)
        self.assertEqual(payload["options"]["data"]["res_id"], lead.id)
        self.assertIn(lead.partner_id.name, payload["title"])


class TestWhoIsTold(AlertCase):
    def test_who_takes_a_lead_himself_gets_none(self):
        lead = self._create_free_lead()
        self._assign(lead, self.agent, by=self.agent)
        self.assertFalse(self._get_alerts(lead))

    def test_a_new_person_is_told_and_the_former_window_closes(self):
        """M55: again only on a new assignment."""
        lead = self._create_free_lead()
        self._assign(lead, self.agent)
        first = self._get_alerts(lead)
        self._assign(lead, self.second_agent)
        self.assertEqual(first.state, "over")
        second = self._get_alerts(lead) - first
        self.assertEqual(second.user_id, self.second_agent)
        self.assertEqual(len(self._heard(self.second_agent)), 1)

    def test_who_has_it_in_the_end_is_told_and_nobody_in_between(self):
        lead = self._create_free_lead()
        lead.user_id = self.second_agent
        self._assign(lead, self.agent)
        self.assertEqual(self._get_alerts(lead).user_id, self.agent)

    def test_a_quiet_batch_tells_nobody(self):
        quiet = inner.say(self.env["crm.lead"], matching=True)
        lead = quiet.create(
            {
                "name": "Written to because of a match",
                "lead_role": "seeker",
                "property_id": self.prop.id,
                "partner_id": self._create_contact("Mia Match").id,
                "user_id": self.agent.id,
            }
        )
        self._finish()
        self.assertFalse(self._get_alerts(lead))

    def test_an_owners_lead_and_a_lead_of_odoo_tell_nobody(self):
        lead = self._create_owner_lead(self.prop)
        own = self.env["crm.lead"].create({"name": "Own", "type": "opportunity"})
        for quiet in (lead, own):
            self._assign(quiet, self.agent)
            self.assertFalse(self._get_alerts(quiet))

    def test_odoos_own_notice_and_the_mail_of_the_task_are_not_sent_on_top(self):
        env = self.env(context={**self.env.context, "tracking_disable": False})
        lead = self._create_free_lead().with_env(env)
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        self._assign(lead, self.agent)
        after = self.env["mail.message"].search(
            [("id", ">", before), ("message_type", "=", "user_notification")]
        )
        self.assertFalse(after.mapped("subject"))
        self.assertIn(self.agent, lead.activity_ids.user_id)

    def test_a_lead_of_odoo_is_announced_by_odoo_as_before(self):
        env = self.env(context={**self.env.context, "tracking_disable": False})
        own = env["crm.lead"].create(
            {"name": "Own", "type": "opportunity", "user_id": False}
        )
        self._assign(own, self.agent)
        self.assertIn(
            "You have been assigned to Own",
            self.env["mail.message"]
            .search([("res_id", "=", own.id)])
            .mapped("subject"),
        )


class TestAlertMail(AlertCase):
    def test_mails_go_to_the_address_that_an_administrator_set(self):
        """M56: the agent himself cannot change it."""
        admin = self._create_user("erp", "group_settings")
        admin.group_ids += self.env.ref("base.group_erp_manager")
        with Form(self.agent.with_user(admin), view="base.view_users_form") as form:
            form.estate_alert_address = "private@example.com"
        lead = self._create_free_lead()
        self._assign(lead, self.agent)
        self.assertTrue(self._mails_to("private@example.com"))
        self.assertFalse(self._mails_to("agent@agency.example.com"))
        mine = self.agent.with_user(self.agent)
        with self.assertRaises(AccessError):
            mine.estate_alert_address = "other@example.com"
        with self.assertRaises(AccessError):
            self.second_agent.with_user(self.agent).estate_alert_sms = True


class TestAlertOfTheIntake(EnquiryCase):
    with_alert_mail = True

    def test_the_mail_tells_all_about_the_enquiry(self):
        """M57: name, phone, mail, source, property and message of a portal's mail."""
        self.source.name = "Portal One"
        self._deliver(self._write_feedback())
        self._run_cron()
        lead = self._leads()
        self.assertEqual(lead.user_id, self.agent)
        alert = self.env["estate.alert"].search([("lead_id", "=", lead.id)])
        mail = self.env["mail.mail"].search(
            [("email_to", "=", "agent@agency.example.com")]
        )
        self.assertEqual(len(mail), 1)
        for text in (
            "Sam Seeker",
            lead.phone,
            "sam@example.com",
            "Portal One",
            self.prop.display_name,
            "I should like to see it.",
            f"/real_estate/alert/{alert.id}",
        ):
            self.assertIn(text, mail.body_html)
        with patch.object(
            self.registry["crm.lead"], "_get_alert_matches", lambda lead: ["Villa 9"]
        ):
            alert._mail(self.agent)
        self.assertIn("Villa 9", self.env["mail.mail"].search([], limit=1).body_html)


class TestAlertLink(AlertCase, HttpCase):
    def test_click_to_answer_opens_the_enquiry_after_login(self):
        """M58: the link asks to log in, opens this lead, and is a receipt."""
        lead = self._create_free_lead()
        self._assign(lead, self.agent)
        alert = self._get_alerts(lead)
        url = f"/real_estate/alert/{alert.id}"
        self.assertIn(
            "/web/login", self.url_open(url, allow_redirects=False).headers["Location"]
        )
        self.agent.password = "estate-agency-1"
        self.authenticate("estate-agent", "estate-agency-1")
        answer = self.url_open(url, allow_redirects=False)
        self.assertTrue(
            answer.headers["Location"].endswith(
                f"/odoo/enquiries/{lead.id}?estate_answer={lead.id}"
            )
        )
        self.env.invalidate_all()
        self.assertEqual(alert.state, "opened")

    def test_a_new_tab_of_a_member_knows_what_he_has_not_seen(self):
        lead = self._create_free_lead()
        self._assign(lead, self.agent)
        cards = self.env["estate.alert"]._get_open_cards(self.agent)
        self.assertEqual([card["lead_id"] for card in cards], [lead.id])
        self._get_alerts(lead).with_user(self.agent).tell_receipt("seen")
        self.assertFalse(self.env["estate.alert"]._get_open_cards(self.agent))
