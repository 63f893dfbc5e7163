"""A person who asks to be forgotten is forgotten; what happened stays counted."""

from email.message import EmailMessage

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .erasure import MAIL, NAME, PHONE, CanaryCase, ErasureCase
from .openimmo_files import build_file


@tagged("post_install", "-at_install")
class TestNothingOfThePersonIsLeft(CanaryCase):
    def test_no_table_and_no_file_holds_a_word_of_the_person(self):
        before = self._dump()
        expected = {
            "res_partner",
            "res_users",
            "res_partner_bank",
            "crm_lead",
            "mail_message",
            "mail_mail",
            "mail_activity",
            "ir_attachment",
            "estate_interaction",
            "estate_call",
            "estate_viewing",
            "estate_intake_message",
            "estate_property",
            "estate_activity_report",
            "estate_activity_report_line",
            "calendar_event",
            "calendar_attendee",
            "mail_blacklist",
            "phone_blacklist",
            "sms_sms",
            "mail_tracking_value",
            "mail_scheduled_message",
            "mail_compose_message",
            "estate_interaction_log",
        }
        self.assertEqual(expected - set(before), set())
        self.assertTrue(self._look_into_files())
        self._erase()
        self.assertEqual(self._dump(), {})
        self.assertEqual(self._look_into_files(), [])

    def test_dates_kinds_and_counts_stay(self):
        def tell():
            rows = self.env["estate.interaction"].search(
                [("id", "in", known)], order="id"
            )
            return [
                (row.type_code, row.occurred_at, row.user_id, row.lead_id)
                for row in rows
            ]

        known = self.person.interaction_ids.ids
        before, calls = tell(), len(self.owner_lead.call_ids)
        self._erase()
        self.assertEqual(tell(), before)
        self.assertEqual(len(self.owner_lead.call_ids), calls)
        self.assertEqual(self.viewing.state, "done")
        self.assertTrue(self.lead.exists() and self.report.exists())

    def test_what_is_about_others_stays(self):
        message = self.prop.message_ids.filtered(lambda m: "To both" in m.body)
        self._erase()
        self.assertEqual(self.other.email, "olga@example.com")
        self.assertEqual(message.exists().partner_ids, self.other)
        self.assertEqual(self.both.email_to, '"Olga" <olga@example.com>')
        self.assertEqual(self.shared.partner_ids, self.other)
        self.assertEqual(self.shared.name, "Auction with [erased] and Olga")
        self.assertTrue(self.other_report.line_ids)
        self.assertEqual(self.prop.owner_ids, self.other)

    def test_nobody_waits_for_the_person_any_more(self):
        self._erase()
        self.assertTrue(self.lead.stage_id.is_cancellation)
        self.assertTrue(self.owner_lead.stage_id.is_cancellation)
        self.assertEqual(self.planned.state, "cancelled")
        self.assertFalse(self.planned.calendar_event_id.active)
        self.assertFalse(self.lead.activity_ids)

    def test_the_chains_of_the_ledgers_hold(self):
        self._erase()
        for ledger in self.env["estate.ledger.chain.mixin"]._get_ledgers():
            head = self.env["estate.ledger.head"].search(
                [("ledger", "=", ledger._name)]
            )
            with self.subTest(ledger=ledger._name):
                self.assertTrue(head)
                self.assertEqual(ledger._find_broken_position(head), 0)

    def test_the_files_leave_the_disk_with_the_next_vacuum(self):
        job = self.env.ref("base.autovacuum_job")
        triggers = self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)])
        self._erase()
        after = self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)])
        self.assertGreater(after, triggers)

    def test_erasing_twice_is_as_erasing_once(self):
        self._erase()
        self._erase(reason="Asked again")
        erasures = self.person.interaction_ids.filtered(
            lambda r: r.type_code == "erasure"
        )
        self.assertEqual(
            set(erasures.mapped("summary")),
            {"Asked by letter of 3 March", "Asked again"},
        )
        self.assertEqual(self._dump(), {})


@tagged("post_install", "-at_install")
class TestRawMailsGo(ErasureCase):
    """Mails of which no lead was made lie in the inbox, encoded as they came."""

    def _store(self, body, source_kind="mail", attachment=None):
        source = self.env["estate.intake.source"].create(
            {"name": "Inbox", "kind": source_kind, "contact_role": "owner"}
        )
        mail = EmailMessage()
        mail["From"], mail["Subject"] = "noreply@portal.example.com", "Enquiry"
        mail.set_content(body, cte="base64")
        if attachment:
            mail.add_attachment(
                attachment, maintype="application", subtype="xml", filename="a.xml"
            )
        message = source._store("mail", "Enquiry", bytes(mail))
        message._process()
        return message

    def test_a_mail_that_names_the_address_in_base64(self):
        message = self._store(f"Please write to {MAIL}.")
        self._erase()
        self.assertFalse(message.raw_size)

    def test_a_mail_that_names_only_the_phone(self):
        message = self._store("Please ring 777/909-707.")
        self._erase()
        self.assertFalse(message.raw_size)

    def test_mails_that_name_the_second_address_or_phone(self):
        self.person.write(
            {"second_email": "karla@example.org", "second_phone": "602 888 999"}
        )
        told = ("karla@example.org", "602/888-999")
        messages = [self._store(f"Please use {one}.") for one in told]
        self._erase()
        self.assertEqual([message.raw_size for message in messages], [0, 0])

    def test_a_mail_of_somebody_else_stays(self):
        message = self._store("Please write to olga@example.com or 777 909 708.")
        self._erase()
        self.assertTrue(message.raw_size)

    def test_a_mailed_file_that_brought_the_person_and_the_one_it_replaced(self):
        person = {"first_name": "Karla", "company": "", "company_phone": ""}
        person |= {"mobile": "", "email": MAIL, "phone": PHONE}
        first = build_file(objects=1, overrides={0: person})
        other = {**person, "email": "olga@example.com", "phone": "+49 30 23125001"}
        source = self._store("See the file.", "openimmo", first).source_id
        second = build_file(objects=1, overrides={0: other})
        source._store("file", "b.xml", second)._process()
        prop = self.env["estate.property"].search(
            [("intake_source_id", "=", source.id)]
        )
        self.assertNotIn(self.person, prop.owner_ids)
        self._erase()
        self.assertEqual(set(source.intake_message_ids.mapped("raw_size")), {0})


