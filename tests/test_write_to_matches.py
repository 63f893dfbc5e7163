"""Writing to fitting seekers: quietly, once, and only to who may be written to."""

import re

from odoo.fields import Datetime
from odoo.tests import Form, HttpCase, freeze_time

from odoo.addons.mail.tests.common import MailCase

from .common import NOW
from .matching import MatchingCase


class WriteCase(MailCase, MatchingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(NOW):
            cls.search = cls._create_search(name="For the parents")
            cls.prop = cls._create_offer(description="Sunny, with a balcony")
        cls.pair = cls._get_pairs(cls.search, cls.prop)

    def _open(self, prop=None, user=None):
        prop = (prop or self.prop).with_user(user or self.agent)
        action = prop.action_write_to_matches()
        return Form(
            self.env[action["res_model"]]
            .with_user(user or self.agent)
            .with_context(**action["context"])
        )

    def _write(self, prop=None):
        with self.mock_mail_gateway():
            self._open(prop).save().action_send()
        self._settle()

    def _get_left_out(self, prop=None):
        form = self._open(prop).save()
        return {
            line.partner_id.name: line.left_out
            for line in form.line_ids
            if line.left_out
        }

    def _get_offers(self, partner=None):
        return self.env["mail.mail"].search(
            [
                ("recipient_ids", "in", (partner or self.seeker).ids),
                ("model", "=", "crm.lead"),
            ]
        )


@freeze_time(NOW)
class TestWriteToMatches(WriteCase):
    def test_a_mail_makes_a_quiet_lead_in_phase_1_that_waits(self):
        """M99, M113: no clock, no task, no alert, no follower."""
        self._write()
        lead = self.pair.lead_id
        self.assertEqual((lead.phase_number, lead.received_at), (1, False))
        self.assertEqual(lead.user_id, self.agent)
        self.assertEqual(lead.search_id, self.search)
        self.assertFalse(lead.activity_ids)
        self.assertFalse(lead.message_follower_ids)
        self.assertEqual(len(lead.message_ids), 1)
        self.assertEqual(self._codes(lead), ["matching_mail"])
        self.assertTrue(lead.interaction_ids.is_automatic)
        self.assertEqual(self.pair.state, "sent")
        self.assertEqual(self.pair.sent_price, self.prop.price)

    def test_the_mail_names_the_search_and_the_property_and_how_to_say_no(self):
        self._write()
        mail = self._get_offers()
        self.assertEqual(mail.subject, f"Fits your search: {self.prop.name}")
        for words in ("(Sale · up to ", "6,000,000", "62 m²", "3 rooms", "Sunny"):
            self.assertIn(words, mail.body_html)
        with self.mock_mail_gateway():
            mail.send()
        self.assertIn("List-Unsubscribe-Post", self._mails[0]["headers"])
        self.assertTrue(mail.estate_automatic)
        self.assertEqual(mail.email_from, self.agent.email_formatted)

    def test_it_is_sent_once_and_again_when_price_or_state_changed(self):
        """M117: sent once, not sent again; resent when something changed since."""
        self._write()
        self.assertIn("already sent", self._get_left_out()["Sam Seeker"])
        with freeze_time("2026-03-10 10:00:00"):
            self.prop.price = 4_500_000
            self._settle()
            self.assertFalse(self._get_left_out())
            self._write()
        self.assertEqual(len(self._get_offers()), 2)
        with freeze_time("2026-03-20 10:00:00"):
            self.assertTrue(self._get_left_out())
            self.prop.state = "reserved"
            self._settle()
            self.prop.state = "on_market"
            self._settle()
            self._write()
        self.assertEqual(len(self._get_offers()), 3)
        self.assertEqual(len(self.pair.lead_id), 1)
        leads = self.env["crm.lead"].search([("search_id", "=", self.search.id)])
        self.assertEqual(leads, self.pair.lead_id)

    def test_who_is_left_out_is_listed_with_the_reason(self):
        """M113: the list says why each left-out pair was left out."""
        people = {}
        for name, values in (
            ("Opted out", {"automatic_messages_allowed": False}),
            ("No mail", {"email": False}),
            ("In contact", {}),
            ("Refused", {}),
            ("By hand", {}),
            ("Twice", {}),
        ):
            people[name] = self._create_contact(
                name, **{"email": f"{name[:3]}@example.com", **values}
            )
            self._create_search(people[name])
        self._create_search(people["Twice"], price_max=0)
        self._create_seeker_lead(self.prop, people["In contact"])
        pairs = {pair.partner_id.name: pair for pair in self._get_pairs(self.prop)}
        pairs["Refused"]._refuse(self.reasons["small"])
        pairs["By hand"].action_exclude()
        self._create_search(self.prop.owner_ids)
        self.assertEqual(
            self._get_left_out(),
            {
                "Opted out": "wants no automatic mails",
                "No mail": "has no mail address",
                "In contact": "asks about it already: Agent is in contact",
                "Refused": "refused: Too small",
                "By hand": "left out by hand",
                "Twice": "gets it for another of his searches",
                "Olga Owner": "owns the property",
            },
        )
        self._write()
        sent = self._get_pairs(self.prop).filtered(lambda pair: pair.state == "sent")
        self.assertEqual(
            sorted(sent.mapped("partner_id.name")), ["Sam Seeker", "Twice"]
        )

    def test_who_is_not_ticked_gets_nothing(self):
        other = self._create_contact("Other", email="other@example.com")
        self._create_search(other)
        form = self._open()
        for position, line in enumerate(form.line_ids._records):
            if line["partner_id"] == other.id:
                with form.line_ids.edit(position) as edited:
                    edited.is_chosen = False
        with self.mock_mail_gateway():
            form.save().action_send()
        self.assertTrue(self._get_offers())
        self.assertFalse(self._get_offers(other))

    def test_who_says_no_before_the_job_comes_gets_nothing(self):
        contacts = [
            self._create_contact(f"Seeker {n}", email=f"seeker{n}@example.com")
            for n in range(31)
        ]
        for contact in contacts:
            self.env["estate.search"].create({"partner_id": contact.id})
        self._settle()
        self._write()
        pairs = self._get_pairs(self.prop)
        self.assertEqual(set(pairs.mapped("state")), {"new"})
        contacts[0].automatic_messages_allowed = False
        cron = self.env.ref("crm_real_estate.ir_cron_send_offers")
        for _run in range(2):
            with self.enter_registry_test_mode(), self.mock_mail_gateway():
                cron.method_direct_trigger()
            self.assertEqual(
                pairs.filtered(lambda pair: pair.state == "new").partner_id,
                contacts[0],
            )
        mails = self.env["mail.mail"].search([("model", "=", "crm.lead")])
        self.assertEqual(len(mails), 31)
        self.assertFalse(pairs.filtered("is_queued"))

    def test_a_mail_of_the_seeker_counts_as_received(self):
        self._write()
        lead = self.pair.lead_id
        with freeze_time("2026-03-06 10:00:00"):
            lead.message_post(
                body="I would like to see it",
                author_id=self.seeker.id,
                message_type="email",
                subtype_xmlid="mail.mt_comment",
            )
        self.assertEqual(lead.phase_number, 2)
        self.assertEqual(lead.received_at, Datetime.to_datetime("2026-03-06 10:00:00"))

    def test_a_mail_is_written_in_the_seekers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.seeker.lang = "fr_FR"
        template = self.env.ref("crm_real_estate.mail_template_offer")
        template.with_context(lang="fr_FR").subject = "Pour vous"
        self._write()
        self.assertEqual(self._get_offers().subject, "Pour vous")


class TestAnswerByLink(WriteCase, HttpCase):
    """The seeker has no login: GET asks, POST acts, once."""

    def _post(self, url, **data):
        page = self.url_open(url).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        return self.url_open(url, data={"csrf_token": token.group(1), **data}).text

    def _get_link(self, mail, path):
        return re.search(rf'href="[^"]*(/real_estate/{path}/[^"]+)"', mail).group(1)

    def _get_offer_link(self):
        self._write()
        return self._get_link(self._get_offers().body_html, "offer")

    def test_interest_counts_as_received_and_opening_the_link_does_not(self):
        url = self._get_offer_link()
        lead = self.pair.lead_id
        for _look in range(2):
            self.assertIn(self.prop.name, self.url_open(url).text)
        self.assertEqual((lead.phase_number, lead.received_at), (1, False))
        self.assertIn("Thank you", self._post(url, answer="interested"))
        self.assertEqual(self.pair.state, "interested")
        self.assertEqual(lead.phase_number, 2)
        self.assertTrue(lead.received_at)
        self.assertIn("offer_answered", self._codes(lead))
        self.assertTrue(lead.activity_ids)

    def test_a_refusal_with_its_reason_ends_the_lead(self):
        url = self._get_offer_link()
        reason = self.reasons["small"]
        page = self._post(url, answer="refuse", reason_id=str(reason.id), note="Tiny")
        self.assertIn("not for you", page)
        self.assertEqual(self.pair.refusal_reason_id, reason)
        self.assertEqual(self.pair.lead_id.won_status, "lost")
        row = self.pair.lead_id.interaction_ids.filtered(
            lambda r: r.type_code == "offer_refused"
        )
        self.assertEqual(row.summary, "Too small: Tiny")

    def test_a_forged_link_shows_and_changes_nothing(self):
        url = self._get_offer_link()
        for forged in (f"{url}x", url[:-4], "/real_estate/offer/1"):
            with self.subTest(forged):
                page = self.url_open(forged).text
                self.assertNotIn(self.prop.name, page)
                self.assertIn("not valid", page)

    def test_one_click_ends_all_offers(self):
        self._write()
        url = self._get_link(self._get_offers().body_html, "offers/stop")
        self.url_open(url)
        self.assertTrue(self.seeker._may_receive_automatic("email", "matching"))
        self.url_open(url, data={"List-Unsubscribe": "One-Click"})
        self.assertFalse(self.seeker._may_receive_automatic("email", "matching"))
        self.assertTrue(self.seeker._may_receive_automatic("email", "report"))

    # === THE SEARCH EXPIRES ===

    def _ask(self):
        cron = self.env.ref("crm_real_estate.ir_cron_ask_before_expiry")
        with self.enter_registry_test_mode(), self.mock_mail_gateway():
            cron.method_direct_trigger()
        return self.env["mail.mail"].search([("model", "=", "estate.search")])

    def test_a_search_past_its_date_is_offered_nothing(self):
        """M126: past its date it stops matching."""
        self.search.expires_on = Datetime.today().date()
        self._settle()
        self.assertTrue(self._fits(self.search, self.prop))
        self.search.expires_on = Datetime.subtract(Datetime.today(), days=1).date()
        self._settle()
        self.assertEqual(self.search.state, "expired")
        self.assertFalse(self._fits(self.search, self.prop))
        self.assertFalse(self._fits(self.search, self._create_offer()))

    def test_the_seeker_is_asked_once_and_renews_by_link(self):
        """M126: the link renews."""
        self.search.expires_on = Datetime.add(Datetime.today(), days=10).date()
        opted_out = self._create_contact("No", automatic_messages_allowed=False)
        self._create_search(opted_out, expires_on=self.search.expires_on)
        mail = self._ask()
        self.assertEqual(mail.recipient_ids, self.seeker)
        self.assertEqual(self._ask(), mail)
        url = self._get_link(mail.body_html, "search")
        ends = self.search.expires_on
        self.url_open(url)
        self.assertEqual(self.search.expires_on, ends)
        self.assertIn("go on searching", self._post(url, action="renew"))
        self.assertGreater(self.search.expires_on, ends)

    def test_the_seeker_stops_his_search_by_link(self):
        """M126: the link stops."""
        url = self.search._get_renewal_url()
        url = url.partition("/real_estate")[1] + url.partition("/real_estate")[2]
        self._post(url, action="stop")
        self.assertEqual(self.search.state, "stopped")
        self._settle()
        self.assertFalse(self._fits(self.search, self.prop))
        self._post(url, action="renew")
        self.assertEqual(self.search.state, "open")
