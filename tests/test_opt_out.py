"""Who wants no more automatic messages says so by one click, and is heard."""

import re
from datetime import timedelta

from werkzeug.test import EnvironBuilder, run_wsgi_app

from odoo.fields import Datetime
from odoo.http import root
from odoo.tests import Form, HttpCase, freeze_time, tagged
from odoo.tests.common import TEST_CURSOR_COOKIE_NAME
from odoo.tools import hash_sign

from odoo.addons.mail.tests.common import MailCase

from ..models import inner
from .common import EstateCase

LINK = r'http[^"\s<>]*(/real_estate/messages/[\w-]+)'


class OptOutCase(MailCase, EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prop = cls._create_property(state="on_market", name="Dlouhá 1")
        cls.contact = cls._create_contact(
            "Sam Seeker", email="sam@example.com", user_id=cls.agent.id
        )
        cls.lead = cls._create_seeker_lead(cls.prop, cls.contact)

    def _send_automatic(self, record=None, **values):
        """Let a machine write to the contact about a record; return the built mail."""
        record = record or self.lead
        mails = inner.say(self.env["mail.mail"], automatic=True)
        with self.mock_mail_gateway():
            mail = mails.create(
                {
                    "subject": "News for you",
                    "body_html": "<p>Come and see</p>",
                    "model": record._name,
                    "res_id": record.id,
                    "recipient_ids": self.contact.ids,
                    "auto_delete": False,
                    **values,
                }
            )
            mail.send()
        return self._mails

    def _get_path(self, sent=None):
        sent = sent or self._send_automatic()[0]
        return re.search(LINK, sent["body"])[1]

    def _get_tasks(self):
        return self.contact.activity_ids.filtered("automated")


@tagged("post_install", "-at_install")
class TestWhatAutomaticMailsSay(OptOutCase):
    def test_each_automatic_mail_shows_the_way_out(self):
        """M96: the link and the headers of RFC 8058, for this contact alone."""
        (sent,) = self._send_automatic()
        path = self._get_path(sent)
        url = f"{self.lead.get_base_url()}{path}"
        self.assertEqual(sent["headers"]["List-Unsubscribe"], f"<{url}>")
        self.assertEqual(
            sent["headers"]["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click"
        )
        self.assertIn(path, sent["body_alternative"])

    def test_the_first_one_says_what_it_is_and_each_names_its_case(self):
        """M98: about the own request, never advertising; the later ones are short."""
        first, second = (self._send_automatic()[0]["body"] for _ in range(2))
        for body in (first, second):
            self.assertIn(self.prop.name, body)
            self.assertIn("sent automatically", body)
        self.assertIn("never to advertise", first)
        self.assertNotIn("never to advertise", second)

    def test_an_owner_reads_the_name_of_his_property(self):
        owner_lead = self._create_owner_lead(self._create_property(name="Krátká 2"))
        body = self._send_automatic(owner_lead)[0]["body"]
        self.assertIn("your property: Krátká 2", body)

    def test_the_contact_reads_its_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.contact.lang = "fr_FR"
        view = self.env.ref("crm_real_estate.automatic_footer")
        term = "Stop automatic messages"
        view.update_field_translations("arch_db", {"fr_FR": {term: "Arrêtez"}})
        self.assertIn("Arrêtez", self._send_automatic()[0]["body"])

    def test_a_mail_that_a_person_writes_has_no_such_words(self):
        with self.mock_mail_gateway():
            message = self.lead.with_user(self.agent).message_post(
                body="Hello",
                partner_ids=self.contact.ids,
                subtype_xmlid="mail.mt_comment",
            )
            self.env["mail.mail"].search([("mail_message_id", "=", message.id)]).send()
        for sent in self._mails:
            self.assertNotIn("/real_estate/messages/", sent["body"])
            self.assertNotIn("List-Unsubscribe", sent["headers"])

    def test_each_recipient_gets_his_own_link_and_others_keep_theirs(self):
        other = self._create_contact("Olga", email="olga@example.com")
        colleague = self.agent.partner_id
        sent = self._send_automatic(
            recipient_ids=(self.contact | other | colleague).ids
        )
        links = [re.findall(LINK, mail["body"]) for mail in sent]
        self.assertEqual([len(set(found)) for found in links], [1, 1, 0])
        self.assertNotEqual(links[0], links[1])

    def test_a_copy_never_carries_the_link_of_somebody_else(self):
        sent = self._send_automatic(
            recipient_ids=[], email_to=self.contact.email, email_cc="boss@example.com"
        )
        self.assertEqual([bool(re.search(LINK, mail["body"])) for mail in sent], [1, 0])
        self.assertFalse(sent[0]["email_cc"])

    def test_strangers_of_other_businesses_get_mails_as_before(self):
        self.contact.estate_kind = False
        (sent,) = self._send_automatic()
        self.assertNotIn("/real_estate/messages/", sent["body"])

    def test_who_says_no_while_a_mail_is_queued_gets_it_no_more(self):
        mails = inner.say(self.env["mail.mail"], automatic=True)
        mail = mails.create(
            {"recipient_ids": self.contact.ids, "body_html": "<p>x</p>"}
        )
        self.contact.automatic_messages_allowed = False
        with self.mock_mail_gateway():
            mail.send()
        self.assertEqual((mail.state, self._mails), ("cancel", []))


@tagged("post_install", "-at_install")
class TestStoppedByALink(OptOutCase, HttpCase):
    def _post(self, path, **form):
        return self.url_open(path, data=form or {"List-Unsubscribe": "One-Click"})

    def test_one_click_stops_everything_automatic_and_is_proven(self):
        """M96: a POST without login stops; the ledger keeps the link and its mail."""
        path = self._get_path()
        answer = self._post(path)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("o_estate_messages_stopped", answer.text)
        self.assertFalse(self.contact.automatic_messages_allowed)
        rows = self.contact.consent_ids
        self.assertEqual(set(rows.mapped("state")), {"denied"})
        self.assertEqual(set(rows.mapped("channel")), {"email", "sms"})
        self.assertEqual(set(rows.mapped("purpose")), {"all"})
        self.assertTrue(all("News for you" in row.source for row in rows))
        self.assertTrue(all(row.mail for row in rows))
        self.assertFalse(self._send_automatic())

    def test_scanners_that_follow_links_stop_nothing(self):
        """M124: 1,000 GETs ask 1,000 times, so does HEAD; nothing stops."""
        path = self._get_path()
        self.assertEqual(self.url_open(path, method="HEAD").status_code, 200)
        asked = 0
        for _turn in range(1000):
            status, page = self._get_in_process(path)
            asked += status == "200 OK" and b"o_estate_messages_asked" in page
        self.assertEqual(asked, 1000)
        self.env.invalidate_all()
        self.assertTrue(self.contact.automatic_messages_allowed)
        self.assertFalse(self.contact.consent_ids)

    def _get_in_process(self, path):
        """Send a GET through all of Odoo, without a network; return status and page."""
        with self.allow_requests():
            cookie = f"{TEST_CURSOR_COOKIE_NAME}={self.http_request_key}"
            request = EnvironBuilder(path, self.base_url(), headers={"Cookie": cookie})
            page, status, _headers = run_wsgi_app(root, request.get_environ())
            return status, b"".join(page)

    def test_a_second_click_changes_nothing_and_a_click_can_be_undone(self):
        path = self._get_path()
        self._post(path)
        self._post(path)
        self.assertEqual(len(self.contact.consent_ids), 2)
        answer = self._post(path, wish="resume")
        self.assertIn("o_estate_messages_resumed", answer.text)
        self.assertTrue(self.contact.automatic_messages_allowed)
        self.assertEqual(len(self.contact.consent_ids), 4)

    def test_a_link_is_useless_for_anybody_else(self):
        path = self._get_path()
        other = self._create_contact("Olga", email="olga@example.com")
        way = self.env["estate.opt.out"]._get_ways_out(other, 1)[other]
        signed_for_another_thing = hash_sign(self.env, "portal", [way.id, 1, 0, ""])
        changed = path[:-3] + ("AAA" if path[-3:] != "AAA" else "BBB")
        base = "/real_estate/messages/"
        tokens = (str(way.id), "é", signed_for_another_thing)
        for wrong in (changed, path[:-8], *(f"{base}{token}" for token in tokens)):
            self.assertEqual(self._post(wrong).status_code, 404, wrong)
        self.assertTrue(other.automatic_messages_allowed)
        self.assertTrue(self.contact.automatic_messages_allowed)

    def test_a_link_works_for_years_and_after_a_merge(self):
        path = self._get_path()
        survivor = self._create_contact("Samuel Seeker", email=self.contact.email)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (survivor | self.contact).ids, survivor
        )
        self.assertEqual(self._post(path).status_code, 200)
        self.assertFalse(survivor.automatic_messages_allowed)
        token = path.rsplit("/", 1)[1]
        with freeze_time(Datetime.now() + timedelta(days=2000)):
            way, *_told = self.env["estate.opt.out"]._read_token(token)
        self.assertEqual(way.partner_id, survivor)

    def test_the_page_speaks_the_language_of_the_contact(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.contact.lang = "fr_FR"
        view = self.env.ref("crm_real_estate.opt_out_question")
        term = "Stop automatic messages?"
        view.update_field_translations("arch_db", {"fr_FR": {term: "On arrête ?"}})
        path = self._get_path()
        self.env.flush_all()
        self.assertIn("On arrête ?", self.url_open(path).text)

    def test_the_page_tells_a_finder_of_the_link_nothing_about_the_person(self):
        page = self.url_open(self._get_path()).text
        self.assertNotIn(self.contact.email, page)
        self.assertNotIn(self.contact.name, page)


@tagged("post_install", "-at_install")
class TestTheAgentIsTold(OptOutCase):
    def _click(self, wish=False):
        path = self._get_path()
        env = self.env(user=self.env.ref("base.public_user"))
        way, *told = env["estate.opt.out"]._read_token(path.rsplit("/", 1)[1])
        with self.mock_mail_gateway():
            way._say(wish, *told)
            self.env.flush_all()

    def test_by_a_task_with_the_date_and_the_mail(self):
        """M97: the responsible gets one task that names the mail and when."""
        self._click()
        task = self._get_tasks()
        self.assertEqual(len(task), 1)
        self.assertEqual(task.user_id, self.agent)
        self.assertIn("Sam Seeker", task.summary)
        self.assertIn("News for you", task.note)
        year = str(Datetime.now().year)[-2:]
        self.assertIn(year, task.note)
        self.assertFalse(self._new_mails)

    def test_and_by_mail_when_he_chose_it(self):
        """M97: his preference decides."""
        self._choose("mail")
        before = self._count_wakes("mail")
        self._click()
        self.assertGreater(self._count_wakes("mail"), before)
        self.assertEqual(len(self._get_tasks()), 1)
        self.assertEqual(self._new_mails.email_to, self.agent.email_formatted)
        self.assertIn("News for you", self._new_mails.body_html)

    def test_and_by_sms_when_he_chose_it(self):
        """M97: by SMS to the number of his own card."""
        self._choose("sms")
        self.agent.partner_id.write(
            {"phone": "+420 777 999 111", "country_id": self.env.ref("base.cz").id}
        )
        before = self._count_wakes("sms")
        self._click()
        self.assertGreater(self._count_wakes("sms"), before)
        text = self.env["sms.sms"].search([], limit=1, order="id desc")
        self.assertEqual(text.number, "+420777999111")
        self.assertIn("Sam Seeker", text.body)

    def _count_wakes(self, queue):
        """Return how often the queue of mails or texts was asked to leave now."""
        job = self.env.ref(f"{queue}.ir_cron_{queue}_scheduler_action")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)])

    def _choose(self, notice):
        """Choose in one's own preferences, as every agent may."""
        view = "base.view_users_form_simple_modif"
        with Form(self.agent.with_user(self.agent), view=view) as form:
            form.opt_out_notice = notice

    def test_who_takes_it_back_is_told_of_too(self):
        self._click()
        self._click_again()
        self.assertEqual(len(self._get_tasks()), 2)

    def _click_again(self):
        way = self.env["estate.opt.out"].search([("partner_id", "=", self.contact.id)])
        way._say(True, 1, Datetime.now(), "News for you")

    def test_a_colleague_who_notes_it_needs_no_task(self):
        with Form(self.contact.with_user(self.agent)) as form:
            form.automatic_messages_allowed = False
        self.assertFalse(self._get_tasks())

    def test_without_a_responsible_a_director_is_told(self):
        self.contact.user_id = False
        self.lead.user_id = False
        self._click()
        self.assertTrue(
            self._get_tasks().user_id.has_group("crm_real_estate.group_director")
        )

    def test_the_rule_is_the_admins(self):
        """M141: archived, it stops; its filter is followed; left alone, once."""
        rule = self.env.ref("crm_real_estate.automation_opt_out")
        rule.active = False
        self._click()
        self.assertFalse(self._get_tasks())
        self.assertFalse(self.contact.automatic_messages_allowed)
        rule.active = True
        rule.filter_domain = "[('mail', '!=', 0), ('state', '=', 'given')]"
        self._click_again()
        self.assertEqual(len(self._get_tasks()), 1)