@tagged("post_install", "-at_install")
class TestErasureIsAsked(ErasureCase):
    def test_a_row_says_who_when_and_why(self):
        self._erase()
        row = self.person.interaction_ids.filtered(lambda r: r.type_code == "erasure")
        self.assertEqual(len(row), 1)
        self.assertEqual(
            (row.user_id, row.summary), (self.director, "Asked by letter of 3 March")
        )

    def test_the_contact_is_archived_and_nameless(self):
        self._erase()
        self.assertFalse(self.person.active)
        self.assertEqual(self.person.name, f"[erased] {self.person.id}")

    def test_a_reason_is_asked(self):
        wizard = self.env["estate.erase.contact"].with_user(self.director)
        wizard = wizard.with_context(default_partner_id=self.person.id)
        with self.assertRaises(AssertionError), Form(wizard):
            pass

    def test_nobody_but_a_director_may(self):
        for user in (self.operator, self.agent, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._erase(user=user)
        self.assertEqual(self.person.name, NAME)

    def test_a_colleague_is_not_erased(self):
        with self.assertRaisesRegex(UserError, "colleague"):
            self._erase(self.agent.partner_id)

    def test_the_own_company_is_not_erased(self):
        with self.assertRaisesRegex(UserError, "own companies"):
            self._erase(self.company.partner_id)

    def test_the_employer_keeps_its_address(self):
        employer = self._create_contact("Bank", is_company=True, street="Main Street 1")
        self.person.parent_id = employer
        self.assertEqual(self.person.street, "Main Street 1")
        self._erase()
        self.assertEqual(employer.street, "Main Street 1")
        self.assertFalse(self.person.street or self.person.parent_id)

    def test_a_contact_with_a_similar_address_is_left_alone(self):
        similar = self._create_contact("Adam", email=f"x{MAIL}")
        message = similar.message_post(
            body="Hello", email_from=f"x{MAIL}", author_id=False
        )
        self._erase()
        self.assertTrue(message.exists())
        self.assertEqual(similar.email, f"x{MAIL}")


@tagged("post_install", "-at_install")
class TestADenialOutlivesThePerson(ErasureCase):
    def _erase_and_come_again(self, **values):
        self._erase()
        return self._create_contact(
            "Somebody new", **{"email": "new@example.com", **values}
        )

    def test_the_same_mail_or_phone_is_denied_again(self):
        self.person.automatic_messages_allowed = False
        for values in ({"email": MAIL}, {"phone": PHONE}):
            with (
                self.subTest(values=values),
                self.cr.savepoint(flush=False) as savepoint,
            ):
                again = self._erase_and_come_again(**values)
                for channel in ("email", "sms"):
                    self.assertFalse(again._may_receive_automatic(channel, "report"))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_somebody_else_is_not_denied(self):
        self.person.automatic_messages_allowed = False
        self.assertTrue(
            self._erase_and_come_again()._may_receive_automatic("email", "report")
        )

    def test_who_denied_nothing_is_not_denied_again(self):
        again = self._erase_and_come_again(email=MAIL)
        self.assertTrue(again._may_receive_automatic("email", "report"))

    def test_a_single_denied_purpose_is_remembered_as_that(self):
        self.person._record_consent("denied", "call", ("email",), "matching")
        again = self._erase_and_come_again(email=MAIL)
        self.assertFalse(again._may_receive_automatic("email", "matching"))
        self.assertTrue(again._may_receive_automatic("email", "report"))

    def test_a_blacklisted_address_is_remembered_though_the_list_forgets_it(self):
        self.env["mail.blacklist"]._add(MAIL)
        again = self._erase_and_come_again(email=MAIL)
        self.assertFalse(again._may_receive_automatic("email", "report"))
        self.assertFalse(self.env["mail.blacklist"].search([("email", "=", MAIL)]))

    def test_a_blacklisted_address_that_others_have_stays_listed(self):
        self.env["mail.blacklist"]._add(MAIL)
        self._create_contact("Husband", email=MAIL)
        self._erase()
        self.assertTrue(self.env["mail.blacklist"].search([("email", "=", MAIL)]))

    def test_a_newer_consent_is_the_last_word(self):
        self.person.automatic_messages_allowed = False
        again = self._erase_and_come_again(email=MAIL)
        again._record_consent("given", "form")
        self.assertTrue(again._may_receive_automatic("email", "report"))

    def test_a_batch_leaves_out_a_contact_of_another_business_too(self):
        self.person.automatic_messages_allowed = False
        again = self._erase_and_come_again(email=MAIL, estate_kind=False)
        lead = self.env["crm.lead"].create({"name": "x", "email_from": MAIL})
        self.assertEqual(again._get_left_out("email"), again)
        self.assertEqual(lead._get_left_out("email"), lead)