@tagged("post_install", "-at_install")
class TestAdvertisingNeedsConsent(OptOutCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_contact("Olga", email="olga@example.com")
        cls.contact._record_consent("given", "form", ("email",), "advertising")
        cls.both = cls.contact | cls.other

    def _mail_to(self, records, **values):
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.agent)
            .with_context(
                default_model=records._name,
                default_res_ids=records.ids,
                default_composition_mode="mass_mail",
            )
        )
        wizard = composer.create({"subject": "x", "body": "<p>x</p>", **values})
        with self.mock_mail_gateway():
            mails, _messages = wizard._action_send_mail()
        return {mail.res_id: mail.state for mail in mails}

    def test_a_general_mailing_goes_to_who_agreed_alone(self):
        """M98: silence is no consent to advertising."""
        states = self._mail_to(self.both)
        self.assertEqual(states[self.other.id], "cancel")
        self.assertNotEqual(states[self.contact.id], "cancel")

    def test_what_concerns_their_own_cases_goes_to_both(self):
        """M98: the twin: about the own request nobody needs to agree first."""
        states = self._mail_to(self.both, estate_purpose="all")
        self.assertNotIn("cancel", states.values())
        leads = self.lead | self._create_seeker_lead(self.prop, self.other)
        self.assertNotIn("cancel", self._mail_to(leads).values())

    def test_an_opt_out_outweighs_the_consent(self):
        self.contact.automatic_messages_allowed = False
        self.assertEqual(set(self._mail_to(self.both).values()), {"cancel"})
